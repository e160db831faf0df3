package main

import (
	"image/color"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// lossCurve collects a point an epoch and draws them.
type lossCurve struct {
	loss, accuracy plotter.XYs
}

func (c *lossCurve) add(loss, accuracy float64) {
	epoch := float64(len(c.loss) + 1)
	c.loss = append(c.loss, plotter.XY{X: epoch, Y: loss})
	c.accuracy = append(c.accuracy, plotter.XY{X: epoch, Y: accuracy})
}

// save writes loss.svg and loss.png into dir.
func (c *lossCurve) save(dir string) error {
	p := plot.New()
	p.Title.Text = "Optical digits, 64-300-100-10, batch norm and ELU"
	p.X.Label.Text = "epoch"
	p.Title.Padding = vg.Points(6)
	p.Y.Min, p.Y.Max = 0, 1.05
	p.Legend.Top = true
	p.Legend.YOffs = -2 * vg.Centimeter // below the accuracy, which ends near 1
	p.Add(plotter.NewGrid())
	for _, l := range []struct {
		name   string
		points plotter.XYs
		color  color.RGBA
	}{
		{"training loss", c.loss, color.RGBA{R: 31, G: 119, B: 180, A: 255}},
		{"validation accuracy", c.accuracy, color.RGBA{R: 214, G: 97, B: 39, A: 255}},
	} {
		line, err := plotter.NewLine(l.points)
		if err != nil {
			return err
		}
		line.Width = vg.Points(1.5)
		line.Color = l.color
		p.Add(line)
		p.Legend.Add(l.name, line)
	}
	for _, name := range []string{"loss.svg", "loss.png"} {
		if err := p.Save(16*vg.Centimeter, 10*vg.Centimeter, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
