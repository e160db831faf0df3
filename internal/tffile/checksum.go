package tffile

import "hash/crc32"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum extends crc, the crc32c of earlier bytes (0 for none), by b.
func checksum(crc uint32, b []byte) uint32 { return crc32.Update(crc, castagnoli, b) }

// A crc32c is the remainder of a polynomial over GF(2), its highest coefficient in the lowest bit. These are x^0 and x^8.
const (
	one     = 1 << 31
	xTo8    = 1 << 23
	modulus = crc32.Castagnoli // without x^32
)

// join is the crc32c of bytes whose first part has the checksum a and whose second one, of n bytes, has b: crc32_combine of zlib.
func join(a, b uint32, n int64) uint32 { return product(shift(n), a) ^ b }

// shift is x^(8n), by which a checksum is multiplied where n bytes follow.
func shift(n int64) uint32 {
	s := uint32(one)
	for power := uint32(xTo8); n > 0; n >>= 1 {
		if n&1 != 0 {
			s = product(s, power)
		}
		power = product(power, power)
	}
	return s
}

// product is a*b modulo the polynomial of crc32c.
func product(a, b uint32) uint32 {
	p := uint32(0)
	for bit := uint32(one); bit > 0; bit >>= 1 {
		if a&bit != 0 {
			p ^= b
		}
		if b&1 != 0 {
			b = b>>1 ^ modulus
		} else {
			b >>= 1
		}
	}
	return p
}

// maskDelta is kMaskDelta of tensorflow/core/lib/hash/crc32c.h.
const maskDelta = 0xa282ead8

// mask turns a crc32c into the form stored in files: rotated right by 15 bits plus a constant, so that the crc of data
// which itself holds crcs stays useful.
func mask(crc uint32) uint32 { return (crc>>15 | crc<<17) + maskDelta }

// unmask is the inverse of mask.
func unmask(masked uint32) uint32 {
	rot := masked - maskDelta
	return rot>>17 | rot<<15
}
