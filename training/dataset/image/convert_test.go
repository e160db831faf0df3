package image

import (
	"bytes"
	stdimage "image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
)

// colourful is a PNG of 13 x 9 pixels: grey, in colour, or in colour with alpha.
func colourful(t *testing.T, channels int) []byte {
	t.Helper()
	r := generator()
	at := func() uint8 { return uint8(r.IntN(256)) }
	grey, rgb := stdimage.NewGray(stdimage.Rect(0, 0, 13, 9)), stdimage.NewNRGBA(stdimage.Rect(0, 0, 13, 9))
	for y := range 9 {
		for x := range 13 {
			alpha := uint8(255)
			if channels == 4 {
				alpha = at()
			}
			grey.SetGray(x, y, color.Gray{Y: at()})
			rgb.SetNRGBA(x, y, color.NRGBA{R: at(), G: at(), B: at(), A: alpha})
		}
	}
	var b bytes.Buffer
	var m stdimage.Image = rgb
	if channels == 1 {
		m = grey
	}
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestConvertIsDecode: a picture that is decoded as it is and then converted is the one that was decoded so, which TestDecodeAgainstPIL
// holds against PIL. Where colours become grey, Decode rounds to whole numbers of 255 and Convert does not.
func TestConvertIsDecode(t *testing.T) {
	configs := map[string]Config{
		"as it is": {}, "grey": {Channels: 1}, "alpha": {Channels: 4}, "CHW": {Layout: CHW}, "on white": {Background: color.White},
		"stretched": {Height: 20, Width: 7, Normalize: PlusMinusOne}, "cropped": {Height: 8, Width: 8, Fit: Crop, Shorter: 11, Normalize: ImageNet},
		"letterbox": {Height: 30, Width: 30, Fit: Letterbox, Resampling: BilinearSharp}, "caffe": {Height: 12, Width: 12, Fit: Crop, Normalize: Caffe, Layout: CHW},
	}
	for _, channels := range []int{1, 3, 4} {
		file := colourful(t, channels)
		plain := Config{Channels: channels}
		from, err := Decode(bytes.NewReader(file), plain)
		if err != nil {
			t.Fatal(err)
		}
		for name, cfg := range configs {
			want, err := Decode(bytes.NewReader(file), cfg)
			if err != nil {
				t.Fatal(err)
			}
			scale := 1.0
			for _, v := range want.Pix {
				scale = max(scale, math.Abs(float64(v)))
			}
			tolerance := 2e-6 * scale
			if name == "grey" && channels > 1 {
				tolerance = 0.51 / 255
			}
			for _, l := range []Layout{HWC, CHW} {
				got, err := from.To(l).Convert(cfg)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got.Shape(), want.Shape()) || got.Layout != want.Layout || !near(got.Pix, want.Pix, tolerance) {
					t.Errorf("%d channels in %v, %s: %v is not as decoded, %v", channels, l, name, got, want)
				}
			}
			e := exampleOf(from, 1)
			if err := Prepare(cfg)(e); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(e.Shape, want.Shape()) || !near(e.X, want.Pix, tolerance) || e.Label != 3 {
				t.Errorf("%d channels, %s: Prepare makes %v of label %d; want %v", channels, name, e.Shape, e.Label, want)
			}
		}
	}
}

// TestPrepareGrey: the forms of a grey picture, and two channels, which no file has.
func TestPrepareGrey(t *testing.T) {
	for _, shape := range [][]int{{25}, {5, 5}, {5, 5, 1}, {1, 5, 5}} {
		e := &dataset.Example{X: make([]float32, 25), Shape: slices.Clone(shape)}
		for i := range e.X {
			e.X[i] = float32(i) / 24
		}
		x := slices.Clone(e.X)
		if err := Prepare(Config{})(e); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(e.Shape, []int{5, 5, 3}) {
			t.Fatalf("%v became %v; want [5 5 3]", shape, e.Shape)
		}
		for i, v := range e.X {
			if math.Abs(float64(v-x[i/3])) > 1e-7 {
				t.Fatalf("%v: value %d is %v; want %v", shape, i, v, x[i/3])
			}
		}
	}
	m := &Image{Pix: []float32{0.25, 0.5}, Height: 1, Width: 1, Channels: 2}
	got, err := m.Convert(Config{Channels: 4})
	if err != nil || !near(got.Pix, []float32{0.25, 0.25, 0.25, 0.5}, 1e-7) {
		t.Errorf("grey 0.25 of alpha 0.5 became %v, %v", got, err)
	}
	got, err = m.Convert(Config{Background: color.White})
	if err != nil || !near(got.Pix, []float32{0.625, 0.625, 0.625}, 1e-6) {
		t.Errorf("grey 0.25 of alpha 0.5 on white became %v, %v; want 0.625", got, err)
	}
}

func TestConvertRefuses(t *testing.T) {
	good := counting(4, 5, 3, HWC)
	_, err := good.Convert(Config{Height: 3})
	wantError(t, err, "image: Convert", "Height and Width")
	_, err = good.Convert(Config{MaxPixels: 10})
	wantError(t, err, "image: Convert", "5x4 pixels is larger than MaxPixels, 10")
	_, err = good.Convert(Config{Channels: 1, Normalize: ImageNet})
	wantError(t, err, "Normalization.Mean", "came 3")
	_, err = (*Image)(nil).Convert(Config{})
	wantError(t, err, "image: Convert", "came nil")
	_, err = (&Image{Height: 2, Width: 2, Channels: 1}).Convert(Config{})
	wantError(t, err, "Pix has 0")

	e := &dataset.Example{X: make([]float32, 15), Shape: []int{15}, Index: 7}
	wantError(t, Prepare(Config{})(e), "image: Prepare", "example 7", "came shape [15]")
	e = exampleOf(good, 1)
	wantError(t, Prepare(Config{Fit: Crop})(e), "image: Prepare", "want Height and Width")
	e.Index = 7
	wantError(t, Prepare(Config{MaxPixels: 10})(e), "image: Prepare", "example 7", "MaxPixels, 10")
	row := exampleOf(counting(1, 2000, 1, HWC), 1)
	wantError(t, Prepare(Config{Height: 64, Width: 64, Fit: Crop, MaxPixels: 5000})(row), "example 0", "crop it first")
}
