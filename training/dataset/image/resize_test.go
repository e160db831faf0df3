package image

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/golden"
)

// Every convention gives the values of its framework: see internal/golden/images.py.
func TestResizeAgainstOthers(t *testing.T) {
	seen := map[Resampling]bool{}
	for _, c := range golden.Cases(t, "images", "Resize") {
		how := Resampling(slices.Index(resamplingNames[:], strings.Split(c.Name, "/")[1]))
		seen[how] = true
		y := c.Out("y")
		for _, l := range layouts {
			m, err := imageOf(c.In("x"), l).Resize(y.Shape[0], y.Shape[1], how)
			if err != nil {
				t.Fatal(err)
			}
			if m.Layout != l {
				t.Errorf("%s: layout %v, want %v", c.Name, m.Layout, l)
			}
			if err := golden.Close(m.To(HWC).Pix, y, 2e-6, 1e-4); err != nil {
				t.Errorf("%s %v: %v", c.Name, l, err)
			}
		}
	}
	if len(seen) != int(resamplings) {
		t.Errorf("%d of %d conventions have golden values", len(seen), resamplings)
	}
}

// The same size is the same picture, and a constant one stays constant, whatever the filter.
func TestResizeKeeps(t *testing.T) {
	m := counting(5, 7, 3, HWC)
	flat := &Image{Pix: make([]float32, 5*7*4), Height: 5, Width: 7, Channels: 4}
	fill(flat.Pix, 3)
	for r := range resamplings {
		same, err := m.Resize(5, 7, r)
		if err != nil || !slices.Equal(same.Pix, m.Pix) {
			t.Errorf("%v: %v, %v", r, same.Pix, err)
		}
		for _, size := range [][2]int{{1, 1}, {2, 20}, {9, 3}, {5, 1}} {
			f, err := flat.Resize(size[0], size[1], r)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range f.Pix {
				if v < 2.99999 || v > 3.00001 {
					t.Fatalf("%v to %v: a constant 3 becomes %v", r, size, v)
				}
			}
		}
	}
}

// A picture of one column, or one row, does not take thousands of times its memory on the way.
func TestResizeLongPictures(t *testing.T) {
	const long = 1 << 20
	column := &Image{Pix: make([]float32, long), Height: long, Width: 1, Channels: 1}
	row := &Image{Pix: column.Pix, Height: 1, Width: long, Channels: 1}
	for _, m := range []*Image{column, row} {
		p := new(resampler)
		out := m.empty(200, 200)
		p.run(Bilinear, out.Pix, out.grid(), m.Pix, m.grid())
		if n := cap(p.rows); n > 200*200 {
			t.Errorf("%v: %d values between the axes", m, n)
		}
	}
}

