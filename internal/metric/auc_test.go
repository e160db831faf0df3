package metric

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The area is the fraction of pairs of a positive and a negative in which the positive
// has the higher score, ties counting half.
func TestAUCCountsPairs(t *testing.T) {
	const seed = 11
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 50 {
		n := 2 + r.IntN(40)
		scores, positive := make([]float64, n), make([]bool, n)
		for i := range scores {
			scores[i], positive[i] = float64(r.IntN(9)), r.IntN(3) == 0 // with ties
		}
		above, pairs := 0.0, 0.0
		for i := range scores {
			for k := range scores {
				if positive[i] && !positive[k] {
					pairs++
					switch {
					case scores[i] > scores[k]:
						above++
					case scores[i] == scores[k]:
						above += 0.5
					}
				}
			}
		}
		got := AUC(func(i int) bool { return positive[i] }, func(i int) float64 { return scores[i] }, make([]int, n))
		if want := above / pairs; math.Abs(got-want) > 1e-15 && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("the area of %v, %v is %v; want %v", scores, positive, got, want)
		}
	}
}
