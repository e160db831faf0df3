package gguf

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/plexaura/plexaura/internal/half"
)

// blockSize is how many elements of a row share their scale.
const blockSize = 32

// block is a way to quantise a block of elements.
type block struct {
	bytes      int
	dequantize func(to *[blockSize]float32, b []byte)
}

// blocksOf are ggml's types that are quantised in blocks of 32. d is the scale, m what is added, h and q are the bits of the elements:
//
//	Q4_0  d float16                     q 4 bits   (q - 8) * d
//	Q4_1  d float16, m float16          q 4 bits   q*d + m
//	Q5_0  d float16, h 32 fifth bits    q 4 bits   ((q | h<<4) - 16) * d
//	Q5_1  d, m float16, h 32 fifth bits q 4 bits   (q | h<<4)*d + m
//	Q8_0  d float16                     q int8     q * d
//
// A byte of 4-bit elements holds element i in its lower half and element i+16 in the upper one.
var blocksOf = map[uint32]block{
	2: {2 + 16, func(to *[blockSize]float32, b []byte) {
		nibbles(to, b[2:], 0, -8, float16(b), 0)
	}},
	3: {4 + 16, func(to *[blockSize]float32, b []byte) {
		nibbles(to, b[4:], 0, 0, float16(b), float16(b[2:]))
	}},
	6: {6 + 16, func(to *[blockSize]float32, b []byte) {
		nibbles(to, b[6:], binary.LittleEndian.Uint32(b[2:]), -16, float16(b), 0)
	}},
	7: {8 + 16, func(to *[blockSize]float32, b []byte) {
		nibbles(to, b[8:], binary.LittleEndian.Uint32(b[4:]), 0, float16(b), float16(b[2:]))
	}},
	8: {2 + 32, func(to *[blockSize]float32, b []byte) {
		d := float16(b)
		for i, q := range b[2 : 2+blockSize] {
			to[i] = float32(int8(q)) * d
		}
	}},
}

// nibbles is (q+zero)*d + m of elements of 4 bits, or 5 where fifth has bits.
func nibbles(to *[blockSize]float32, b []byte, fifth uint32, zero int32, d, m float32) {
	for i, q := range b[:blockSize/2] {
		low := int32(q&15) | int32(fifth>>i&1)<<4
		high := int32(q>>4) | int32(fifth>>(i+blockSize/2)&1)<<4
		// The conversion keeps the product from being fused with the sum, so that the bits are the same everywhere.
		to[i] = float32(float32(low+zero)*d) + m
		to[i+blockSize/2] = float32(float32(high+zero)*d) + m
	}
}

func float16(b []byte) float32 { return half.Float16(binary.LittleEndian.Uint16(b)) }

// dequantizer gives the float32 values of blocks.
type dequantizer struct {
	r      io.Reader
	block  block
	ready  []byte        // values that have not been read
	stored [34 * 64]byte // no block is larger than Q8_0's
	values [4 * blockSize * 64]byte
}

func (d *dequantizer) Read(b []byte) (int, error) {
	if len(d.ready) == 0 {
		most := len(d.values) / (4 * blockSize)
		n, err := io.ReadFull(d.r, d.stored[:most*d.block.bytes])
		if n < d.block.bytes {
			return 0, err
		}
		var values [blockSize]float32
		to := d.values[:0]
		for at := 0; at+d.block.bytes <= n; at += d.block.bytes {
			d.block.dequantize(&values, d.stored[at:])
			for _, v := range values {
				to = binary.LittleEndian.AppendUint32(to, math.Float32bits(v))
			}
		}
		d.ready = to
	}
	n := copy(b, d.ready)
	d.ready = d.ready[n:]
	return n, nil
}