func TestCrop(t *testing.T) {
	for _, l := range layouts {
		m := counting(4, 5, 3, l)
		part, err := m.Crop(1, 2, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 2 {
			for x := range 3 {
				for c := range 3 {
					if part.At(y, x, c) != m.At(y+1, x+2, c) {
						t.Errorf("%v: (%d, %d, %d) is %v", l, y, x, c, part.At(y, x, c))
					}
				}
			}
		}
		// 4-1 and 5-2 are odd: 1.5 rounds to 2, as Python's round does.
		centre, err := m.CenterCrop(1, 2)
		if err != nil || centre.At(0, 0, 0) != m.At(2, 2, 0) || centre.Height != 1 || centre.Width != 2 {
			t.Errorf("%v, %v", centre, err)
		}
	}
	m := counting(4, 5, 1, HWC)
	for _, c := range [][4]int{{-1, 0, 1, 1}, {0, 3, 1, 3}, {3, 0, 2, 1}, {0, 0, 0, 1}, {1 << 62, 0, 1, 1}} {
		_, err := m.Crop(c[0], c[1], c[2], c[3])
		wantError(t, err, "image: Crop", "wanted")
	}
	_, err := m.CenterCrop(5, 5)
	wantError(t, err, "height 4 and width 5", "Pad")
}

func TestPadAgainstNumPy(t *testing.T) {
	for _, c := range golden.Cases(t, "images", "Pad") {
		for _, l := range layouts {
			n := func(p string) int { return int(c.Param(p)) }
			m, err := imageOf(c.In("x"), l).Pad(n("top"), n("bottom"), n("left"), n("right"), Padding(n("padding")), float32(n("value")))
			if err != nil {
				t.Fatal(err)
			}
			if err := golden.Close(m.To(HWC).Pix, c.Out("y"), 0, 0); err != nil {
				t.Errorf("%s %v: %v", c.Name, l, err)
			}
		}
	}
	_, err := counting(2, 2, 1, HWC).Pad(-1, 0, 0, 0, PadEdge, 0)
	wantError(t, err, "image: Pad", "top -1")
	_, err = counting(2, 2, 1, HWC).Pad(1, 0, 0, 0, 9, 0)
	wantError(t, err, "image: Pad", "came 9")
}

func TestShorterAndLetterbox(t *testing.T) {
	for _, c := range []struct{ h, w, size, wantH, wantW int }{{375, 500, 256, 256, 341}, {500, 375, 256, 341, 256}, {10, 10, 3, 3, 3}, {1000, 1, 1, 1000, 1}, {3, 1000, 1, 1, 333}} {
		m, err := counting(c.h, c.w, 1, HWC).ResizeShorter(c.size, Nearest)
		if err != nil || m.Height != c.wantH || m.Width != c.wantW {
			t.Errorf("%+v: %v, %v", c, m.Shape(), err)
		}
	}
	m, err := counting(2, 6, 1, HWC).Letterbox(6, 6, Nearest, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 6 {
		if in := y >= 2 && y < 4; in != (m.At(y, 1, 0) != 0.5) {
			t.Errorf("row %d of the box is %v", y, m.Pix[6*y:6*y+6])
		}
	}
	if m, err = counting(1, 500, 1, HWC).Letterbox(10, 20, Bilinear, 0); err != nil || m.Height != 10 || m.Width != 20 {
		t.Errorf("%v, %v", m, err)
	}
	_, err = counting(1, 5, 1, HWC).Letterbox(0, 20, Bilinear, 0)
	wantError(t, err, "image: Letterbox", "0 and 20")
	_, err = counting(1, 5, 1, HWC).ResizeShorter(0, Bilinear)
	wantError(t, err, "image: ResizeShorter", "came 0")
	_, err = (&Image{Pix: make([]float32, 5), Height: 2, Width: 3, Channels: 1}).Resize(1, 1, Bilinear)
	wantError(t, err, "image: Resize", "6 values, Pix has 5")
	_, err = (*Image)(nil).Resize(1, 1, Bilinear)
	wantError(t, err, "image: Resize", "nil")
}

// What Config does in one call is what the methods do one by one.
func TestFit(t *testing.T) {
	for _, l := range layouts {
		base := Config{Channels: 3, Layout: l, Normalize: Bytes}
		m, err := Open("testdata/rgb.png", base)
		if err != nil {
			t.Fatal(err)
		}
		check := func(name string, cfg Config, want *Image, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			cfg.Channels, cfg.Layout, cfg.Normalize = base.Channels, base.Layout, base.Normalize
			got, err := Open("testdata/rgb.png", cfg)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Shape(), want.Shape()) || !slices.Equal(got.Pix, want.Pix) {
				t.Errorf("%s %v: shapes %v and %v, or values differ", name, l, got.Shape(), want.Shape())
			}
		}
		stretched, err := m.Resize(9, 30, BicubicSharp)
		check("stretch", Config{Height: 9, Width: 30, Resampling: BicubicSharp}, stretched, err)
		box, err := m.Letterbox(16, 16, Bilinear, 127.5)
		check("letterbox", Config{Height: 16, Width: 16, Fit: Letterbox}, box, err)
		small, err := m.ResizeShorter(12, Bilinear)
		if err != nil {
			t.Fatal(err)
		}
		cropped, err := small.CenterCrop(8, 10)
		check("crop", Config{Height: 8, Width: 10, Fit: Crop, Shorter: 12}, cropped, err)
		// 7x9 must become 23x30 to cover 10x30.
		large, err := m.Resize(23, 30, Bilinear)
		if err != nil {
			t.Fatal(err)
		}
		wide, err := large.CenterCrop(10, 30)
		check("crop without Shorter", Config{Height: 10, Width: 30, Fit: Crop}, wide, err)
		check("crop with a Shorter that is too small", Config{Height: 10, Width: 30, Fit: Crop, Shorter: 11}, wide, err)
	}
}

func TestNormalize(t *testing.T) {
	for _, l := range layouts {
		m := (&Image{Pix: []float32{0.5, 0.25, 0.75}, Height: 1, Width: 1, Channels: 3}).To(l)
		for name, c := range map[string]struct {
			n    Normalization
			want [3]float32
		}{
			"zero":      {Normalization{}, [3]float32{0.5, 0.25, 0.75}},
			"ImageNet":  {ImageNet, [3]float32{(0.5 - 0.485) / 0.229, (0.25 - 0.456) / 0.224, (0.75 - 0.406) / 0.225}},
			"-1..1":     {PlusMinusOne, [3]float32{0, -0.5, 0.5}},
			"Caffe":     {Caffe, [3]float32{0.75*255 - 103.939, 0.25*255 - 116.779, 0.5*255 - 123.68}},
			"Bytes":     {Bytes, [3]float32{127.5, 63.75, 191.25}},
			"BGR alone": {Normalization{BGR: true}, [3]float32{0.75, 0.25, 0.5}},
		} {
			out, err := m.Normalize(c.n)
			if err != nil {
				t.Fatal(err)
			}
			for i, w := range c.want {
				if d := out.Pix[i] - w; d > 1e-5 || d < -1e-5 {
					t.Errorf("%s %v: %v, want %v", name, l, out.Pix, c.want)
				}
			}
		}
		if m.Pix[0] != 0.5 {
			t.Error("Normalize changed its picture")
		}
	}
	_, err := counting(1, 1, 4, HWC).Normalize(ImageNet)
	wantError(t, err, "image: Normalize", "1 number or 4")
}

func BenchmarkResize(b *testing.B) {
	m := counting(375, 500, 3, HWC)
	for _, r := range []Resampling{Bilinear, Bicubic, Area, BilinearSharp, Nearest} {
		for _, l := range layouts {
			b.Run(fmt.Sprintf("375x500 to 224x224/%v/%v", r, l), func(b *testing.B) {
				in := m.To(l)
				for b.Loop() {
					in.resize(224, 224, r)
				}
			})
		}
	}
}
