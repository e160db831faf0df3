package image

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training/dataset"
)

// exampleOf makes an Example of a picture, with numbers to draw.
func exampleOf(m *Image, seed uint64) *dataset.Example {
	return &dataset.Example{X: slices.Clone(m.Pix), Shape: m.Shape(), Label: 3, Rand: rand.New(rand.NewPCG(seed, 0))}
}

func mustPicture(t testing.TB, e *dataset.Example) *picture {
	t.Helper()
	p, err := pictureOf(e)
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

// imageFrom is the picture that an Example holds.
func imageFrom(t testing.TB, e *dataset.Example) *Image {
	t.Helper()
	p := mustPicture(t, e)
	m := &Image{Pix: e.X, Height: p.h, Width: p.w, Channels: p.c}
	if p.form == chw {
		m.Layout = CHW
	}
	return m
}

func TestAffineAgainstGridSample(t *testing.T) {
	for _, c := range golden.Cases(t, "images", "Affine") {
		for _, l := range layouts {
			e := exampleOf(imageOf(c.In("x"), l), 0)
			cfg := AffineConfig{Nearest: c.Param("nearest") != 0, Padding: Padding(c.Param("padding")), Value: float32(c.Param("value"))}
			m := affine{c.Param("rotate"), c.Param("shear"), c.Param("zoom"), c.Param("shiftX"), c.Param("shiftY")}
			p := mustPicture(t, e)
			m.warp(p, new(scratch), cfg)
			if err := golden.Close(imageFrom(t, e).To(HWC).Pix, c.Out("y"), 2e-6, 1e-4); err != nil {
				t.Errorf("%s %v: %v", c.Name, l, err)
			}
		}
	}
}

// A whole number of pixels is copied, and that is what the general way gives.
func TestWholeShift(t *testing.T) {
	for _, l := range layouts {
		for p := PadConstant; p <= PadSymmetric; p++ {
			for _, shift := range [][2]float64{{1, 0}, {0, -2}, {-3, 4}, {9, 9}, {0, 0}, {-40, 3}} {
				cfg := AffineConfig{Padding: p, Value: 5}
				fast, slow := exampleOf(counting(5, 4, 3, l), 0), exampleOf(counting(5, 4, 3, l), 0)
				affine{zoom: 1, shiftX: shift[0], shiftY: shift[1]}.warp(mustPicture(t, fast), new(scratch), cfg)
				affine{zoom: 1, rotate: 1e-12, shiftX: shift[0], shiftY: shift[1]}.warp(mustPicture(t, slow), new(scratch), cfg)
				for i, v := range slow.X {
					if d := v - fast.X[i]; d > 1e-3 || d < -1e-3 {
						t.Fatalf("%v, padding %d, shift %v: value %d is %v, by copying %v", l, p, shift, i, v, fast.X[i])
					}
				}
			}
		}
	}
}

// Positive angles turn counterclockwise, and the draws stay in their bounds.
func TestAffineDraws(t *testing.T) {
	m := counting(3, 3, 1, HWC)
	e := exampleOf(m, 0)
	affine{rotate: 90, zoom: 1}.warp(mustPicture(t, e), new(scratch), AffineConfig{})
	for i, want := range []float32{2, 5, 8, 1, 4, 7, 0, 3, 6} {
		if d := e.X[i] - want; d > 1e-4 || d < -1e-4 {
			t.Fatalf("turned by 90 degrees: %v", e.X)
		}
	}
	cfg, err := AffineConfig{Rotate: 30, ShiftX: 2, ShiftY: 3, MinZoom: 0.5, MaxZoom: 2, Shear: 10}.filled()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var low, high affine
	for range 2000 {
		a := cfg.draw(r)
		low = affine{min(low.rotate, a.rotate), min(low.shear, a.shear), max(low.zoom, a.zoom), min(low.shiftX, a.shiftX), min(low.shiftY, a.shiftY)}
		high = affine{max(high.rotate, a.rotate), max(high.shear, a.shear), max(high.zoom, 2.5-a.zoom), max(high.shiftX, a.shiftX), max(high.shiftY, a.shiftY)}
	}
	for _, a := range []affine{{-low.rotate, -low.shear, low.zoom, -low.shiftX, -low.shiftY}, high} {
		for _, v := range [][2]float64{{a.rotate, 30}, {a.shear, 10}, {a.zoom, 2}, {a.shiftX, 2}, {a.shiftY, 3}} {
			if v[0] > v[1] || v[0] < 0.97*v[1] {
				t.Errorf("the farthest of 2000 draws is %v, the bound %v", v[0], v[1])
			}
		}
	}
}
