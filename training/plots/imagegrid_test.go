package plots_test

import (
	"image/color"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

// TestImageGridPixels finds every pixel of two images, each a square of 8 x 8, where it belongs.
func TestImageGridPixels(t *testing.T) {
	red, green, black := color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, A: 255}, color.NRGBA{A: 255}
	half, lost := color.NRGBA{R: 128, G: 128, B: 128, A: 255}, vermilion
	last := [][]float32{{1, 0, 0, 0, 1, 0}, {0, 0, 0, 0.5, 0.5, 0.5}}
	first := [][]float32{{1, 0, 0, 1, 0, 0}, {0, 0.5, 0, 0.5, 0, 0.5}}
	grey := [][]float32{{0.5, 0}, {0, float32(nan)}}
	for name, c := range map[string]struct {
		images [][]float32
		cfg    plots.ImageGridConfig
		want   [4]color.NRGBA
	}{
		"HWC":    {last, plots.ImageGridConfig{Channels: 3}, [4]color.NRGBA{red, green, black, half}},
		"CHW":    {first, plots.ImageGridConfig{Channels: 3, ChannelsFirst: true}, [4]color.NRGBA{red, green, black, half}},
		"grey":   {grey, plots.ImageGridConfig{}, [4]color.NRGBA{half, black, black, lost}},
		"limits": {[][]float32{{0, -1}, {-9, float32(inf)}}, plots.ImageGridConfig{Low: -1, High: 1}, [4]color.NRGBA{half, black, black, lost}},
		"wide":   {[][]float32{{20, -10}, {50, 50}}, plots.ImageGridConfig{}, [4]color.NRGBA{half, black, {R: 255, G: 255, B: 255, A: 255}, {R: 255, G: 255, B: 255, A: 255}}},
	} {
		c.cfg.Height, c.cfg.Width, c.cfg.Scale, c.cfg.Columns = 1, 2, 4, 2
		im := decode(t, must(t)(plots.ImageGrid(c.images, c.cfg)))
		for i, want := range c.want {
			x, y := 24+i%2*8+i/2*(16+12), 24 // a margin of 12 points, a gap of 6
			if got := color.NRGBAModel.Convert(im.At(x+4, y+4)); got != color.Color(want) {
				t.Errorf("%s: pixel %d is %v; want %v", name, i, got, want)
			}
		}
	}
}

func TestImageGridLayout(t *testing.T) {
	images := make([][]float32, 8)
	for i := range images {
		images[i] = make([]float32, 784)
	}
	cfg := plots.ImageGridConfig{Height: 28, Width: 28, Title: "Digits"}
	p := must(t)(plots.ImageGrid(images, cfg))
	if w, h := p.Size(); w != 2*(12+4*56+3*6+12) || h != 2*(12+22+2*56+6+12) {
		t.Errorf("8 images of 28 x 28 in 4 columns make %d x %d", w, h)
	}
	if want := "Digits: 8 images of 28 x 28, grey, values from 0 (black) to 1 (white)"; p.String() != want {
		t.Errorf("%s\nwant %s", p, want)
	}
	cfg.Captions, cfg.Flagged = strings.Fields("a b c d e f g h"), make([]bool, 8)
	cfg.Flagged[3] = true
	p = must(t)(plots.ImageGrid(images, cfg))
	hasText(t, p, cfg.Captions...)
	if countColour(decode(t, p), vermilion) == 0 {
		t.Error("the flagged caption is not in the colour of alarm")
	}
}

func TestImageGridErrors(t *testing.T) {
	one := [][]float32{{1}}
	for want, err := range map[string]error{
		"no images":            second(plots.ImageGrid(nil, plots.ImageGridConfig{Height: 1, Width: 1})),
		"Height 0 and Width 0": second(plots.ImageGrid(one, plots.ImageGridConfig{})),
		"Channels is 2":        second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Channels: 2})),
		"Columns is -1":        second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Columns: -1})),
		"Limit is -1":          second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Limit: -1})),
		"Low is 1 and High is": second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Low: 1})),
		"Low is NaN":           second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Low: nan})),
		"0 captions":           second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Captions: []string{}})),
		"Flagged has 2":        second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Flagged: make([]bool, 2)})),
		"image 1 has 0 values": second(plots.ImageGrid([][]float32{{1}, {}}, plots.ImageGridConfig{Height: 1, Width: 1})),
		"give fewer":           second(plots.ImageGrid(make([][]float32, 100), plots.ImageGridConfig{Height: 1000, Width: 1000})),
		"or a smaller Scale":   second(plots.ImageGrid(one, plots.ImageGridConfig{Height: 1, Width: 1, Scale: 1 << 20})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: image grid: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
