package image

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

// What is encoded is decoded again to the same bytes.
func TestPNGThereAndBack(t *testing.T) {
	for _, channels := range []int{1, 3, 4} {
		for _, l := range layouts {
			m, err := Open("testdata/alpha.png", Config{Channels: channels, Layout: l})
			if err != nil {
				t.Fatal(err)
			}
			file, err := m.PNG()
			if err != nil {
				t.Fatal(err)
			}
			back, err := Decode(bytes.NewReader(file), Config{Channels: channels, Layout: l})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(back.Pix, m.Pix) {
				t.Errorf("%d channels, %v: another picture", channels, l)
			}
		}
	}
}

// Values beyond 0..1 are stretched; NaN and infinities do no harm.
func TestDisplayRange(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct{ pix, want []float32 }{
		{[]float32{0, 0.5, 1, 0.25}, []float32{0, 128, 255, 64}},
		{[]float32{-1, 0, 1, 0.5}, []float32{0, 128, 255, 191}},
		{[]float32{0, 51, 255, 102}, []float32{0, 51, 255, 102}},
		{[]float32{nan, -1, 1, inf}, []float32{0, 0, 255, 255}},
		{[]float32{7, 7, 7, 7}, []float32{255, 255, 255, 255}},
		{[]float32{nan, nan, nan, nan}, []float32{0, 0, 0, 0}},
	} {
		m := &Image{Pix: c.pix, Height: 2, Width: 2, Channels: 1}
		file, err := m.PNG()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(bytes.NewReader(file), Config{Channels: 1, Normalize: Bytes})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(back.Pix, c.want) {
			t.Errorf("%v is shown as %v, want %v", c.pix, back.Pix, c.want)
		}
	}
	grey := &Image{Pix: []float32{0.2, 0.6, 1, 0}, Height: 1, Width: 2, Channels: 2}
	p, err := grey.Picture()
	if err != nil {
		t.Fatal(err)
	}
	back, err := From(p, Config{Channels: 4, Normalize: Bytes})
	if err != nil || !slices.Equal(back.Pix, []float32{51, 51, 51, 153, 255, 255, 255, 0}) {
		t.Errorf("%v, %v", back.Pix, err)
	}
}

func TestSimpleRender(t *testing.T) {
	m := counting(2, 3, 3, CHW)
	shown := m.SimpleRender()
	if shown["text/plain"] != "picture of height 2, width 3, 3 channels (CHW)" {
		t.Errorf("%v", shown["text/plain"])
	}
	if b, ok := shown["image/png"].([]byte); !ok || !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Errorf("%v", shown["image/png"])
	}
	for _, m := range []*Image{nil, {}, {Pix: make([]float32, 3), Height: 1, Width: 5, Channels: 7}, {Height: -1, Width: 1 << 62, Channels: 3}} {
		shown := m.SimpleRender()
		if _, ok := shown["text/plain"].(string); !ok || len(shown) != 1 {
			t.Errorf("%v", shown)
		}
		_, err := m.PNG()
		wantError(t, err, "image: PNG", "wanted")
	}
}
