//go:build amd64 && !noasm

package philox

import "golang.org/x/sys/cpu"

// group is how many blocks the vector code in use makes at once; 0 is none.
var group = groups[0]

// groups are those of the vector code that this processor has, the best first,
// and 0.
var groups = func() []int {
	x := &cpu.X86
	switch {
	case !x.HasAVX2:
		return []int{0}
	case !x.HasAVX512F || !x.HasAVX512DQ:
		return []int{withAVX2, 0}
	}
	return []int{withAVX512, withAVX2, 0}
}()

const withAVX2, withAVX512 = 8, 32

// words sets the beginning of dst to whole groups of blocks from number first
// on and returns how many blocks these are.
func (s Stream) words(dst []uint8, first uint64) int {
	if group == 0 || len(dst) < 16*group {
		return 0
	}
	n := len(dst) / (16 * group)
	if group == withAVX512 {
		wordsAVX512(&dst[0], n, first, s.draw, s.key[0], s.key[1])
	} else {
		wordsAVX2(&dst[0], n, first, s.draw, s.key[0], s.key[1])
	}
	return n * group
}

// uniform sets the beginning of dst to min(lo + span*u, last), u being
// Uniform32 of the words of whole groups of blocks from number first on, and
// returns how many blocks these are.
func (s Stream) uniform(dst []float32, first uint64, lo, span, last float32) int {
	if group == 0 || len(dst) < 4*group {
		return 0
	}
	n := len(dst) / (4 * group)
	if group == withAVX512 {
		uniformAVX512(&dst[0], n, first, s.draw, s.key[0], s.key[1], lo, span, last)
	} else {
		uniformAVX2(&dst[0], n, first, s.draw, s.key[0], s.key[1], lo, span, last)
	}
	return n * group
}
