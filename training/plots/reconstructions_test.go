package plots_test

import (
	"image/color"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

// TestReconstructionsPixels finds three images of one pixel above their reconstructions, two pairs beside each other and one beneath.
func TestReconstructionsPixels(t *testing.T) {
	originals, made := [][]float32{{0}, {0.2}, {0.4}}, [][]float32{{1}, {0.8}, {0.6}}
	cfg := plots.ImageGridConfig{Height: 1, Width: 1, Scale: 4, Columns: 2}
	p := must(t)(plots.Reconstructions(originals, made, cfg))
	im := decode(t, p)
	for i, want := range [][2]uint8{{0, 255}, {51, 204}, {102, 153}} {
		for k, level := range want {
			x, y := 24+i%2*(8+12), 24+(2*(i/2)+k)*(8+12)
			if got := color.NRGBAModel.Convert(im.At(x+4, y+4)); got != color.Color(color.NRGBA{R: level, G: level, B: level, A: 255}) {
				t.Errorf("pair %d, image %d is %v; want %d", i, k, got, level)
			}
		}
	}
	if got, want := p.String(), "3 images of 1 x 1, each above its reconstruction"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	cfg.Limit = 2
	if got, want := must(t)(plots.Reconstructions(originals, made, cfg)).String(), "2 images of 1 x 1, each above its reconstruction"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
}

func TestReconstructionsCaptions(t *testing.T) {
	two := [][]float32{{0}, {1}}
	cfg := plots.ImageGridConfig{Height: 1, Width: 1, Captions: []string{"ok", "bad"}, Flagged: []bool{false, true}}
	p := must(t)(plots.Reconstructions(two, two, cfg))
	hasText(t, p, "ok", "bad")
	if countColour(decode(t, p), vermilion) == 0 {
		t.Error("the flagged caption is not in the colour of alarm")
	}
}

func TestReconstructionsErrors(t *testing.T) {
	one, cfg := [][]float32{{1}}, plots.ImageGridConfig{Height: 1, Width: 1}
	captioned := cfg
	captioned.Captions = []string{"a", "b"}
	for want, err := range map[string]error{
		"no images":                         second(plots.Reconstructions(nil, nil, cfg)),
		"1 originals and 0 reconstructions": second(plots.Reconstructions(one, nil, cfg)),
		"reconstruction 0 has 2 values":     second(plots.Reconstructions(one, [][]float32{{1, 2}}, cfg)),
		"image 0 has 2 values":              second(plots.Reconstructions([][]float32{{1, 2}}, one, cfg)),
		"2 captions for 1 images":           second(plots.Reconstructions(one, one, captioned)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: reconstructions: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
