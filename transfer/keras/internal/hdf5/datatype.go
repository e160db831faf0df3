package hdf5

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// The classes of types that are understood.
const (
	fixedPoint     = 0
	floatingPoint  = 1
	text           = 3
	enumeration    = 8
	variableLength = 9
)

// datatype is the type of elements.
type datatype struct {
	class     uint8
	size      int           // bytes of an element
	dtype     weights.DType // Invalid for a type that no tensor has
	bigEndian bool
	variable  bool // text that is kept in the global heap
}

// float is how a number is made of its bits.
type float struct{ size, exponentAt, exponentBits, mantissaAt, mantissaBits int }

var floats = map[float]weights.DType{
	{8, 52, 11, 0, 52}: weights.Float64, {4, 23, 8, 0, 23}: weights.Float32, {2, 10, 5, 0, 10}: weights.Float16, {2, 7, 8, 0, 7}: weights.BFloat16,
}

var integers = map[bool]map[int]weights.DType{
	true:  {1: weights.Int8, 2: weights.Int16, 4: weights.Int32, 8: weights.Int64},
	false: {1: weights.Uint8, 2: weights.Uint16, 4: weights.Uint32, 8: weights.Uint64},
}

func parseDatatype(b *fields) (d datatype, err error) {
	head, bits := b.u8(), b.uint(3)
	d.class, d.size = head&15, int(b.u32())
	switch d.class {
	case fixedPoint:
		d.bigEndian = bits&1 != 0
		if offset, precision := int(b.u16()), int(b.u16()); offset == 0 && precision == 8*d.size {
			d.dtype = integers[bits&8 != 0][d.size]
		}
	case floatingPoint:
		d.bigEndian = bits&1 != 0
		b.skip(4) // offset and precision, which follow from the rest
		f := float{d.size, int(b.u8()), int(b.u8()), int(b.u8()), int(b.u8())}
		d.dtype = floats[f]
	case text:
		d.dtype = weights.String
	case enumeration:
		if d.size == 1 { // h5py's bool
			d.dtype = weights.Bool
		}
	case variableLength:
		if bits&15 == 1 {
			d.dtype, d.variable = weights.String, true
		}
	}
	if b.short {
		return d, errors.New("a type is cut off")
	}
	return d, nil
}
