package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// levelLines are the lines of equal height of a landscape, by the method of marching squares: in each cell of a grid a line enters and leaves where the
// height passes the level, which is found on the cell's edges by linear interpolation.
type levelLines struct {
	xs, ys  []float64   // of the grid, rising
	heights [][]float64 // [len(ys)][len(xs)]
	levels  []float64
}

const gridColumns, gridRows, defaultLevels = 72, 54, 12

// newLevelLines takes the heights of a landscape over the ranges of the axes. nil levels are quantiles of the heights.
func newLevelLines(height func(x, y float64) float64, x, y axisRange, levels []float64) *levelLines {
	l := &levelLines{xs: spaced(x, gridColumns), ys: spaced(y, gridRows), levels: slices.Clone(levels)}
	var all []float64
	for _, y := range l.ys {
		row := make([]float64, len(l.xs))
		for i, x := range l.xs {
			row[i] = height(x, y)
			if shown(row[i], false) {
				all = append(all, row[i])
			}
		}
		l.heights = append(l.heights, row)
	}
	if levels == nil && len(all) > 0 {
		slices.Sort(all)
		for i := 1; i <= defaultLevels; i++ {
			l.levels = append(l.levels, all[(len(all)-1)*i/(defaultLevels+1)])
		}
	}
	return l
}

// spaced are n+1 numbers from one end of a range to the other.
func spaced(r axisRange, n int) []float64 {
	out := make([]float64, n+1)
	for i := range out {
		t := float64(i) / float64(n)
		out[i] = r.low*(1-t) + r.high*t
	}
	return out
}

// Plot implements plot.Plotter.
func (l *levelLines) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	c.SetLineStyle(draw.LineStyle{Color: faint(inkFaint, 0.45), Width: 0.75})
	for _, level := range l.levels {
		var path vg.Path
		for row := range l.ys[1:] {
			for column := range l.xs[1:] {
				at := l.crossings(row, column, level)
				for i := 0; i+1 < len(at); i += 2 {
					path.Move(vg.Point{X: toX(at[i][0]), Y: toY(at[i][1])})
					path.Line(vg.Point{X: toX(at[i+1][0]), Y: toY(at[i+1][1])})
				}
			}
		}
		if len(path) > 0 {
			c.Stroke(path)
		}
	}
}

// crossings are where the height passes a level on the edges of a cell, in order around it: none, two or, in a saddle, four; none where a corner is a
// hole.
func (l *levelLines) crossings(row, column int, level float64) (at [][2]float64) {
	corners := [4][2]int{{row, column}, {row, column + 1}, {row + 1, column + 1}, {row + 1, column}}
	for i, a := range corners {
		b := corners[(i+1)%4]
		from, to := l.heights[a[0]][a[1]], l.heights[b[0]][b[1]]
		if !shown(from, false) || !shown(to, false) {
			return nil
		}
		if (from < level) == (to < level) {
			continue
		}
		t := (level - from) / (to - from)
		t = math.Min(math.Max(t, 0), 1) // rounding
		at = append(at, [2]float64{
			l.xs[a[1]] + t*(l.xs[b[1]]-l.xs[a[1]]),
			l.ys[a[0]] + t*(l.ys[b[0]]-l.ys[a[0]]),
		})
	}
	return at
}
