package image

import (
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/golden"
)

// imageOf makes an Image of a golden array [height, width, channels].
func imageOf(a golden.Array, l Layout) *Image {
	m := &Image{Pix: a.Float32s(), Height: a.Shape[0], Width: a.Shape[1], Channels: a.Shape[2]}
	return m.To(l)
}

var layouts = []Layout{HWC, CHW}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}
}

// counting is a picture whose values are all different.
func counting(h, w, c int, l Layout) *Image {
	m := &Image{Pix: make([]float32, h*w*c), Height: h, Width: w, Channels: c}
	for i := range m.Pix {
		m.Pix[i] = float32(i)
	}
	return m.To(l)
}

func TestLayouts(t *testing.T) {
	m := counting(2, 3, 3, HWC)
	n := m.To(CHW)
	if !slices.Equal(m.Shape(), []int{2, 3, 3}) || !slices.Equal(n.Shape(), []int{3, 2, 3}) {
		t.Errorf("shapes %v and %v", m.Shape(), n.Shape())
	}
	if want := []float32{0, 3, 6, 9, 12, 15, 1, 4, 7, 10, 13, 16, 2, 5, 8, 11, 14, 17}; !slices.Equal(n.Pix, want) {
		t.Errorf("CHW has %v, want %v", n.Pix, want)
	}
	for y := range 2 {
		for x := range 3 {
			for c := range 3 {
				if v := float32(y*9 + x*3 + c); m.At(y, x, c) != v || n.At(y, x, c) != v {
					t.Errorf("At(%d, %d, %d) is %v and %v, want %v", y, x, c, m.At(y, x, c), n.At(y, x, c), v)
				}
			}
		}
	}
	if !slices.Equal(n.To(HWC).Pix, m.Pix) {
		t.Error("there and back is not the same picture")
	}
	if HWC.String() != "HWC" || CHW.String() != "CHW" {
		t.Error(HWC, CHW)
	}
}

func TestNew(t *testing.T) {
	m, err := New(2, 3, 4)
	if err != nil || len(m.Pix) != 24 {
		t.Errorf("%v, %v", m, err)
	}
	for _, s := range [][3]int{{0, 1, 1}, {1, -1, 1}, {1, 1, 0}, {1, 1, 5}} {
		_, err := New(s[0], s[1], s[2])
		wantError(t, err, "image: New", "1 to 4 channels")
	}
}
