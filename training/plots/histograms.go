package plots

import (
	"fmt"
	"math"
	"strings"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HistogramsConfig configures Histograms. The zero value is good.
type HistogramsConfig struct {
	Title  string
	XLabel string // beneath the lowest panels
	Bins   int    // for raw values; default 40
	// SharedAxis gives all panels the same horizontal axis, so that widths can be
	// compared. Otherwise each fills its panel.
	SharedAxis bool
	// LogCounts draws heights by the logarithm of the count, which shows the tails, and what
	// is left of activations that are mostly zero.
	LogCounts bool
	Columns   int // panels side by side; default up to 3
	Width     int // in points; default 200 a column; the height goes by the number of panels
}

// Histograms draws one panel for each layer, in their order, of its weights, activations or
// gradients. A panel has the name, the mean and the standard deviation of the layer; values that
// are NaN or infinite are counted in it, in the colour of alarm. Heights are densities, so bins may
// differ in width; they are not comparable between panels.
func Histograms(layers []Distribution, cfg HistogramsConfig) (*Picture, error) {
	p, err := histograms(layers, cfg)
	return p, errors.WithMessage(err, "plots: histograms")
}

const histogramHeight vg.Length = 128 // of a panel

func histograms(layers []Distribution, cfg HistogramsConfig) (*Picture, error) {
	if len(layers) == 0 {
		return nil, errors.New("no layers; give at least one")
	}
	if cfg.Bins == 0 {
		cfg.Bins = 40
	}
	if cfg.Bins < 1 || cfg.Bins > 1000 {
		return nil, errors.Errorf("Bins is %d; it must be from 1 to 1000", cfg.Bins)
	}
	if cfg.Columns == 0 {
		cfg.Columns = min(3, len(layers))
	}
	if cfg.Columns < 0 || cfg.Columns > 20 {
		return nil, errors.Errorf("Columns is %d; it must be from 1 to 20", cfg.Columns)
	}
	rows := (len(layers) + cfg.Columns - 1) / cfg.Columns
	pg := page{title: label(cfg.Title)}
	below := margin
	if cfg.XLabel != "" {
		below += labelSize + 6
	}
	width := cfg.Width
	if width == 0 {
		width = max(200*cfg.Columns, 260)
	}
	height := int(math.Ceil(float64(pg.height(vg.Length(width)) + below + histogramHeight*vg.Length(rows))))
	w, h, err := sizeOr(width, height, width, height)
	if err != nil {
		return nil, err
	}
	bins := make([]bins, len(layers))
	shared := axisRange{math.Inf(1), math.Inf(-1), false}
	var about strings.Builder
	if pg.title != "" {
		fmt.Fprintln(&about, pg.title)
	}
	for i, l := range layers {
		if bins[i], err = l.bins(cfg.Bins); err != nil {
			return nil, errors.WithMessagef(err, "layer %d %q", i, l.Name)
		}
		if edges := bins[i].edges; len(edges) > 0 {
			shared.low, shared.high = math.Min(shared.low, edges[0]), math.Max(shared.high, edges[len(edges)-1])
		}
		fmt.Fprintln(&about, bins[i])
	}
	if shared.low > shared.high {
		return nil, errors.New("no layer has a finite value")
	}
	return &Picture{
		kind: "histograms", text: strings.TrimSuffix(about.String(), "\n"), width: w, height: h,
		draw: func(c draw.Canvas) {
			c = draw.Crop(pg.draw(c), 0, 0, below-margin, 0)
			if cfg.XLabel != "" {
				s := sans(labelSize, ink)
				s.XAlign = text.XCenter
				write(c, s, c.Center().X, margin+labelSize/2, label(cfg.XLabel))
			}
			tiles := draw.Tiles{Cols: cfg.Columns, Rows: rows, PadX: 16, PadY: 8}
			for i, b := range bins {
				r := shared
				if len(b.edges) > 0 && !cfg.SharedAxis {
					r = axisRange{b.edges[0], b.edges[len(b.edges)-1], false}
				}
				b.drawPanel(tiles.At(c, i%cfg.Columns, i/cfg.Columns), r, palette[0], cfg.LogCounts)
			}
		},
	}, nil
}

// drawPanel draws one layer.
func (b bins) drawPanel(c draw.Canvas, x axisRange, fill colour, log bool) {
	width := c.Max.X - c.Min.X
	head := bold(sans(tickSize, ink))
	write(c, head, c.Min.X, c.Max.Y-6, fit(head, b.name, width))
	note := sans(tickSize-1, inkFaint)
	if b.total > 0 {
		write(c, note, c.Min.X, c.Max.Y-18, fit(note, fmt.Sprintf("mean %s, std %s", number(b.mean), number(b.std)), width))
	}
	if b.bad > 0 {
		note.Color = alarm
		note.XAlign = text.XRight
		write(c, note, c.Max.X, c.Max.Y-18, fmt.Sprintf("%s not finite", count(b.bad)))
	}
	top := axisRange{0, 1.04, false}
	p := newPanel(x, top, "", "")
	p.Y.Tick.Marker = noTicks{}
	p.Y.LineStyle.Width = 0
	p.X.Tick.Marker = linearTicks(max(3, int(width/36)))
	p.Add(&columns{b.edges, b.heights(log), fill})
	p.Draw(draw.Crop(c, 0, 0, 0, -26))
}

// columns are the bars of a histogram.
type columns struct {
	edges, heights []float64
	fill           colour
}

// Plot implements plot.Plotter.
func (h *columns) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	outline := draw.LineStyle{Color: h.fill, Width: 0.9}
	base := toY(0)
	var body, line []vg.Point
	for i, v := range h.heights {
		from, to, y := toX(h.edges[i]), toX(h.edges[i+1]), toY(v)
		body = append(body, vg.Point{X: from, Y: y}, vg.Point{X: to, Y: y})
	}
	if len(body) == 0 {
		return
	}
	first, last := vg.Point{X: body[0].X, Y: base}, vg.Point{X: body[len(body)-1].X, Y: base}
	line = append(append(append(line, first), body...), last)
	c.FillPolygon(faint(h.fill, 0.45), line)
	c.StrokeLines(outline, line)
}
