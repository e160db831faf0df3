package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newPanel is an empty panel with axes and a grid for values in the given ranges.
func newPanel(x, y axisRange, xLabel, yLabel string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	style := func(a *plot.Axis, r axisRange, name string) {
		a.Min, a.Max = r.low, r.high
		a.Padding = 0
		a.LineStyle = draw.LineStyle{Color: inkFaint, Width: 0.75}
		a.Tick.LineStyle = a.LineStyle
		a.Tick.Length = 3
		a.Tick.Label.Font = sans(tickSize, inkFaint).Font
		a.Tick.Label.Color = inkFaint
		a.Label.Text = name
		a.Label.TextStyle.Font = sans(labelSize, ink).Font
		a.Label.TextStyle.Color = ink
		a.Label.Padding = 4
		a.Tick.Marker = linearTicks(8)
		if r.log {
			a.Scale, a.Tick.Marker = plot.LogScale{}, logTicks(8)
		}
	}
	style(&p.X, x, xLabel)
	style(&p.Y, y, yLabel)
	p.Y.Tick.Label.YAlign = text.YCenter - 0.1          // the middle of the digits
	p.Legend.TextStyle.Font = sans(labelSize, ink).Font // it stays empty, but is measured
	p.Add(gridLines{})
	return p
}

// gridLines stand at the marks of the axes that have a number, but for those on the edge of the
// panel, where they would be drawn over an axis.
type gridLines struct{}

// Plot implements plot.Plotter.
func (gridLines) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	style := draw.LineStyle{Color: gridline, Width: 0.75}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if x := toX(t.Value); !t.IsMinor() && x > c.Min.X+1 && x <= c.Max.X {
			c.StrokeLine2(style, x, c.Min.Y, x, c.Max.Y)
		}
	}
	if _, names := p.Y.Tick.Marker.(plot.ConstantTicks); names {
		return // of bars
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if y := toY(t.Value); !t.IsMinor() && y > c.Min.Y+1 && y <= c.Max.Y {
			c.StrokeLine2(style, c.Min.X, y, c.Max.X, y)
		}
	}
}

// axisRange is what an axis shows, by a logarithmic scale or a linear one.
type axisRange struct {
	low, high float64
	log       bool
}

// rangeOf is the smallest range of all finite values, or of the positive ones on a
// log scale. It is false when there are none.
func rangeOf(log bool, lists ...[]float64) (r axisRange, ok bool) {
	r = axisRange{math.Inf(1), math.Inf(-1), log}
	for _, list := range lists {
		for _, v := range list {
			if shown(v, log) {
				r.low, r.high = math.Min(r.low, v), math.Max(r.high, v)
			}
		}
	}
	return r, r.low <= r.high
}

// shown tells whether a value has a place on an axis. Values beyond maxShown, with which the
// arithmetic of positions would overflow, have none either.
func shown(v float64, log bool) bool {
	return math.Abs(v) <= maxShown && (!log || v >= 1/maxShown)
}

const maxShown = 1e100

// padded is the range with a part of its length added at both ends, and one of some
// length if it had none.
func (r axisRange) padded(part float64) axisRange {
	if r.log {
		ratio := math.Pow(r.high/r.low, part)
		if ratio == 1 {
			ratio = 2
		}
		return axisRange{r.low / ratio, r.high * ratio, true}
	}
	by := (r.high - r.low) * part
	if width := r.high - r.low; width <= 1e-12*math.Max(math.Abs(r.low), math.Abs(r.high)) || width == 0 {
		by = math.Max(math.Abs(r.low)/10, 1e-12)
		if r.low == 0 {
			by = 1
		}
	}
	return axisRange{r.low - by, r.high + by, false}
}

// polyline is a line through points, with a gap wherever a point has no place on the axes. A point
// between two gaps is drawn as a dot.
type polyline struct {
	x, y  []float64
	style draw.LineStyle
}

// Plot implements plot.Plotter.
func (l polyline) Plot(c draw.Canvas, p *plot.Plot) {
	_, logX := p.X.Scale.(plot.LogScale)
	_, logY := p.Y.Scale.(plot.LogScale)
	toX, toY := p.Transforms(&c)
	var run []vg.Point
	flush := func() {
		switch len(run) {
		case 0:
			return
		case 1:
			c.DrawGlyph(draw.GlyphStyle{Color: l.style.Color, Radius: 1.3 * l.style.Width, Shape: draw.CircleGlyph{}}, run[0])
		default:
			c.StrokeLines(l.style, c.ClipLinesXY(thinned(run))...)
		}
		run = run[:0]
	}
	for i, v := range l.y {
		if !shown(v, logY) || !shown(l.x[i], logX) {
			flush()
			continue
		}
		run = append(run, vg.Point{X: toX(l.x[i]), Y: toY(v)})
	}
	flush()
}

// thinned keeps, of the points that share a quarter of a point of width, the first, the lowest, the
// highest and the last, in their order: the line looks the same, and a file stays small after a
// million steps.
func thinned(points []vg.Point) []vg.Point {
	const column = 0.25
	if len(points) < 2000 {
		return points
	}
	kept := make([]vg.Point, 0, 4000)
	for from := 0; from < len(points); {
		to, low, high := from+1, from, from
		for to < len(points) && math.Floor(float64(points[to].X)/column) == math.Floor(float64(points[from].X)/column) {
			if points[to].Y < points[low].Y {
				low = to
			}
			if points[to].Y > points[high].Y {
				high = to
			}
			to++
		}
		last := -1
		for _, i := range []int{from, min(low, high), max(low, high), to - 1} {
			if i != last {
				kept, last = append(kept, points[i]), i
			}
		}
		from = to
	}
	return kept
}

// extremes are the indices of the lowest and the highest value that can be shown; there is one.
func (l polyline) extremes() (low, high int) {
	low, high = -1, -1
	for i, v := range l.y {
		if !shown(v, false) {
			continue
		}
		if low < 0 || v < l.y[low] {
			low = i
		}
		if high < 0 || v > l.y[high] {
			high = i
		}
	}
	return low, high
}
