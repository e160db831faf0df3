package plots

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Points are points of one kind in a plane: the embeddings of a class, or, Joined, the way of an optimizer.
type Points struct {
	Name string
	X, Y []float64
	// Joined draws a line from each point to the next.
	Joined bool
}

// ScatterConfig configures Scatter. The zero value is good.
type ScatterConfig struct {
	Title, XLabel, YLabel string
	// Height of a landscape at (x, y), whose level lines are drawn beneath the points: the loss that optimizers go down. A value that is NaN or infinite
	// is a hole in it. It is called some thousand times, by Scatter itself.
	Landscape func(x, y float64) float64
	// Levels are the heights of the lines, in any order; nil draws twelve with as much of the picture between each two.
	Levels []float64
	// XRange and YRange are what the axes show, low and high; both zero means all points, with a little around them.
	XRange, YRange [2]float64
	Width, Height  int // in points; default 520 x 400
}

// Scatter draws points in a plane, each group in its own colour. A point with a coordinate that is NaN or infinite is left out, and a line has a gap
// there. A group of which no point is left, or with as many X as not Y, and a range whose high end is not above the low one, are errors.
func Scatter(groups []Points, cfg ScatterConfig) (*Picture, error) {
	p, err := scatter(groups, cfg)
	return p, errors.WithMessage(err, "plots: scatter")
}

func scatter(groups []Points, cfg ScatterConfig) (*Picture, error) {
	if len(groups) == 0 {
		return nil, errors.New("no points; give at least one group")
	}
	w, h, err := sizeOr(cfg.Width, cfg.Height, 520, 400)
	if err != nil {
		return nil, err
	}
	pg := page{title: label(cfg.Title)}
	clouds := make([]cloud, len(groups))
	var xs, ys [][]float64
	for i, group := range groups {
		if clouds[i], err = group.cloud(i); err != nil {
			return nil, errors.WithMessagef(err, "group %d %q", i, group.Name)
		}
		xs, ys = append(xs, clouds[i].finite(clouds[i].x)), append(ys, clouds[i].finite(clouds[i].y))
		if name := label(group.Name); name != "" {
			pg.keys = append(pg.keys, key{name, clouds[i].style, clouds[i].glyph, !group.Joined})
		}
	}
	x, err := axisOr("XRange", cfg.XRange, xs)
	if err != nil {
		return nil, err
	}
	y, err := axisOr("YRange", cfg.YRange, ys)
	if err != nil {
		return nil, err
	}
	var land *levelLines
	if cfg.Landscape != nil {
		land = newLevelLines(cfg.Landscape, x, y, cfg.Levels)
	}
	return &Picture{
		kind: "scatter", text: describeClouds(label(cfg.Title), clouds, groups), width: w, height: h,
		draw: func(c draw.Canvas) {
			panel := newPanel(x, y, label(cfg.XLabel), label(cfg.YLabel))
			if land != nil {
				panel.Add(land)
			}
			for _, c := range clouds {
				panel.Add(c)
			}
			panel.Draw(pg.draw(c))
		},
	}, nil
}

// axisOr is the range that a configuration asks for, or that of the points, with a little around them.
func axisOr(name string, r [2]float64, values [][]float64) (axisRange, error) {
	if r == [2]float64{} {
		all, _ := rangeOf(false, values...) // the points have been checked
		return all.padded(0.05), nil
	}
	if !shown(r[0], false) || !shown(r[1], false) || !(r[0] < r[1]) {
		return axisRange{}, errors.Errorf("%s is %v to %v; want finite numbers, the low one first", name, r[0], r[1])
	}
	return axisRange{low: r[0], high: r[1]}, nil
}

// cloud copies a group, which is the i-th, and checks it.
func (p Points) cloud(i int) (cloud, error) {
	style := lineStyle(i)
	style.Width, style.Dashes = 1, nil
	c := cloud{
		polyline: polyline{append([]float64(nil), p.X...), append([]float64(nil), p.Y...), style},
		glyph:    glyphs[i/len(palette)%len(glyphs)], joined: p.Joined,
	}
	if len(c.x) != len(c.y) {
		return c, errors.Errorf("%d values of X and %d of Y; want one of each for every point", len(c.x), len(c.y))
	}
	if len(c.finite(c.x)) == 0 {
		return c, errors.Errorf("none of its %d points is finite", len(c.x))
	}
	return c, nil
}

// glyphs tell groups apart when the palette has come round.
var glyphs = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}}

// dotStyle is the style of a point in the colour of a line.
func dotStyle(line draw.LineStyle, shape draw.GlyphDrawer) draw.GlyphStyle {
	return draw.GlyphStyle{Color: line.Color, Radius: 2, Shape: shape}
}

// cloud is points and, where they are joined, a line through them.
type cloud struct {
	polyline
	glyph  draw.GlyphDrawer
	joined bool
}

// finite are those of values, x or y, that belong to points which can be shown.
func (c cloud) finite(values []float64) []float64 {
	var out []float64
	for i, v := range values {
		if shown(c.x[i], false) && shown(c.y[i], false) {
			out = append(out, v)
		}
	}
	return out
}

// Plot implements plot.Plotter. What lies outside the panel is not drawn.
func (c cloud) Plot(canvas draw.Canvas, p *plot.Plot) {
	if c.joined {
		c.polyline.Plot(canvas, p)
	}
	toX, toY := p.Transforms(&canvas)
	dot := dotStyle(c.style, c.glyph)
	for i := range c.x {
		if !shown(c.x[i], false) || !shown(c.y[i], false) {
			continue
		}
		if at := (vg.Point{X: toX(c.x[i]), Y: toY(c.y[i])}); canvas.Contains(at) {
			canvas.DrawGlyph(dot, at)
		}
	}
}

// describeClouds is a table with where each group lies, and for a line its ends.
func describeClouds(title string, clouds []cloud, groups []Points) string {
	var b strings.Builder
	if title != "" {
		fmt.Fprintln(&b, title)
	}
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "group\tpoints\tx\ty\tfirst\tlast")
	for i, c := range clouds {
		xs, ys := c.finite(c.x), c.finite(c.y)
		x, _ := rangeOf(false, xs)
		y, _ := rangeOf(false, ys)
		last := len(xs) - 1
		fmt.Fprintf(tw, "%s\t%d\t%s to %s\t%s to %s\t(%s, %s)\t(%s, %s)\n", label(groups[i].Name), len(xs), number(x.low), number(x.high), number(y.low), number(y.high),
			number(xs[0]), number(ys[0]), number(xs[last]), number(ys[last]))
	}
	tw.Flush() // a Builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}
