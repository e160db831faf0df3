package plots_test

import (
	"math"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

func TestHistograms(t *testing.T) {
	p := must(t)(plots.Histograms([]plots.Distribution{
		{Name: "hidden1/kernel", Values: []float32{1, 2, 3, 4, float32(nan), float32(inf)}},
		{Name: "hidden2/kernel", Edges: []float64{-1, 0, 3}, Counts: []float64{2, 6}},
		{Name: "dead", Values: []float32{0, 0}},
		{Name: "lost", Values: []float32{float32(nan)}},
	}, plots.HistogramsConfig{Title: "Weights", XLabel: "value"}))
	hasText(t, p, "Weights", "value", "hidden1/kernel", "mean 2.5, std 1.12", "2 not finite", "hidden2/kernel", "mean 1, std 0.866", "1 not finite")
	want := "Weights\n" +
		"hidden1/kernel: 6 values, mean 2.5, std 1.12, from 1 to 4, 2 not finite\n" +
		"hidden2/kernel: 8 values, mean 1, std 0.866, from -1 to 3\n" +
		"dead: 2 values, mean 0, std 0, from 0 to 0\n" +
		"lost: 1 values, 1 not finite"
	if p.String() != want {
		t.Errorf("%s\nwant\n%s", p, want)
	}
	decode(t, p)
}

// TestHistogramHeights compares the areas of bars: 3 times as many values in a bin that is 3 times
// as wide are as high, since heights are densities, so that the area is 3 times as large.
func TestHistogramHeights(t *testing.T) {
	area := func(edges, counts []float64, log bool) int {
		p := must(t)(plots.Histograms([]plots.Distribution{{Edges: edges, Counts: counts}}, plots.HistogramsConfig{LogCounts: log}))
		fill := blue
		mix := func(v uint8) uint8 { return uint8(255 - 0.45*(255-float64(v)) + 0.5) }
		fill.R, fill.G, fill.B = mix(fill.R), mix(fill.G), mix(fill.B)
		return countColour(decode(t, p), fill)
	}
	full := area([]float64{0, 4}, []float64{4}, false)
	for _, c := range []struct {
		counts []float64
		log    bool
		want   float64 // of the full panel
	}{
		{[]float64{1, 3}, false, 1},
		{[]float64{0, 3}, false, 0.75},
		{[]float64{1, 1.5}, false, 0.25 + 0.75/2},
		{[]float64{1, 1.5}, true, 0.25 + 0.75*math.Log(2)/math.Log(4)},
	} {
		got := float64(area([]float64{0, 1, 4}, c.counts, c.log)) / float64(full)
		if math.Abs(got-c.want) > 0.03 {
			t.Errorf("counts %v, log %v: %.3f of the panel is filled; want %.3f", c.counts, c.log, got, c.want)
		}
	}
}

func TestHistogramsLayout(t *testing.T) {
	layers := make([]plots.Distribution, 7)
	for i := range layers {
		layers[i].Values = []float32{float32(i), float32(i + 1)}
	}
	_, three := must(t)(plots.Histograms(layers, plots.HistogramsConfig{})).Size()
	_, one := must(t)(plots.Histograms(layers, plots.HistogramsConfig{Columns: 1})).Size()
	if !(one > 2*three) {
		t.Errorf("7 panels in 3 columns are %d high, in 1 column %d", three, one)
	}
	shared := must(t)(plots.Histograms(layers, plots.HistogramsConfig{SharedAxis: true}))
	hasText(t, shared, "2", "4", "6")
}

func TestHistogramsErrors(t *testing.T) {
	draw := func(d plots.Distribution) error {
		return second(plots.Histograms([]plots.Distribution{d}, plots.HistogramsConfig{}))
	}
	one := []plots.Distribution{{Values: []float32{1}}}
	for want, err := range map[string]error{
		"no layers":                     second(plots.Histograms(nil, plots.HistogramsConfig{})),
		`layer 0 "a": it has no values`: draw(plots.Distribution{Name: "a"}),
		"give either":                   draw(plots.Distribution{Values: []float32{1}, Counts: []float64{1}}),
		"1 Edges and 1 Counts":          draw(plots.Distribution{Edges: []float64{1}, Counts: []float64{1}}),
		"edge 1 is 0;":                  draw(plots.Distribution{Edges: []float64{0, 0}, Counts: []float64{1}}),
		"edge 1 is NaN;":                draw(plots.Distribution{Edges: []float64{0, nan}, Counts: []float64{1}}),
		"count 0 is -1;":                draw(plots.Distribution{Edges: []float64{0, 1}, Counts: []float64{-1}}),
		"all its counts are 0":          draw(plots.Distribution{Edges: []float64{0, 1}, Counts: []float64{0}}),
		"no layer has a finite value":   draw(plots.Distribution{Values: []float32{float32(nan)}}),
		"Bins is -1;":                   second(plots.Histograms(one, plots.HistogramsConfig{Bins: -1})),
		"Columns is -1;":                second(plots.Histograms(one, plots.HistogramsConfig{Columns: -1})),
		"a size of 5 x":                 second(plots.Histograms(one, plots.HistogramsConfig{Width: 5})),
		"the most 10000 x 10000":        second(plots.Histograms(make1000(), plots.HistogramsConfig{Columns: 1})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: histograms: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

func make1000() []plots.Distribution {
	layers := make([]plots.Distribution, 1000)
	for i := range layers {
		layers[i].Values = []float32{1}
	}
	return layers
}
