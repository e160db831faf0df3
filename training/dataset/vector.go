package dataset

// vector is a flat slice of one element type, so that the code above it moves
// rows of any dtype without naming the type.
type vector interface {
	size() int
	raw() any // the slice itself, []T
	makeLike(n int) vector
	slice(from, to int) vector

	// gather copies row idx[i] of the receiver, width elements wide, to row i
	// of dst, which must have the receiver's element type.
	gather(dst vector, idx []int, width int)

	// pack copies the elements of a strided layout into a new row-major vector.
	pack(shape, strides []int) vector
}

// vectorOf wraps the backing slice of a tensor. ok is false for an element type
// that no data set has (pointers, structs).
func vectorOf(data any) (v vector, ok bool) {
	switch d := data.(type) {
	case []float32:
		return vec[float32](d), true
	case []float64:
		return vec[float64](d), true
	case []int64:
		return vec[int64](d), true
	case []int32:
		return vec[int32](d), true
	case []int16:
		return vec[int16](d), true
	case []int8:
		return vec[int8](d), true
	case []int:
		return vec[int](d), true
	case []uint8:
		return vec[uint8](d), true
	case []uint16:
		return vec[uint16](d), true
	case []uint32:
		return vec[uint32](d), true
	case []uint64:
		return vec[uint64](d), true
	case []bool:
		return vec[bool](d), true
	case []string:
		return vec[string](d), true
	}
	return nil, false
}

type vec[T any] []T

func (v vec[T]) size() int                 { return len(v) }
func (v vec[T]) raw() any                  { return []T(v) }
func (v vec[T]) makeLike(n int) vector     { return make(vec[T], n) }
func (v vec[T]) slice(from, to int) vector { return v[from:to:to] }

func (v vec[T]) gather(dst vector, idx []int, width int) {
	d := dst.(vec[T])
	if width == 1 {
		for i, r := range idx {
			d[i] = v[r]
		}
		return
	}
	for i, r := range idx {
		copy(d[i*width:(i+1)*width], v[r*width:(r+1)*width])
	}
}

func (v vec[T]) pack(shape, strides []int) vector {
	n := 1
	for _, s := range shape {
		n *= s
	}
	out := make(vec[T], n)
	at := make([]int, len(shape)) // the current index, counted like an odometer
	src := 0
	for i := range out {
		out[i] = v[src]
		for k := len(shape) - 1; k >= 0; k-- {
			at[k]++
			src += strides[k]
			if at[k] < shape[k] {
				break
			}
			src -= at[k] * strides[k]
			at[k] = 0
		}
	}
	return out
}
