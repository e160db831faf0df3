package plots

import (
	"math"
	"testing"
)

// TestLevelLines follows the level line of a bowl, which is a circle around its bottom, and that of a saddle, a hyperbola.
func TestLevelLines(t *testing.T) {
	span := axisRange{low: -2, high: 2}
	follow := func(height func(x, y float64) float64, level float64, far func(x, y float64) float64) (found int) {
		l := newLevelLines(height, span, span, []float64{level})
		for row := range l.ys[1:] {
			for column := range l.xs[1:] {
				at := l.crossings(row, column, level)
				if len(at)%2 != 0 {
					t.Errorf("cell %d, %d has %d crossings; lines that enter must leave", row, column, len(at))
				}
				for _, p := range at {
					found++
					if d := far(p[0], p[1]); math.Abs(d) > 0.002 {
						t.Errorf("the line passes (%v, %v), which is %v off", p[0], p[1], d)
					}
				}
			}
		}
		return found
	}
	if n := follow(func(x, y float64) float64 { return x*x + y*y }, 1, func(x, y float64) float64 { return math.Hypot(x, y) - 1 }); n < 200 {
		t.Errorf("%d crossings of a circle; want two in each of some hundred cells", n)
	}
	if n := follow(func(x, y float64) float64 { return x * y }, 0.01, func(x, y float64) float64 { return x*y - 0.01 }); n < 200 {
		t.Errorf("%d crossings of a hyperbola; want two in each of some hundred cells", n)
	}
	if n := follow(func(x, y float64) float64 { return 3 }, 3, func(x, y float64) float64 { return 0 }); n != 0 {
		t.Errorf("%d crossings of a plain", n)
	}
}
