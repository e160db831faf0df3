package image

import (
	"slices"
	"testing"
)

// Exactly two patches change places, and every pair of them is drawn about equally often.
func TestSwapPatches(t *testing.T) {
	r := generator()
	for _, l := range layouts {
		counts := map[[2]int]int{}
		m := counting(7, 10, 2, l) // 2 x 3 patches of 3, and a rest that stays
		for range 1500 {
			out := apply(t, SwapPatches(SwapPatchesConfig{Size: 3}), m, r)
			var moved []int
			for patch := range 6 {
				top, left := patch/3*3, patch%3*3
				if out.At(top, left, 0) != m.At(top, left, 0) {
					moved = append(moved, patch)
				}
			}
			if len(moved) != 2 {
				t.Fatalf("patches %v moved; want two", moved)
			}
			a, b := moved[0], moved[1]
			for y := range 7 {
				for x := range 10 {
					fromY, fromX := y, x
					if y < 6 && x < 9 {
						switch patch := y/3*3 + x/3; patch {
						case a:
							fromY, fromX = y+(b/3-a/3)*3, x+(b%3-a%3)*3
						case b:
							fromY, fromX = y+(a/3-b/3)*3, x+(a%3-b%3)*3
						}
					}
					for ch := range 2 {
						if out.At(y, x, ch) != m.At(fromY, fromX, ch) {
							t.Fatalf("%v, patches %d and %d: pixel (%d, %d, %d) is %v", l, a, b, y, x, ch, out.At(y, x, ch))
						}
					}
				}
			}
			counts[[2]int{a, b}]++
		}
		for pair, n := range counts {
			if n < 60 || n > 140 { // 100 are expected, with a deviation of 10
				t.Errorf("patches %v were drawn %d times of 1500", pair, n)
			}
		}
		if len(counts) != 15 {
			t.Errorf("%d of 15 pairs were drawn", len(counts))
		}
	}
	m := counting(2, 1, 1, HWC)
	if out := apply(t, SwapPatches(SwapPatchesConfig{Size: 1, Swaps: 2}), m, r); !slices.Equal(out.Pix, m.Pix) {
		t.Errorf("exchanged twice, %v becomes %v", m.Pix, out.Pix)
	}
}
