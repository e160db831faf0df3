// Package half widens 16-bit floats, and narrows to them.
package half

import "math"

// Float16 widens an IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. Every value
// is exact in float32.
func Float16(h uint16) float32 {
	magnitude := uint32(h&0x7fff) << 13
	bits := magnitude | 0xff<<23 // infinities and NaNs keep their payload
	if h&0x7c00 != 0x7c00 {
		bits = math.Float32bits(math.Float32frombits(magnitude) * 0x1p112) // from one bias to the other, subnormals too
	}
	return math.Float32frombits(bits | uint32(h>>15)<<31)
}

// FromFloat32 narrows to the nearest binary16, of two to the one whose last bit is 0. What is too large by rounding becomes
// infinite; NaNs stay NaNs.
func FromFloat32(f float32) uint16 {
	bits := math.Float32bits(f)
	sign, magnitude := uint16(bits>>31)<<15, bits&^(1<<31)
	switch {
	case magnitude > 0xff<<23: // NaN: quiet, with what fits of its payload
		return sign | 0x7e00 | uint16(magnitude>>13)&0x1ff
	case magnitude >= 143<<23: // 2^16 and more, and infinity
		return sign | 0x7c00
	case magnitude < 113<<23: // below 2^-14: the sum has 2^-24 as its last bit, and is rounded to it
		return sign | uint16(math.Float32bits(math.Float32frombits(magnitude)+0.5)-math.Float32bits(0.5))
	}
	magnitude -= (127 - 15) << 23
	return sign | uint16((magnitude+0xfff+magnitude>>13&1)>>13)
}

// BFloat16 widens a bfloat16, which is the upper half of a float32.
func BFloat16(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }
