package image

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
)

// apply runs a Transform on a fresh copy of a picture, drawing from r.
func apply(t *testing.T, change dataset.Transform, m *Image, r *rand.Rand) *Image {
	t.Helper()
	e := exampleOf(m, 0)
	e.Rand = r
	if err := change(e); err != nil {
		t.Fatal(err)
	}
	return imageFrom(t, e)
}

func generator() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func TestFlips(t *testing.T) {
	r := generator()
	for _, l := range layouts {
		for _, c := range []int{1, 2, 3, 4} {
			for _, size := range [][2]int{{4, 5}, {5, 8}, {1, 6}, {6, 1}} {
				if l == CHW && size[1] <= maxChannels {
					continue // reads as HWC
				}
				m := counting(size[0], size[1], c, l)
				x, y := apply(t, FlipHorizontal(1), m, r), apply(t, FlipVertical(1), m, r)
				for i := range m.Height {
					for j := range m.Width {
						for ch := range c {
							if x.At(i, j, ch) != m.At(i, m.Width-1-j, ch) || y.At(i, j, ch) != m.At(m.Height-1-i, j, ch) {
								t.Fatalf("%v %v %d channels: pixel (%d, %d, %d) is %v and %v", l, size, c, i, j, ch, x.At(i, j, ch), y.At(i, j, ch))
							}
						}
					}
				}
				if never := apply(t, FlipHorizontal(0), m, r); !slices.Equal(never.Pix, m.Pix) {
					t.Error("a flip of probability 0")
				}
			}
		}
	}
	flipped := 0
	for range 4000 {
		if m := apply(t, FlipHorizontal(0.25), counting(1, 2, 1, HWC), r); m.Pix[0] == 1 {
			flipped++
		}
	}
	if flipped < 900 || flipped > 1100 {
		t.Errorf("%d of 4000 flipped with probability 0.25", flipped)
	}
}

// Every whole shift of -2..2 is drawn about equally often, down and to the right alike.
func TestShiftDraws(t *testing.T) {
	m := &Image{Pix: make([]float32, 81), Height: 9, Width: 9, Channels: 1}
	m.Pix[4*9+4] = 1
	counts := map[[2]int]int{}
	r := generator()
	for range 7500 {
		at := slices.Index(apply(t, Shift(ShiftConfig{X: 2, Y: 1}), m, r).Pix, 1)
		counts[[2]int{at/9 - 4, at%9 - 4}]++
	}
	if len(counts) != 15 {
		t.Errorf("%d shifts, want 15: %v", len(counts), counts)
	}
	for shift, n := range counts {
		if n < 400 || n > 600 {
			t.Errorf("shift %v came %d times of 7500, want about 500", shift, n)
		}
	}
}

// A crop is a part of the padded picture, and every place is drawn about equally often.
func TestRandomCrop(t *testing.T) {
	r := generator()
	for _, l := range layouts {
		m := counting(6, 7, 3, l)
		padded, err := m.Pad(1, 1, 1, 1, PadReflect, 0)
		if err != nil {
			t.Fatal(err)
		}
		counts := map[[2]int]int{}
		for range 2000 {
			part := apply(t, RandomCrop(RandomCropConfig{Height: 5, Width: 8, Pad: 1, Padding: PadReflect}), m, r)
			found := false
			for top := range 4 {
				for left := range 2 {
					if want, err := padded.Crop(top, left, 5, 8); err == nil && slices.Equal(want.Pix, part.Pix) {
						counts[[2]int{top, left}]++
						found = true
					}
				}
			}
			if !found {
				t.Fatalf("%v: a crop that is no part of the padded picture: %v", l, part.Pix)
			}
		}
		for at, n := range counts {
			if n < 190 || n > 310 || len(counts) != 8 {
				t.Errorf("%v: place %v came %d times of 2000, want about 250; %d places", l, at, n, len(counts))
			}
		}
	}
}

func TestRandomResizedCrop(t *testing.T) {
	cfg := RandomResizedCropConfig{MinArea: 0.1, MaxArea: 0.5, MinAspect: 0.5, MaxAspect: 2}
	g := gridOf(60, 80, 3, HWC)
	r := generator()
	least, most := 1.0, 0.0
	for range 2000 {
		p := cfg.part(g, r)
		if p.top < 0 || p.left < 0 || p.top+p.h > 60 || p.left+p.w > 80 {
			t.Fatalf("%+v lies beyond the picture", p)
		}
		area, aspect := float64(p.h*p.w)/4800, float64(p.w)/float64(p.h)
		least, most = min(least, area), max(most, area)
		if aspect < 0.46 || aspect > 2.15 {
			t.Errorf("%+v has an aspect ratio of %v", p, aspect)
		}
	}
	if least < 0.09 || least > 0.12 || most > 0.52 || most < 0.45 {
		t.Errorf("areas from %v to %v, want 0.1 to 0.5", least, most)
	}
	// A picture that no part of allowed ratio fits: the middle.
	if p := (RandomResizedCropConfig{MinArea: 0.9, MaxArea: 1, MinAspect: 0.75, MaxAspect: 4.0 / 3}).part(gridOf(10, 100, 1, HWC), r); p != (part{0, 43, 10, 13}) {
		t.Errorf("%+v", p)
	}
	if p := (RandomResizedCropConfig{MinArea: 0.9, MaxArea: 1, MinAspect: 0.75, MaxAspect: 4.0 / 3}).part(gridOf(100, 10, 1, HWC), r); p != (part{43, 0, 13, 10}) {
		t.Errorf("%+v", p)
	}
	// The whole picture, resized.
	m := counting(8, 12, 3, HWC)
	want, err := m.Resize(5, 6, Bicubic)
	if err != nil {
		t.Fatal(err)
	}
	got := apply(t, RandomResizedCrop(RandomResizedCropConfig{Height: 5, Width: 6, MinArea: 1, MinAspect: 1.5, MaxAspect: 1.5, Resampling: Bicubic}), m, r)
	if !slices.Equal(got.Pix, want.Pix) {
		t.Errorf("the whole picture becomes %v, want %v", got.Pix, want.Pix)
	}
}

