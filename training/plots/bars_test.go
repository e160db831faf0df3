package plots_test

import (
	"image"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

func TestBars(t *testing.T) {
	names := []string{"hidden1/kernel", "hidden2/kernel", "outputs/kernel", "broken"}
	p := must(t)(plots.Bars(names, []float64{1e-7, 0, 2.5, nan}, plots.BarsConfig{
		Title: "Gradient norm", XLabel: "norm", LogScale: true, Marks: []float64{1e-3}, Flagged: []bool{true, false, false, false},
	}))
	hasText(t, p, append(names, "Gradient norm", "norm", "1e-7", "0", "2.5", "NaN", "0.001")...)
	want := "Gradient norm\n" +
		"                norm\n" +
		"hidden1/kernel  1e-7  !\n" +
		"hidden2/kernel  0\n" +
		"outputs/kernel  2.5\n" +
		"broken          NaN"
	if p.String() != want {
		t.Errorf("%s\nwant\n%s", p, want)
	}
	im := decode(t, p)
	if b, v := countColour(im, blue), countColour(im, vermilion); v == 0 || b < 10*v {
		t.Errorf("%d blue pixels of the long bar, %d vermilion ones of the short flagged one", b, v)
	}
}

// TestBarLengths compares the lengths of bars on a linear axis.
func TestBarLengths(t *testing.T) {
	long := func(values ...float64) int {
		p := must(t)(plots.Bars(make([]string, len(values)), values, plots.BarsConfig{Flagged: make([]bool, len(values))}))
		return countColour(decode(t, p), blue)
	}
	one, both, opposite := long(2, 0), long(2, 1), long(1, -1)
	if r := float64(both) / float64(one); r < 1.45 || r > 1.55 {
		t.Errorf("bars of 2 and 1 cover %.2f of what a bar of 2 covers", r)
	}
	if r := float64(opposite) / float64(one); r < 0.95 || r > 1.05 {
		t.Errorf("bars of 1 and -1, on an axis twice as long, cover %.2f of what a bar of 2 covers", r)
	}
}

// TestBarsFillWidth wants the longest bar to end where it ends without a label of the axis.
func TestBarsFillWidth(t *testing.T) {
	const label = "norm of the gradient for what enters the activation"
	for _, log := range []bool{false, true} {
		end := func(xLabel string) (at float64) {
			cfg := plots.BarsConfig{LogScale: log, XLabel: xLabel, Flagged: make([]bool, 3)}
			im := decode(t, must(t)(plots.Bars([]string{"hidden1", "hidden2", "outputs"}, []float64{1.2e-3, 2e-2, 0.4}, cfg)))
			for x := im.Bounds().Min.X; x < im.Bounds().Max.X; x++ {
				if countColour(im.(interface {
					SubImage(image.Rectangle) image.Image
				}).SubImage(image.Rect(x, im.Bounds().Min.Y, x+1, im.Bounds().Max.Y)), blue) > 0 {
					at = float64(x) / float64(im.Bounds().Dx())
				}
			}
			return at
		}
		if with, without := end(label), end(""); with != without || with < 0.85 {
			t.Errorf("log %t: the longest bar ends at %.2f of the width with a label, at %.2f without one", log, with, without)
		}
	}
}

func TestBarsErrors(t *testing.T) {
	a := []string{"a"}
	for want, err := range map[string]error{
		"0 values":                    second(plots.Bars(nil, nil, plots.BarsConfig{})),
		"401 values":                  second(plots.Bars(make([]string, 401), make([]float64, 401), plots.BarsConfig{})),
		"2 names and 1 values":        second(plots.Bars([]string{"a", "b"}, []float64{1}, plots.BarsConfig{})),
		"Flagged has 0 entries":       second(plots.Bars(a, []float64{1}, plots.BarsConfig{Flagged: []bool{}})),
		"none of the 1 values is fin": second(plots.Bars(a, []float64{nan}, plots.BarsConfig{})),
		"as a log scale needs":        second(plots.Bars(a, []float64{-1}, plots.BarsConfig{LogScale: true})),
		"mark 0 is 0":                 second(plots.Bars(a, []float64{1}, plots.BarsConfig{LogScale: true, Marks: []float64{0}})),
		"a size of 1 x":               second(plots.Bars(a, []float64{1}, plots.BarsConfig{Width: 1})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: bars: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
