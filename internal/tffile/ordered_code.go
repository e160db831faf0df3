package tffile

import (
	"encoding/binary"
	"math/bits"
)

// The ordered code of tensorflow/core/lib/strings/ordered_code.cc: encodings whose byte order is the order of the
// values.

// appendOrderedUint is WriteNumIncreasing: the number of significant bytes, then those bytes, most significant first.
func appendOrderedUint(b []byte, v uint64) []byte {
	var buf [8]byte
	binary.BigEndian.PutUint64(buf[:], v)
	n := (bits.Len64(v) + 7) / 8
	return append(append(b, byte(n)), buf[8-n:]...)
}

// appendOrderedString is WriteString: 00 becomes 00 ff and ff becomes ff 00, the end is 00 01.
func appendOrderedString(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch b = append(b, s[i]); s[i] {
		case 0x00:
			b = append(b, 0xff)
		case 0xff:
			b = append(b, 0x00)
		}
	}
	return append(b, 0x00, 0x01)
}

// appendOrderedInt is WriteSignedNumIncreasing: the two's complement in as many bytes as seven bits a byte need, with
// the sign inverted in front and the length in unary behind it.
func appendOrderedInt(b []byte, v int64) []byte {
	x := uint64(v)
	if v < 0 {
		x = ^x
	}
	n := bits.Len64(x)/7 + 1
	var buf [10]byte // sign-extended
	if v < 0 {
		buf[0], buf[1] = 0xff, 0xff
	}
	binary.BigEndian.PutUint64(buf[2:], uint64(v))
	out := buf[10-n:]
	header := uint16(0xffff) << (16 - n) // n leading ones
	out[0] ^= byte(header >> 8)
	if n > 1 {
		out[1] ^= byte(header)
	}
	return append(b, out...)
}
