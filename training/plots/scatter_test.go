package plots_test

import (
	"math"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

func TestScatter(t *testing.T) {
	p := must(t)(plots.Scatter([]plots.Points{
		{Name: "cats", X: []float64{0, 1, nan}, Y: []float64{0, 2, 5}},
		{Name: "way", X: []float64{-1, 1, 3}, Y: []float64{4, 1, 0.5}, Joined: true},
	}, plots.ScatterConfig{Title: "Plane", XLabel: "x", YLabel: "y"}))
	hasText(t, p, "Plane", "cats", "way", "x", "y")
	want := "Plane\n" +
		"group  points  x        y         first    last\n" +
		"cats   2       0 to 1   0 to 2    (0, 0)   (1, 2)\n" +
		"way    3       -1 to 3  0.5 to 4  (-1, 4)  (3, 0.5)"
	if p.String() != want {
		t.Errorf("text:\n%s\nwant:\n%s", p, want)
	}
	im := decode(t, p)
	if countColour(im, blue) == 0 || countColour(im, vermilion) == 0 {
		t.Error("a group is missing")
	}
}

// TestScatterJoined compares points to the same points with lines between them, and to the same with a gap.
func TestScatterJoined(t *testing.T) {
	draw := func(joined bool, middle float64) int {
		p := must(t)(plots.Scatter([]plots.Points{{X: []float64{0, 1, 2, 3}, Y: []float64{0, middle, 1, 0}, Joined: joined}}, plots.ScatterConfig{}))
		return countColour(decode(t, p), blue)
	}
	dots, gap, line := draw(false, 1), draw(true, inf), draw(true, 1)
	if !(dots > 0 && dots < gap && gap < line) {
		t.Errorf("blue pixels: %d of dots, %d of a line with a gap, %d of a line", dots, gap, line)
	}
}

// TestManyGroups draws the same point as one of the first group and as one of the eighth, which has the same colour: they have to differ.
func TestManyGroups(t *testing.T) {
	draw := func(drawn int) int {
		groups := make([]plots.Points, 8)
		for i := range groups {
			groups[i] = plots.Points{X: []float64{5}, Y: []float64{5}} // beyond the axes
		}
		groups[drawn] = plots.Points{X: []float64{0}, Y: []float64{0}}
		p := must(t)(plots.Scatter(groups, plots.ScatterConfig{XRange: [2]float64{-1, 1}, YRange: [2]float64{-1, 1}}))
		return countColour(decode(t, p), blue)
	}
	if first, eighth := draw(0), draw(7); first == 0 || first == eighth {
		t.Errorf("%d blue pixels of the first group's point, %d of the eighth's", first, eighth)
	}
}

// TestLandscape compares a landscape to a plain, which has no lines, and draws holes.
func TestLandscape(t *testing.T) {
	disc := func(x, y float64) float64 { return x*x + y*y }
	picture := func(landscape func(x, y float64) float64) *plots.Picture {
		return must(t)(plots.Scatter([]plots.Points{{X: []float64{0}, Y: []float64{0}}}, plots.ScatterConfig{
			Landscape: landscape, Levels: []float64{1}, XRange: [2]float64{-2, 2}, YRange: [2]float64{-2, 2}, Width: 400, Height: 400,
		}))
	}
	svg := func(p *plots.Picture) string {
		b, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	with, without := svg(picture(disc)), svg(picture(func(x, y float64) float64 { return 5 }))
	if strings.Count(with, "<path") != strings.Count(without, "<path")+1 {
		t.Errorf("%d paths with a level line, %d without; want one more", strings.Count(with, "<path"), strings.Count(without, "<path"))
	}
	if again := svg(picture(disc)); again != with {
		t.Error("the same landscape gives another picture")
	}
	for _, hole := range []float64{nan, inf, -inf} {
		svg(picture(func(x, y float64) float64 {
			if x > 0 {
				return hole
			}
			return x * y
		}))
	}
	must(t)(plots.Scatter([]plots.Points{{X: []float64{0}, Y: []float64{0}}}, plots.ScatterConfig{Landscape: func(x, y float64) float64 { return nan }}))
}

func TestScatterBadInput(t *testing.T) {
	one := []plots.Points{{Name: "a", X: []float64{0, 1}, Y: []float64{0, 1}}}
	for _, c := range []struct {
		groups []plots.Points
		cfg    plots.ScatterConfig
		want   string
	}{
		{nil, plots.ScatterConfig{}, "no points"},
		{[]plots.Points{{Name: "a", X: []float64{1}}}, plots.ScatterConfig{}, `group 0 "a": 1 values of X and 0 of Y`},
		{[]plots.Points{{Name: "a"}}, plots.ScatterConfig{}, "none of its 0 points is finite"},
		{[]plots.Points{{X: []float64{nan, 1}, Y: []float64{1, inf}}}, plots.ScatterConfig{}, "none of its 2 points is finite"},
		{one, plots.ScatterConfig{XRange: [2]float64{1, 1}}, "XRange is 1 to 1"},
		{one, plots.ScatterConfig{YRange: [2]float64{0, math.Inf(1)}}, "YRange is 0 to +Inf"},
		{one, plots.ScatterConfig{Width: 5}, "a size of 5 x 400 points"},
	} {
		_, err := plots.Scatter(c.groups, c.cfg)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "plots: scatter: ") {
			t.Errorf("error %v; want one with %q", err, c.want)
		}
	}
}
