package dataset

import (
	"math/rand/v2"

	"github.com/plexaura/plexaura/internal/draws"
)

// permute fills idx with a permutation of 0..len(idx)-1 that is a function of
// seed and stream only: Fisher-Yates driven by PCG-DXSM.
//
// It does not use rand.Shuffle, whose way of drawing bounded numbers may change
// with the Go release; the order of a run must not.
func permute(idx []int, seed int64, stream int) {
	var pcg rand.PCG
	permuteWith(&pcg, idx, seed, stream)
}

func permuteWith(pcg *rand.PCG, idx []int, seed int64, stream int) {
	hi := draws.Mix(uint64(seed))
	pcg.Seed(hi, draws.Mix(hi^uint64(stream)))
	shuffle(pcg, idx)
}

// shuffle fills idx with a permutation of 0..len(idx)-1: Fisher-Yates.
func shuffle(pcg *rand.PCG, idx []int) {
	for i := range idx {
		idx[i] = i
	}
	for i := len(idx) - 1; i > 0; i-- {
		j := draws.Below(pcg, uint64(i+1))
		idx[i], idx[j] = idx[j], idx[i]
	}
}
