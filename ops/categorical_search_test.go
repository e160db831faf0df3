package ops

import "testing"

// A class of probability 0, whose sum is its neighbour's, is never the first
// above anything.
func TestFirstAbove(t *testing.T) {
	sums := []float64{0, 0, 1, 1, 3, 3}
	for x, want := range map[float64]int{0: 2, 0.5: 2, 1: 4, 2.9: 4} {
		if got := firstAbove(sums, x); got != want {
			t.Errorf("the first sum above %v is number %d; want %d", x, got, want)
		}
	}
	if got := firstAbove([]float64{1}, 0.5); got != 0 {
		t.Errorf("of one class number %d was found", got)
	}
}
