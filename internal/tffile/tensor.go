package tffile

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/half"
)

// maxRank is the largest rank of a TensorFlow tensor (TensorShape::MaxDimensions).
const maxRank = 254

// Tensor is a named value of a checkpoint.
type Tensor struct {
	Name  string
	DType DType
	// Shape holds the sizes of the axes; empty (or nil) is a scalar.
	Shape []int
	// Data holds the elements in row-major order, little-endian; nil for String.
	Data []byte
	// InFile holds them instead where a large tensor of a [MessageFile] was decoded: until [Tensor.Whole] there is no Data.
	InFile *io.SectionReader
	// Strings holds the elements of a String tensor in row-major order.
	Strings []string
}

// Element lists the Go types that [New] and [Values] convert to and from a tensor's bytes.
type Element interface {
	float32 | float64 | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | bool | complex64 | complex128
}

// New makes a tensor from values in row-major order. It fails when shape does not hold len(values) elements.
func New[T Element](name string, shape []int, values []T) (Tensor, error) {
	var zero T
	d := dtypeOf(zero)
	t := Tensor{Name: name, DType: d, Shape: append([]int(nil), shape...)}
	n, err := elements(t.Shape)
	if err != nil {
		return Tensor{}, errors.Wrapf(err, "tensor %q", name)
	}
	if n != int64(len(values)) {
		return Tensor{}, errors.Errorf("tensor %q: shape %v holds %d elements, %d values were given", name, shape, n, len(values))
	}
	t.Data, err = binary.Append(make([]byte, 0, len(values)*d.Size()), binary.LittleEndian, values)
	return t, errors.Wrapf(err, "tensor %q", name)
}

// NewStrings makes a String tensor from values in row-major order. It fails when shape does not hold len(values)
// elements.
func NewStrings(name string, shape []int, values []string) (Tensor, error) {
	t := Tensor{Name: name, DType: String, Shape: append([]int(nil), shape...), Strings: append([]string(nil), values...)}
	return t, t.check()
}

// Values decodes the elements of t in row-major order. It fails when t's dtype is not the one of T; there is no
// conversion, except that float32 also decodes Float16 and BFloat16 (both exactly), int32, int8 and int16 their
// quantized types.
func Values[T Element](t Tensor) ([]T, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	var zero T
	want := dtypeOf(zero)
	if want == Float32 && (t.DType == Float16 || t.DType == BFloat16) {
		out := make([]T, len(t.Data)/2)
		dst := any(out).([]float32)
		for i := range dst {
			h := binary.LittleEndian.Uint16(t.Data[2*i:])
			if t.DType == Float16 {
				dst[i] = half.Float16(h)
			} else {
				dst[i] = half.BFloat16(h)
			}
		}
		return out, nil
	}
	if unquantized(t.DType) != want {
		return nil, errors.Errorf("tensor %q: its dtype is %v, decoding to %v was asked; decode to the type it has and convert", t.Name, t.DType, want)
	}
	out := make([]T, len(t.Data)/want.Size())
	if _, err := binary.Decode(t.Data, binary.LittleEndian, out); err != nil {
		return nil, errors.Wrapf(err, "tensor %q", t.Name)
	}
	return out, nil
}

// check reports whether dtype, shape and elements of t belong together.
func (t Tensor) check() error {
	n, err := elements(t.Shape)
	if err != nil {
		return errors.Wrapf(err, "tensor %q", t.Name)
	}
	if t.DType == String {
		if int64(len(t.Strings)) != n || len(t.Data) != 0 {
			return errors.Errorf("tensor %q: shape %v of dtype string wants %d Strings and no Data, it has %d and %d bytes", t.Name, t.Shape, n, len(t.Strings), len(t.Data))
		}
		return nil
	}
	size := t.DType.Size()
	if size == 0 {
		return errors.Errorf("tensor %q: dtype %v is not supported; supported are the number types, bool and string", t.Name, t.DType)
	}
	if n > math.MaxInt64/int64(size) || n*int64(size) != int64(len(t.Data)) || len(t.Strings) != 0 {
		return errors.Errorf("tensor %q: shape %v of dtype %v wants %d elements of %d bytes and no Strings, it has %d bytes and %d Strings",
			t.Name, t.Shape, t.DType, n, size, len(t.Data), len(t.Strings))
	}
	return nil
}

// elements is the product of the axis sizes, 1 for a scalar. It fails on a negative size, a rank over maxRank and
// overflow.
func elements(shape []int) (int64, error) {
	if len(shape) > maxRank {
		return 0, errors.Errorf("a shape of rank %d, TensorFlow allows %d", len(shape), maxRank)
	}
	n, zero := int64(1), false
	for _, d := range shape {
		switch {
		case d < 0:
			return 0, errors.Errorf("shape %v has a negative axis; a stored tensor has a known shape", shape)
		case d == 0:
			zero = true
		case n > math.MaxInt64/int64(d):
			return 0, errors.Errorf("shape %v has more elements than fit in 63 bits", shape)
		default:
			n *= int64(d)
		}
	}
	if zero {
		return 0, nil
	}
	return n, nil
}

func dtypeOf(v any) DType {
	switch v.(type) {
	case float32:
		return Float32
	case float64:
		return Float64
	case int8:
		return Int8
	case int16:
		return Int16
	case int32:
		return Int32
	case int64:
		return Int64
	case uint8:
		return Uint8
	case uint16:
		return Uint16
	case uint32:
		return Uint32
	case uint64:
		return Uint64
	case bool:
		return Bool
	case complex64:
		return Complex64
	case complex128:
		return Complex128
	}
	return Invalid
}

// unquantized is the plain integer type that a quantized type is stored as; other types are themselves.
func unquantized(d DType) DType {
	switch d {
	case QInt8:
		return Int8
	case QUint8:
		return Uint8
	case QInt16:
		return Int16
	case QUint16:
		return Uint16
	case QInt32:
		return Int32
	}
	return d
}
