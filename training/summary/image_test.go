package summary

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/tffile"
)

func decodeImage(t *testing.T, s tffile.Summary) image.Image {
	t.Helper()
	im, err := png.Decode(bytes.NewReader(s.Image.PNG))
	if err != nil {
		t.Fatal(err)
	}
	if im.Bounds().Dx() != s.Image.Width || im.Bounds().Dy() != s.Image.Height {
		t.Errorf("the PNG is %v, the summary says %d x %d", im.Bounds(), s.Image.Width, s.Image.Height)
	}
	return im
}

func TestImage(t *testing.T) {
	w := open(t, WriterConfig{})
	grey := make([]float32, 5*2*3)
	for i := range grey {
		grey[i] = float32(i % 6)
	}
	batch := tensor.New(tensor.WithShape(5, 2, 3, 1), tensor.WithBacking(grey))
	check(t, w.Image("digits", 1, batch, 0), w.Image("digits", 2, batch, 1), w.Image("digits", 3, batch, 9),
		w.Image("made", 4, image.NewGray(image.Rect(2, 2, 6, 5)), 0))
	list := closed(t, w)
	for i, want := range []string{"digits/image/0 digits/image/1 digits/image/2", "digits/image", "digits/image/0 digits/image/1 digits/image/2 digits/image/3 digits/image/4", "made/image"} {
		var tags []string
		for _, s := range list[i].Summary {
			tags = append(tags, s.Tag)
			decodeImage(t, s)
		}
		if got := strings.Join(tags, " "); got != want {
			t.Errorf("event %d has %s; want %s", i, got, want)
		}
	}
	s := list[0].Summary[0]
	if s.Image.Channels != 1 || s.Image.Height != 2 || s.Image.Width != 3 {
		t.Errorf("%+v", s.Image)
	}
	im := decodeImage(t, s)
	for i := 0; i < 6; i++ { // 5 becomes 255
		if got := color.GrayModel.Convert(im.At(i%3, i/3)).(color.Gray).Y; got != uint8(i*51) {
			t.Errorf("pixel %d is %d; want %d", i, got, i*51)
		}
	}
}

// TestImagePixels has the values of summary_image_op.cc's rules, worked out by hand.
func TestImagePixels(t *testing.T) {
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		data     interface{}
		channels int
		want     []color.NRGBA
	}{
		"RGB":       {[]float32{0, 1, 2, 4, 3, 2}, 3, []color.NRGBA{{0, 63, 127, 255}, {255, 191, 127, 255}}},
		"negative":  {[]float64{-2, 1}, 1, []color.NRGBA{{1, 1, 1, 255}, {191, 191, 191, 255}}},
		"all lower": {[]float64{-2, -1}, 1, []color.NRGBA{{1, 1, 1, 255}, {64, 64, 64, 255}}},
		"tiny":      {[]float64{1e-9, 0}, 1, []color.NRGBA{{0, 0, 0, 255}, {0, 0, 0, 255}}},
		"uint8":     {[]uint8{7, 255}, 1, []color.NRGBA{{7, 7, 7, 255}, {255, 255, 255, 255}}},
		"RGBA":      {[]uint8{1, 2, 3, 255, 5, 6, 7, 0}, 4, []color.NRGBA{{1, 2, 3, 255}, {5, 6, 7, 0}}},
		"NaN":       {[]float32{nan, 2}, 1, []color.NRGBA{{255, 0, 0, 255}, {255, 255, 255, 255}}},
		"one NaN":   {[]float32{9, 9, nan, 1, 1, 0}, 3, []color.NRGBA{{255, 0, 0, 255}, {255, 255, 0, 255}}},
	} {
		w := open(t, WriterConfig{})
		check(t, w.Image("a", 1, tensor.New(tensor.WithShape(1, 1, 2, c.channels), tensor.WithBacking(c.data)), 0))
		im := decodeImage(t, closed(t, w)[0].Summary[0])
		for i, want := range c.want {
			if got := color.NRGBAModel.Convert(im.At(i, 0)); got != color.Color(want) {
				t.Errorf("%s: pixel %d is %v; want %v", name, i, got, want)
			}
		}
	}
}

func TestImageErrors(t *testing.T) {
	w := open(t, WriterConfig{})
	for want, err := range map[string]error{
		"a tensor of shape (2, 2)":       w.Image("a", 1, tensor.New(tensor.WithShape(2, 2), tensor.Of(tensor.Float32)), 0),
		"a tensor of shape (1, 2, 2, 2)": w.Image("a", 1, tensor.New(tensor.WithShape(1, 2, 2, 2), tensor.Of(tensor.Float32)), 0),
		"a tensor of int":                w.Image("a", 1, tensor.New(tensor.WithShape(1, 2, 2, 1), tensor.Of(tensor.Int)), 0),
		"a value of type <nil>":          w.Image("a", 1, nil, 0),
		"a value of type *tensor.Dense":  w.Image("a", 1, (*tensor.Dense)(nil), 0),
		"a value of type []float32":      w.Image("a", 1, []float32{1}, 0),
		"maxOutputs is -1":               w.Image("a", 1, nil, -1),
		"an image of 0 x 0":              w.Image("a", 1, image.NewGray(image.Rectangle{}), 0),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), `summary: the image "a": `) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
