package weights

import (
	"encoding/binary"
	"io"
	"math"
	"unsafe"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/half"
)

// element is what a tensor's values are kept in.
type element interface {
	float32 | float64 | int32 | int64 | uint8 | bool
}

// decoder makes values of their bytes, of which there are whole elements.
type decoder[T element] struct {
	size   int // bytes of an element
	decode func(dst []T, b []byte, order binary.ByteOrder) error
	raw    bool // in the machine's own order the bytes are the values
}

const (
	chunkBytes = 1 << 16 // read and decoded at a time
	firstChunk = 1 << 20 // elements that memory is taken for before they are seen
	pieceBytes = 1 << 23 // of a tensor that has strides, or of its values where these are longer, read and moved at a time
)

// read reads the n elements that a tensor reaches over, and returns its own in row-major order.
func read[T element](t Tensor, r io.Reader, n int, d decoder[T]) ([]T, error) {
	all, _ := t.Elements()
	if t.Held >= 0 || n <= firstChunk {
		values := make([]T, all)
		return values, readInto(values, t, r, n, d)
	}
	s := newStream(t, r, n, d)
	values := make([]T, firstChunk)
	for done := 0; done < n; done = len(values) {
		if done > 0 {
			values = append(values, make([]T, min(n-done, done))...) // as much again as there really is
		}
		if err := s.fill(values[done:]); err != nil {
			return nil, err
		}
	}
	if t.isRowMajor() {
		return values, nil
	}
	out := make([]T, all)
	gather(out, values, axesOf(t.Shape, t.Strides))
	return out, nil
}

// readInto is read into memory that is there. Of a tensor that has strides, a piece at a time is held beside it.
func readInto[T element](out []T, t Tensor, r io.Reader, n int, d decoder[T]) error {
	s := newStream(t, r, n, d)
	if t.isRowMajor() || len(out) == 0 {
		return s.fill(out)
	}
	return s.move(out, axesOf(t.Shape, t.Strides), pieceBytes/max(d.size, int(unsafe.Sizeof(out[0]))))
}

// integer reads an element of one of the integer dtypes; wide tells of a uint64 that an
// int64 does not hold.
func (d DType) integer(b []byte, order binary.ByteOrder) (v int64, wide bool) {
	switch d {
	case Int8:
		return int64(int8(b[0])), false
	case Uint8, Bool:
		return int64(b[0]), false
	case Int16:
		return int64(int16(order.Uint16(b))), false
	case Uint16:
		return int64(order.Uint16(b)), false
	case Int32:
		return int64(int32(order.Uint32(b))), false
	case Uint32:
		return int64(order.Uint32(b)), false
	}
	u := order.Uint64(b)
	return int64(u), d == Uint64 && u > math.MaxInt64
}

// float32s decodes floats of up to 32 bits, and whatever is quantised.
func (t Tensor) float32s() decoder[float32] {
	d := decoder[float32]{size: t.DType.Size(), raw: t.DType == Float32 && t.Scale == 0}
	d.decode = func(dst []float32, b []byte, order binary.ByteOrder) error {
		switch t.DType {
		case Float32:
			for i := range dst {
				dst[i] = math.Float32frombits(order.Uint32(b[4*i:]))
			}
		case Float64:
			for i := range dst {
				dst[i] = float32(math.Float64frombits(order.Uint64(b[8*i:])))
			}
		case Float16:
			for i := range dst {
				dst[i] = half.Float16(order.Uint16(b[2*i:]))
			}
		case BFloat16:
			for i := range dst {
				dst[i] = half.BFloat16(order.Uint16(b[2*i:]))
			}
		default:
			for i := range dst {
				v, _ := t.DType.integer(b[i*d.size:], order)
				dst[i] = float32(v)
			}
		}
		if t.Scale != 0 {
			for i, v := range dst {
				dst[i] = float32(float64(v)*t.Scale + t.Min)
			}
		}
		return nil
	}
	return d
}

func (t Tensor) int32s() decoder[int32] {
	size := t.DType.Size()
	return decoder[int32]{size, func(dst []int32, b []byte, order binary.ByteOrder) error {
		for i := range dst {
			v, _ := t.DType.integer(b[i*size:], order)
			dst[i] = int32(v)
		}
		return nil
	}, t.DType == Int32}
}

func (t Tensor) int64s() decoder[int64] {
	size := t.DType.Size()
	return decoder[int64]{size, func(dst []int64, b []byte, order binary.ByteOrder) error {
		for i := range dst {
			v, wide := t.DType.integer(b[i*size:], order)
			if wide {
				return errors.Errorf("the value %d is above 2^63-1", uint64(v))
			}
			dst[i] = v
		}
		return nil
	}, t.DType == Int64}
}

var (
	float64s = decoder[float64]{8, func(dst []float64, b []byte, order binary.ByteOrder) error {
		for i := range dst {
			dst[i] = math.Float64frombits(order.Uint64(b[8*i:]))
		}
		return nil
	}, true}
	uint8s = decoder[uint8]{1, nil, true}
	bools  = decoder[bool]{1, func(dst []bool, b []byte, _ binary.ByteOrder) error {
		for i, v := range b {
			if v > 1 {
				return errors.Errorf("a bool has the value %d", v)
			}
			dst[i] = v == 1
		}
		return nil
	}, false}
)
