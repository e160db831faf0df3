package dataset

import (
	"math/bits"
	"math/rand/v2"
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
	hi := mix(uint64(seed))
	pcg.Seed(hi, mix(hi^uint64(stream)))
	shuffle(pcg, idx)
}

// shuffle fills idx with a permutation of 0..len(idx)-1: Fisher-Yates.
func shuffle(pcg *rand.PCG, idx []int) {
	for i := range idx {
		idx[i] = i
	}
	for i := len(idx) - 1; i > 0; i-- {
		j := below(pcg, uint64(i+1))
		idx[i], idx[j] = idx[j], idx[i]
	}
}

// below draws an unbiased number in [0, n): Lemire, "Fast random integer
// generation in an interval", 2019, algorithm 5.
func below(pcg *rand.PCG, n uint64) uint64 {
	hi, lo := bits.Mul64(pcg.Uint64(), n)
	if lo < n {
		for reject := -n % n; lo < reject; {
			hi, lo = bits.Mul64(pcg.Uint64(), n)
		}
	}
	return hi
}

// mix is one step of SplitMix64; it keeps neighbouring seeds and epochs apart.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
