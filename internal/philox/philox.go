// Package philox is the counter-based random generator Philox4x32-10 of
// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
// (SC 2011).
//
// A number is a pure function of a key (the op), a draw (the step) and its
// index, so any split of a tensor over goroutines gives the same bits.
package philox

import (
	"encoding/binary"
	"math"
	"unsafe"
)

const (
	mul0  = 0xD2511F53
	mul1  = 0xCD9E8D57
	weyl0 = 0x9E3779B9
	weyl1 = 0xBB67AE85
)

// block is ten rounds of Philox4x32 over counter c with key k.
func block(c0, c1, c2, c3, k0, k1 uint32) [4]uint32 {
	for r := 0; r < 5; r++ { // two rounds in each, which spares moves
		p0 := mul0 * uint64(c0)
		p1 := mul1 * uint64(c2)
		d0, d1, d2, d3 := uint32(p1>>32)^c1^k0, uint32(p1), uint32(p0>>32)^c3^k1, uint32(p0)
		p0 = mul0 * uint64(d0)
		p1 = mul1 * uint64(d2)
		c0, c1, c2, c3 = uint32(p1>>32)^d1^(k0+weyl0), uint32(p1), uint32(p0>>32)^d3^(k1+weyl1), uint32(p0)
		k0 += 2 * weyl0 & 0xffffffff
		k1 += 2 * weyl1 & 0xffffffff
	}
	return [4]uint32{c0, c1, c2, c3}
}

// Key derives the key of a named random op: the 64-bit FNV-1a hash of name,
// plus seed times the golden-ratio constant of splitmix64, passed through the
// finalizer of splitmix64; the low word first.
func Key(seed int64, name string) [2]uint32 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	z := h + uint64(seed)*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return [2]uint32{uint32(z), uint32(z >> 32)}
}

// Stream is the sequence of 2^64 blocks of four 32-bit words that belongs to
// one key and one draw. It is a value without state: copies are free, and
// every method is random access.
type Stream struct {
	key  [2]uint32
	draw uint64
}

// New returns the stream of the given key and draw.
func New(key [2]uint32, draw uint64) Stream { return Stream{key, draw} }

// Block returns block i: Philox4x32-10 of the counter
// (low word of i, high word of i, low word of draw, high word of draw).
func (s Stream) Block(i uint64) [4]uint32 {
	return block(uint32(i), uint32(i>>32), uint32(s.draw), uint32(s.draw>>32), s.key[0], s.key[1])
}

// FillBytes sets dst[j] to the byte of the stream with number i = offset+j:
// byte i%16 of block i/16, the words in order and the low byte of each first.
func FillBytes(dst []uint8, s Stream, offset int) {
	i := uint64(offset)
	for len(dst) > 0 {
		if i%16 == 0 {
			if n := 16 * s.words(dst, i/16); n > 0 {
				dst, i = dst[n:], i+uint64(n)
				continue
			}
		}
		var b [16]uint8
		for l, w := range s.Block(i / 16) {
			binary.LittleEndian.PutUint32(b[4*l:], w)
		}
		n := copy(dst, b[i%16:])
		dst, i = dst[n:], i+uint64(n)
	}
}

// Uniform32 maps the upper 24 bits of a word to [0, 1).
func Uniform32(w uint32) float32 { return float32(w>>8) * 0x1p-24 }

// Uniform64 maps 53 of the 64 bits of two words (hi has the upper ones) to [0, 1).
func Uniform64(hi, lo uint32) float64 {
	return float64((uint64(hi)<<32|uint64(lo))>>11) * 0x1p-53
}

// Float is the constraint of the slice fillers.
type Float interface{ ~float32 | ~float64 }

func is32[T Float]() bool {
	var t T
	return unsafe.Sizeof(t) == 4
}

