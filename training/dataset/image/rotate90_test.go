package image

import (
	"slices"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
)

// The values are numpy.rot90's: element (y, x) of a turn by one quarter is that in row x and column width-1-y.
func TestRotate90(t *testing.T) {
	for _, l := range layouts {
		for _, size := range [][2]int{{5, 7}, {6, 6}, {8, 5}} {
			m := counting(size[0], size[1], 3, l)
			once, twice, thrice := apply(t, Rotate90(1), m, nil), apply(t, Rotate90(2), m, nil), apply(t, Rotate90(-1), m, nil)
			if once.Height != m.Width || once.Width != m.Height || thrice.Height != m.Width || twice.Height != m.Height || once.Layout != l {
				t.Fatalf("a picture of %v becomes %v, %v and %v in %v", size, once.Shape(), twice.Shape(), thrice.Shape(), once.Layout)
			}
			for y := range m.Height {
				for x := range m.Width {
					for ch := range 3 {
						v := m.At(y, x, ch)
						if once.At(m.Width-1-x, y, ch) != v || twice.At(m.Height-1-y, m.Width-1-x, ch) != v || thrice.At(x, m.Height-1-y, ch) != v {
							t.Fatalf("%v %v: pixel (%d, %d, %d) is not where it belongs", l, size, y, x, ch)
						}
					}
				}
			}
			if back := apply(t, Rotate90(5), apply(t, Rotate90(3), m, nil), nil); !slices.Equal(back.Pix, m.Pix) {
				t.Errorf("%v %v: five quarters after three are not the picture", l, size)
			}
		}
	}
	e := &dataset.Example{X: []float32{1, 2, 3, 4}, Shape: []int{4}} // numpy.rot90([[1, 2], [3, 4]])
	if err := Rotate90(1)(e); err != nil || !slices.Equal(e.X, []float32{2, 4, 1, 3}) || !slices.Equal(e.Shape, []int{4}) {
		t.Errorf("a flat picture becomes %v of shape %v, %v", e.X, e.Shape, err)
	}
}
