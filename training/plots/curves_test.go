package plots_test

import (
	"math"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

var nan, inf = math.NaN(), math.Inf(1)

func TestLearningCurves(t *testing.T) {
	ok := must(t)
	p := ok(plots.LearningCurves([]plots.Series{
		{Name: "training", Values: []float64{4, 2, 1, 0.5}, Steps: []float64{0, 100, 200, 300}},
		{Name: "validation", Values: []float64{4, nan, 3}, Steps: []float64{0, 100, 300}},
	}, plots.CurvesConfig{Title: "Loss", YLabel: "loss"}))
	hasText(t, p, "Loss", "training", "validation", "step", "loss", "0", "100", "200", "300", "4.0")
	want := "Loss\n" +
		"series      values  first  lowest      highest  last\n" +
		"training    4       4      0.5 at 300  4 at 0   0.5\n" +
		"validation  3       4      3 at 300    4 at 0   3"
	if p.String() != want {
		t.Errorf("text:\n%s\nwant:\n%s", p, want)
	}
	im := decode(t, p)
	if countColour(im, blue) == 0 || countColour(im, vermilion) == 0 {
		t.Error("a curve is missing")
	}
	hasText(t, ok(plots.LearningCurves([]plots.Series{{Values: []float64{1}}}, plots.CurvesConfig{})), "epoch")
	hasText(t, ok(plots.LearningCurves([]plots.Series{{Values: []float64{1}}}, plots.CurvesConfig{XLabel: "hour"})), "hour")
}

// TestGap compares a curve with a gap in it to the whole curve: its point between two gaps is
// drawn, and the line is not.
func TestGap(t *testing.T) {
	draw := func(values ...float64) int {
		p := must(t)(plots.LearningCurves([]plots.Series{{Values: values}}, plots.CurvesConfig{}))
		return countColour(decode(t, p), blue)
	}
	whole, dots, longer := draw(1, 1, 1, 1, 1), draw(1, nan, 1, inf, 1), draw(1, nan, 1, 1, 1)
	if !(dots > 10 && dots < longer && longer < whole) {
		t.Errorf("blue pixels: %d of the whole curve, %d with one gap, %d with two", whole, longer, dots)
	}
}

func TestLogScale(t *testing.T) {
	s := []plots.Series{{Name: "a", Values: []float64{1000, 0, -5, 0.01}}}
	p := must(t)(plots.LearningCurves(s, plots.CurvesConfig{LogScale: true, Smoothing: 0.6}))
	hasText(t, p, "1000", "100", "10", "1", "0.1", "0.01")
	decode(t, p)
}

// TestExtremeValues draws values at the ends of what a float64 can be.
func TestExtremeValues(t *testing.T) {
	for _, values := range [][]float64{
		{0}, {5, 5, 5}, {-1e-300, 1e-300}, {math.MaxFloat64, 1, 2}, {1e99, -1e99}, {1e-320, 1e-300, 1}, {1e15, 1e15 + 1}, {1, 1 + 1e-15},
	} {
		for _, log := range []bool{false, true} {
			p, err := plots.LearningCurves([]plots.Series{{Values: values}}, plots.CurvesConfig{LogScale: log})
			if err != nil {
				if !log {
					t.Errorf("%v: %v", values, err)
				}
				continue
			}
			texts(t, p)
			decode(t, p)
		}
	}
}

// TestLongCurve has a peak at one step of a million, which must be in the picture, while the file
// stays small.
func TestLongCurve(t *testing.T) {
	values := make([]float64, 1_000_000)
	for i := range values {
		values[i] = math.Sin(float64(i))
	}
	values[777_777] = 100
	p := must(t)(plots.LearningCurves([]plots.Series{{Name: "a", Values: values}}, plots.CurvesConfig{}))
	svg, err := p.SVG()
	if err != nil || len(svg) > 400_000 {
		t.Errorf("%d bytes, error %v", len(svg), err)
	}
	im := decode(t, p)
	top := 0
	for y := 60; y < 200; y++ { // the upper part of the panel, which only the peak reaches
		for x := 0; x < im.Bounds().Dx(); x++ {
			if r, _, b, _ := im.At(x, y).RGBA(); b > r+0x3000 {
				top++
				break
			}
		}
	}
	if top < 100 {
		t.Errorf("the peak is seen in %d of 140 rows", top)
	}
}

func TestLearningCurvesErrors(t *testing.T) {
	one := plots.Series{Name: "a", Values: []float64{1}}
	for want, err := range map[string]error{
		"no series":                      second(plots.LearningCurves(nil, plots.CurvesConfig{})),
		`series 1 "b": it has no values`: second(plots.LearningCurves([]plots.Series{one, {Name: "b"}}, plots.CurvesConfig{})),
		"none of its 2 values is finite": second(plots.LearningCurves([]plots.Series{{Values: []float64{nan, inf}}}, plots.CurvesConfig{})),
		"2 values and 1 steps":           second(plots.LearningCurves([]plots.Series{{Values: []float64{1, 2}, Steps: []float64{1}}}, plots.CurvesConfig{})),
		"1 values and 0 steps":           second(plots.LearningCurves([]plots.Series{{Values: []float64{1}, Steps: []float64{}}}, plots.CurvesConfig{})),
		"step 0 is NaN":                  second(plots.LearningCurves([]plots.Series{{Values: []float64{1}, Steps: []float64{nan}}}, plots.CurvesConfig{})),
		"as a log scale needs":           second(plots.LearningCurves([]plots.Series{{Values: []float64{0, -1}}}, plots.CurvesConfig{LogScale: true})),
		"Smoothing is 1;":                second(plots.LearningCurves([]plots.Series{one}, plots.CurvesConfig{Smoothing: 1})),
		"Smoothing is NaN;":              second(plots.LearningCurves([]plots.Series{one}, plots.CurvesConfig{Smoothing: nan})),
		"a size of 10 x 330":             second(plots.LearningCurves([]plots.Series{one}, plots.CurvesConfig{Width: 10})),
		"a size of 520 x 1000000":        second(plots.LearningCurves([]plots.Series{one}, plots.CurvesConfig{Height: 1000000})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: learning curves: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

func second(_ *plots.Picture, err error) error { return err }
