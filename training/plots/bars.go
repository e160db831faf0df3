package plots

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BarsConfig configures Bars. The zero value is good.
type BarsConfig struct {
	Title  string
	XLabel string // what the values are, as "gradient norm"
	// LogScale draws the values on a logarithmic axis. Values that are not positive have
	// no bar then.
	LogScale bool
	// Marks are values at which a dashed line is drawn, as thresholds.
	Marks []float64
	// Flagged bars are drawn in the colour of alarm: one for each bar, or nil.
	Flagged []bool
	Width   int // in points; default 520; the height goes by the number of bars
}

// maxBars bounds the height of a picture of bars.
const maxBars = 400

// Bars draws a value for each name from top to bottom, as the norm of the gradient for each layer,
// with the number at the end of its bar. A value that is NaN or infinite has only its number, in
// the colour of alarm. Names and values that differ in number, none at all, or no value that can be
// drawn are errors.
func Bars(names []string, values []float64, cfg BarsConfig) (*Picture, error) {
	p, err := newBars(names, values, cfg)
	return p, errors.WithMessage(err, "plots: bars")
}

func newBars(names []string, values []float64, cfg BarsConfig) (*Picture, error) {
	n := len(values)
	switch {
	case n == 0 || n > maxBars:
		return nil, errors.Errorf("%d values; there must be from 1 to %d", n, maxBars)
	case len(names) != n:
		return nil, errors.Errorf("%d names and %d values; give one name for each value", len(names), n)
	case cfg.Flagged != nil && len(cfg.Flagged) != n:
		return nil, errors.Errorf("Flagged has %d entries for %d values; give one for each value, or nil", len(cfg.Flagged), n)
	}
	for i, v := range cfg.Marks {
		if !shown(v, cfg.LogScale) {
			return nil, errors.Errorf("mark %d is %v, which has no place on the axis", i, v)
		}
	}
	x, ok := rangeOf(cfg.LogScale, values)
	if !ok && cfg.LogScale {
		return nil, errors.Errorf("none of the %d values is finite and positive, as a log scale needs", n)
	}
	if !ok {
		return nil, errors.Errorf("none of the %d values is finite", n)
	}
	x, _ = rangeOf(cfg.LogScale, []float64{x.low, x.high}, cfg.Marks)
	b := &bars{values: append([]float64(nil), values...), marks: append([]float64(nil), cfg.Marks...), flagged: append([]bool(nil), cfg.Flagged...)}
	for _, name := range names {
		b.names = append(b.names, label(name))
	}
	if cfg.LogScale {
		x.low /= 2 // the shortest bar has a length
		b.base = x.low
		x.high *= 1.1
	} else {
		x.low, x.high = math.Min(x.low, 0), math.Max(x.high, 0)
		if x.low == x.high {
			x.high = 1
		}
		by := (x.high - x.low) * 0.02
		if x.low < 0 {
			x.low -= by
		}
		x.high += by
	}
	pg := page{title: label(cfg.Title)}
	width := cfg.Width
	if width == 0 {
		width = 520
	}
	axis := vg.Length(34)
	if cfg.XLabel != "" {
		axis += labelSize + 4
	}
	height := int(math.Ceil(float64(pg.height(vg.Length(width)) + barPitch*vg.Length(n) + axis)))
	w, h, err := sizeOr(width, max(height, minHeight), 0, 0)
	if err != nil {
		return nil, err
	}
	return &Picture{kind: "bars", text: b.describe(pg.title, label(cfg.XLabel)), width: w, height: h, draw: func(c draw.Canvas) {
		b.draw(pg.draw(c), x, label(cfg.XLabel))
	}}, nil
}

const barPitch vg.Length = 19 // from bar to bar

// bars are what Bars draws.
type bars struct {
	names   []string
	values  []float64
	marks   []float64
	flagged []bool
	base    float64 // where bars begin
}

func (b *bars) draw(c draw.Canvas, x axisRange, xLabel string) {
	n := len(b.values)
	p := newPanel(x, axisRange{-0.5, float64(n) - 0.5, false}, "", "")
	names := sans(tickSize, ink)
	var ticks plot.ConstantTicks
	for i, name := range b.names {
		if name == "" {
			name = " "
		}
		ticks = append(ticks, plot.Tick{Value: float64(n - 1 - i), Label: fit(names, name, (c.Max.X-c.Min.X)*0.4)})
	}
	p.Y.Tick.Marker = ticks
	p.Y.Tick.Length = 0
	p.Y.Tick.Label.Color = ink
	p.Add(b)
	c = draw.Crop(c, 0, -b.room(), 0, 0)
	if xLabel == "" {
		p.Draw(c)
		return
	}
	// gonum/plot keeps room for a label of the axis as if it stood at the mean of its
	// ends, which on a log scale is near the right one.
	panel := draw.Crop(c, 0, 0, labelSize+4, 0)
	p.Draw(panel)
	data := p.DataCanvas(panel)
	s := sans(labelSize, ink)
	s.XAlign = text.XCenter
	write(c, s, (data.Min.X+data.Max.X)/2, c.Min.Y+labelSize/2, xLabel)
}

// room is the space to the right of the bars for the longest number.
func (b *bars) room() (widest vg.Length) {
	s := sans(tickSize, ink)
	for _, v := range b.values {
		widest = max(widest, s.Width(number(v)))
	}
	return widest + 8
}

// Plot implements plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	_, log := p.X.Scale.(plot.LogScale)
	const half = barPitch * 0.34
	base := toX(b.base)
	for i, v := range b.values {
		y := toY(float64(len(b.values) - 1 - i))
		fill, s, end := palette[0], sans(tickSize, ink), base
		if b.flagged != nil && b.flagged[i] || !shown(v, false) {
			fill, s.Color = alarm, alarm
		}
		if shown(v, log) {
			end = toX(v)
			c.FillPolygon(fill, rectangle(min(base, end), y-half, max(base, end)-min(base, end), 2*half))
		}
		if end < base {
			s.XAlign = text.XLeft
			end = base
		}
		write(c, s, end+4, y, number(v))
	}
	for _, v := range b.marks {
		c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1, Dashes: dashes[1]}, toX(v), c.Min.Y, toX(v), c.Max.Y)
	}
	if !log && p.X.Min < 0 {
		c.StrokeLine2(draw.LineStyle{Color: inkFaint, Width: 0.75}, base, c.Min.Y, base, c.Max.Y)
	}
}

// describe is a table of names and values.
func (b *bars) describe(title, xLabel string) string {
	var t strings.Builder
	if title != "" {
		fmt.Fprintln(&t, title)
	}
	tw := tabwriter.NewWriter(&t, 0, 0, 2, ' ', 0)
	if xLabel != "" {
		fmt.Fprintf(tw, "\t%s\n", xLabel)
	}
	for i, v := range b.values {
		fmt.Fprintf(tw, "%s\t%s", b.names[i], number(v))
		if b.flagged != nil && b.flagged[i] {
			fmt.Fprint(tw, "\t!")
		}
		fmt.Fprintln(tw)
	}
	tw.Flush() // a Builder takes everything
	return strings.TrimSuffix(t.String(), "\n")
}
