package plots_test

import (
	"image/color"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

// TestFiltersPixels finds every weight of two filters, 2 x 1 images, where it belongs: each filter scaled by itself, zero in the middle.
func TestFiltersPixels(t *testing.T) {
	kernel := []float32{ // [inputs, units]
		4, 0, float32(nan),
		-2, 0, 1,
	}
	grey := func(v uint8) color.NRGBA { return color.NRGBA{R: v, G: v, B: v, A: 255} }
	cfg := plots.ImageGridConfig{Height: 1, Width: 2, Scale: 4, Columns: 3}
	for name, c := range map[string]struct {
		low, high float64
		want      [6]color.NRGBA
	}{
		"scaled":      {0, 0, [6]color.NRGBA{grey(255), grey(64), grey(128), grey(128), vermilion, grey(255)}},
		"as they are": {-4, 4, [6]color.NRGBA{grey(255), grey(64), grey(128), grey(128), vermilion, grey(159)}},
	} {
		cfg.Low, cfg.High = c.low, c.high
		p := must(t)(plots.Filters(kernel, 3, cfg))
		im := decode(t, p)
		for i, want := range c.want {
			x, y := 24+i%2*8+i/2*(16+12), 24 // a margin of 12 points, a gap of 6
			if got := color.NRGBAModel.Convert(im.At(x+4, y+4)); got != color.Color(want) {
				t.Errorf("%s: weight %d is %v; want %v", name, i, got, want)
			}
		}
		if !strings.HasPrefix(p.String(), "3 of 3 filters of 1 x 2, ") {
			t.Errorf("%s: %s", name, p)
		}
	}
}

// TestFiltersLimit draws the first filters only.
func TestFiltersLimit(t *testing.T) {
	cfg := plots.ImageGridConfig{Height: 1, Width: 1, Limit: 2, Title: "Layer 1"}
	few := must(t)(plots.Filters([]float32{1, 2, 3, 4}, 4, cfg))
	if got, want := few.String(), "Layer 1: 2 of 4 filters of 1 x 1, each divided by its largest magnitude"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	w, h := few.Size()
	cfg.Limit = 0
	if w2, h2 := must(t)(plots.ImageGrid([][]float32{{1}, {2}}, cfg)).Size(); w != w2 || h != h2 {
		t.Errorf("2 of 4 filters make %d x %d, two images %d x %d", w, h, w2, h2)
	}
}

func TestFiltersErrors(t *testing.T) {
	one := plots.ImageGridConfig{Height: 1, Width: 1}
	for want, err := range map[string]error{
		"units is 0":                           second(plots.Filters([]float32{1}, 0, one)),
		"the kernel has 3 weights; 2 filters":  second(plots.Filters([]float32{1, 2, 3}, 2, one)),
		"2 filters of 0 x 0":                   second(plots.Filters([]float32{1, 2}, 2, plots.ImageGridConfig{})),
		"Limit is -1":                          second(plots.Filters([]float32{1}, 1, plots.ImageGridConfig{Height: 1, Width: 1, Limit: -1})),
		"Height -1 and Width -1 of an image;":  second(plots.Filters([]float32{1}, 1, plots.ImageGridConfig{Height: -1, Width: -1})),
		"Low is 1 and High is 0; Low must be ": second(plots.Filters([]float32{1}, 1, plots.ImageGridConfig{Height: 1, Width: 1, Low: 1})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: filters: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