// A hole is a square around a random pixel, cut off at the edges.
func TestCutout(t *testing.T) {
	r := generator()
	counts := map[int]int{}
	for range 2000 {
		m := counting(5, 6, 2, HWC)
		out := apply(t, Cutout(CutoutConfig{Size: 3, Value: -1}), m, r)
		n := 0
		for i, v := range out.Pix {
			if v == -1 {
				n++
			} else if v != m.Pix[i] {
				t.Fatalf("value %d became %v", i, v)
			}
		}
		counts[n]++
	}
	// 3x3, 2x3 at an edge, 2x2 in a corner; two channels.
	if len(counts) != 3 || counts[18] == 0 || counts[12] == 0 || counts[8] == 0 {
		t.Errorf("values covered: %v", counts)
	}
	if share := float64(counts[18]) / 2000; share < 0.35 || share > 0.45 { // 3*4 of 5*6 centres
		t.Errorf("%v of the holes are whole, want 0.4", share)
	}
	if out := apply(t, Cutout(CutoutConfig{Size: 100, Value: 9}), counting(5, 6, 2, HWC), r); slices.ContainsFunc(out.Pix, func(v float32) bool { return v != 9 }) {
		t.Error("a large hole leaves something")
	}
}

func TestRandomErasing(t *testing.T) {
	r := generator()
	touched := 0
	for range 1000 {
		out := apply(t, RandomErasing(RandomErasingConfig{Value: -1}), counting(20, 30, 3, HWC), r)
		n := 0
		for _, v := range out.Pix {
			if v == -1 {
				n++
			}
		}
		if n > 0 {
			touched++
			if share := float64(n) / 1800; share < 0.01 || share > 0.36 {
				t.Errorf("a share of %v is covered", share)
			}
		}
	}
	if touched < 450 || touched > 550 {
		t.Errorf("%d of 1000 pictures covered, want about 500", touched)
	}
}

func TestNoise(t *testing.T) {
	m := &Image{Pix: make([]float32, 40000), Height: 200, Width: 200, Channels: 1}
	var sum, square float64
	for _, v := range apply(t, GaussianNoise(0.5), m, generator()).Pix {
		sum += float64(v)
		square += float64(v) * float64(v)
	}
	if mean, variance := sum/40000, square/40000; mean < -0.01 || mean > 0.01 || variance < 0.24 || variance > 0.26 {
		t.Errorf("mean %v, variance %v; want 0 and 0.25", mean, variance)
	}
}

// Augment is its parts, one after the other.
func TestAugment(t *testing.T) {
	m := counting(8, 9, 3, HWC)
	for i := range m.Pix {
		m.Pix[i] /= 300
	}
	cfg := AugmentConfig{Shift: 1.5, Rotate: 10, Zoom: 0.2, Shear: 3, CropHeight: 6, CropWidth: 7, FlipHorizontal: true, FlipVertical: true,
		Brightness: 0.1, Contrast: 0.2, Saturation: 0.3, Hue: 0.1, Noise: 0.1, Cutout: 2, Padding: PadEdge, Value: 0.5}
	parts := []dataset.Transform{
		Affine(AffineConfig{Rotate: 10, ShiftX: 1.5, ShiftY: 1.5, MinZoom: 0.8, MaxZoom: 1.2, Shear: 3, Padding: PadEdge}),
		RandomCrop(RandomCropConfig{Height: 6, Width: 7}), FlipHorizontal(0.5), FlipVertical(0.5),
		ColorJitter(ColorJitterConfig{Brightness: 0.1, Contrast: 0.2, Saturation: 0.3, Hue: 0.1}), GaussianNoise(0.1), Cutout(CutoutConfig{Size: 2, Value: 0.5}),
	}
	want, r := m, generator()
	for _, part := range parts {
		want = apply(t, part, want, r)
	}
	if got := apply(t, Augment(cfg), m, generator()); !slices.Equal(got.Pix, want.Pix) || got.Height != 6 || got.Width != 7 {
		t.Error("Augment is not the sequence of its parts")
	}
	if got := apply(t, Augment(AugmentConfig{}), m, nil); !slices.Equal(got.Pix, m.Pix) {
		t.Error("the zero value changes the picture")
	}
	whole := apply(t, Augment(AugmentConfig{Shift: 2}), m, generator())
	if shifted := apply(t, Shift(ShiftConfig{X: 2, Y: 2}), m, generator()); !slices.Equal(whole.Pix, shifted.Pix) {
		t.Error("Shift alone is not Shift")
	}
}
