package tffile

import "hash/crc32"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum extends crc, the crc32c of earlier bytes (0 for none), by b.
func checksum(crc uint32, b []byte) uint32 { return crc32.Update(crc, castagnoli, b) }

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