// as32 views x as float32, which the caller has checked.
func as32[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// FillUniform sets dst[j] = lo + (hi-lo)*u, u uniform on [0, 1), for the
// element i = offset+j of the stream; results lie in [lo, hi) for lo < hi.
//
//	float32: element i is Uniform32 of word i%4 of block i/4
//	float64: element i is Uniform64 of words 2(i%2), 2(i%2)+1 of block i/2
func FillUniform[T Float](dst []T, s Stream, offset int, lo, hi T) {
	span := hi - lo
	last := below(hi, lo)
	scale := func(u T) T {
		v := lo + T(span*u)
		if v >= hi && lo < hi {
			v = last // Rounding reached the open end.
		}
		return v
	}
	i := uint64(offset)
	if is32[T]() {
		vectorLast := float32(last)
		if !(lo < hi) {
			vectorLast = float32(math.Inf(1))
		}
		for len(dst) > 0 {
			if i%4 == 0 {
				if n := 4 * s.uniform(as32(dst), i/4, float32(lo), float32(span), vectorLast); n > 0 {
					dst, i = dst[n:], i+uint64(n)
					continue
				}
			}
			w := s.Block(i / 4)
			if i%4 == 0 && len(dst) >= 4 {
				dst[0] = scale(T(Uniform32(w[0])))
				dst[1] = scale(T(Uniform32(w[1])))
				dst[2] = scale(T(Uniform32(w[2])))
				dst[3] = scale(T(Uniform32(w[3])))
				dst = dst[4:]
				i += 4
				continue
			}
			for l := i % 4; l < 4 && len(dst) > 0; l++ {
				dst[0] = scale(T(Uniform32(w[l])))
				dst = dst[1:]
				i++
			}
		}
		return
	}
	for len(dst) > 0 {
		w := s.Block(i / 2)
		for l := i % 2; l < 2 && len(dst) > 0; l++ {
			dst[0] = scale(T(Uniform64(w[2*l], w[2*l+1])))
			dst = dst[1:]
			i++
		}
	}
}

// below returns the value next to hi in the direction of lo.
func below[T Float](hi, lo T) T {
	if is32[T]() {
		return T(math.Nextafter32(float32(hi), float32(lo)))
	}
	return T(math.Nextafter(float64(hi), float64(lo)))
}

// FillNormal sets dst[j] = mean + stddev*z, z standard normal by the
// Box-Muller transform, for the element i = offset+j of the stream.
//
// Block i/2 gives u1 = 1 - Uniform64(words 0, 1) on (0, 1] and
// u2 = Uniform64(words 2, 3); z is sqrt(-2 ln u1) * cos(2 pi u2) for even i
// and sqrt(-2 ln u1) * sin(2 pi u2) for odd i. The arithmetic is float64 for
// both types, so a float32 fill is the rounded float64 fill.
func FillNormal[T Float](dst []T, s Stream, offset int, mean, stddev T) {
	m, sd := float64(mean), float64(stddev)
	i := uint64(offset)
	j := 0
	if i%2 == 1 && len(dst) > 0 {
		_, z := normalPair(s.Block(i / 2))
		dst[0] = T(m + sd*z)
		i, j = i+1, 1
	}
	for ; j+1 < len(dst); i, j = i+2, j+2 {
		z0, z1 := normalPair(s.Block(i / 2))
		dst[j], dst[j+1] = T(m+sd*z0), T(m+sd*z1)
	}
	if j < len(dst) {
		z, _ := normalPair(s.Block(i / 2))
		dst[j] = T(m + sd*z)
	}
}

func normalPair(w [4]uint32) (even, odd float64) {
	radius := math.Sqrt(-2 * math.Log(1-Uniform64(w[0], w[1])))
	sin, cos := math.Sincos(2 * math.Pi * Uniform64(w[2], w[3]))
	return radius * cos, radius * sin
}

// erfSqrt2 is erf(sqrt 2) = P(|z| < 2) of a standard normal z.
const erfSqrt2 = 0.95449973610364158559943472566693312505644755259664313

// FillTruncatedNormal sets dst[j] = mean + stddev*z, z a standard normal
// conditioned on |z| < 2, for the element i = offset+j of the stream. As in
// TensorFlow stddev is that before truncation; what results is 0.8796 of it.
//
// Words 2(i%2), 2(i%2)+1 of block i/2 give the 53-bit integer q, and
// z = sqrt 2 * erfinv(erf(sqrt 2) * ((2q+1) 2^-53 - 1)): inversion needs no
// rejection, so element i depends on nothing but key, draw and i. The
// arithmetic is float64 for both types.
func FillTruncatedNormal[T Float](dst []T, s Stream, offset int, mean, stddev T) {
	m, sd := float64(mean), float64(stddev)
	i := uint64(offset)
	for j := 0; j < len(dst); {
		w := s.Block(i / 2)
		for l := int(i % 2); l < 2 && j < len(dst); l++ {
			dst[j] = T(m + sd*truncated(w[2*l], w[2*l+1]))
			j++
			i++
		}
	}
}

func truncated(hi, lo uint32) float64 {
	v := (Uniform64(hi, lo)-0.5)*2 + 0x1p-53
	z := math.Sqrt2 * math.Erfinv(erfSqrt2*v)
	return max(-2, min(2, z)) // Rounding of the product may pass 2 by an ulp.
}
