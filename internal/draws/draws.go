// Package draws has random numbers that follow from a seed and from where they are drawn, whoever draws first.
package draws

import (
	"math/bits"
	"math/rand/v2"
)

// Stream is a run of random numbers.
type Stream struct{ pcg rand.PCG }

// At is the stream that follows from a seed and from places, such as the number of an epoch and that of an example in it. Their order counts.
func At(seed int64, places ...int) Stream {
	hi := Mix(uint64(seed))
	for _, p := range places {
		hi = Mix(hi ^ uint64(p))
	}
	var s Stream
	s.pcg.Seed(hi, Mix(hi))
	return s
}

// Below draws a number from 0 to n-1, all equally likely; n is 1 or more.
func (s *Stream) Below(n int) int { return int(Below(&s.pcg, uint64(n))) }

// Below draws a number from 0 to n-1, all equally likely; n is 1 or more. Lemire, "Fast random integer generation in an interval" (2019),
// algorithm 5. (Those of math/rand may change with the release of Go.)
func Below(pcg *rand.PCG, n uint64) uint64 {
	hi, lo := bits.Mul64(pcg.Uint64(), n)
	if lo < n {
		for reject := -n % n; lo < reject; {
			hi, lo = bits.Mul64(pcg.Uint64(), n)
		}
	}
	return hi
}

// Distinct fills out with different numbers from 0 to n-1, every set of them equally likely; n is len(out) or more. Floyd's algorithm: Bentley
// and Floyd, "A sample of brilliance" (1987).
func (s *Stream) Distinct(out []int, n int) {
	for k := range out {
		last := n - len(out) + k
		v := s.Below(last + 1)
		for _, taken := range out[:k] {
			if taken == v {
				v = last
				break
			}
		}
		out[k] = v
	}
}

// Mix is one step of SplitMix64; it keeps neighbouring seeds and places apart.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
