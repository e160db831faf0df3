package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

// chart draws the gradient norms by layer, on a logarithmic scale, into
// gradients.svg and gradients.png.
func chart(results []*result, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	p := plot.New()
	p.Title.Text = "Norm of the gradient before the first step"
	p.X.Label.Text = "hidden layer"
	p.Y.Label.Text = "log10 of the norm"
	p.Add(plotter.NewGrid())
	for i, r := range results {
		var points plotter.XYs
		for k, norm := range r.norms {
			if y := math.Log10(norm); !math.IsNaN(y) && !math.IsInf(y, 0) { // neither 0 nor overflown
				points = append(points, plotter.XY{X: float64(k + 1), Y: y})
			}
		}
		if len(points) == 0 {
			continue
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return err
		}
		line.Width = vg.Points(1.5)
		line.Color = plotutil.Color(i)
		line.Dashes = plotutil.Dashes(i)
		p.Add(line)
		p.Legend.Add(r.name, line)
	}
	p.X.Max += float64(len(results[0].norms)) * 0.6 // room for the legend
	p.Legend.Top = true
	var ticks plot.ConstantTicks
	for _, l := range shown(len(results[0].norms)) {
		ticks = append(ticks, plot.Tick{Value: float64(l), Label: fmt.Sprint(l)})
	}
	p.X.Tick.Marker = ticks
	for _, name := range []string{"gradients.svg", "gradients.png"} {
		path := filepath.Join(dir, name)
		if err := p.Save(20*vg.Centimeter, 12*vg.Centimeter, path); err != nil {
			return err
		}
		fmt.Println("drew", path)
	}
	return nil
}
