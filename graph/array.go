package graph

import (
	"fmt"
	"unsafe"

	"gorgonia.org/tensor"
)

// Array is the storage of one value as a Kernel sees it: a dtype, a known
// shape, and the elements in row-major order without gaps. An Array does not
// own its memory; it is valid only during the Kernel call that received it.
type Array struct {
	dtype  tensor.Dtype
	shape  tensor.Shape
	size   int
	ptr    unsafe.Pointer
	absent bool
}

// Dtype returns the element type.
func (a *Array) Dtype() tensor.Dtype { return a.dtype }

// Shape returns the sizes of the axes; it must not be changed.
func (a *Array) Shape() tensor.Shape { return a.shape }

// Size returns the number of elements (1 for a scalar).
func (a *Array) Size() int { return a.size }

// Absent tells whether an optional operand (OpDef.Optional) has no value in
// this Run because it stands in a branch that is not taken.
func (a *Array) Absent() bool { return a.absent }

// Pointer returns the address of the first element, for generic kernels:
// unsafe.Slice((*T)(a.Pointer()), a.Size()).
func (a *Array) Pointer() unsafe.Pointer { return a.ptr }

// Float32s returns the elements. Like its siblings it panics when the dtype is
// another one; Run turns that panic into an error that names the node.
func (a *Array) Float32s() []float32 {
	a.want(tensor.Float32)
	return unsafe.Slice((*float32)(a.ptr), a.size)
}

// Float64s returns the elements of a float64 Array.
func (a *Array) Float64s() []float64 {
	a.want(tensor.Float64)
	return unsafe.Slice((*float64)(a.ptr), a.size)
}

// Ints returns the elements of an int Array.
func (a *Array) Ints() []int {
	a.want(tensor.Int)
	return unsafe.Slice((*int)(a.ptr), a.size)
}

// Int32s returns the elements of an int32 Array.
func (a *Array) Int32s() []int32 {
	a.want(tensor.Int32)
	return unsafe.Slice((*int32)(a.ptr), a.size)
}

// Int64s returns the elements of an int64 Array.
func (a *Array) Int64s() []int64 {
	a.want(tensor.Int64)
	return unsafe.Slice((*int64)(a.ptr), a.size)
}

// Uint8s returns the elements of a uint8 Array.
func (a *Array) Uint8s() []uint8 {
	a.want(tensor.Uint8)
	return unsafe.Slice((*uint8)(a.ptr), a.size)
}

// Bools returns the elements of a bool Array.
func (a *Array) Bools() []bool {
	a.want(tensor.Bool)
	return unsafe.Slice((*bool)(a.ptr), a.size)
}

func (a *Array) want(dt tensor.Dtype) {
	if a.dtype != dt {
		panic(fmt.Sprintf("the array holds %v, the kernel asked for %v", a.dtype, dt))
	}
}

// bytes returns the elements as raw memory.
func (a *Array) bytes() []byte {
	return unsafe.Slice((*byte)(a.ptr), a.size*int(a.dtype.Size()))
}

// copyFrom copies the elements of b, which has the same dtype and size.
func (a *Array) copyFrom(b *Array) { copy(a.bytes(), b.bytes()) }

// newArray allocates zeroed storage of its own.
func newArray(sp Spec) *Array {
	n := sizeOf(sp.Shape)
	// 8-byte words keep every dtype aligned; make aligns large blocks to pages.
	words := make([]uint64, (n*int(sp.Dtype.Size())+7)/8+1)
	return &Array{dtype: sp.Dtype, shape: sp.Shape, size: n, ptr: unsafe.Pointer(unsafe.SliceData(words))}
}

// arrayOf views a dense tensor's memory when it is contiguous and row-major,
// and copies it otherwise.
func arrayOf(t *tensor.Dense) *Array {
	a := &Array{}
	viewTensor(a, t)
	return a
}

// viewTensor points a at the memory of t, without allocating when t is
// contiguous and row-major. A view of another layout is copied first.
func viewTensor(a *Array, t *tensor.Dense) {
	if t.RequiresIterator() || t.DataOrder().IsColMajor() {
		t = t.Materialize().(*tensor.Dense)
		if t.DataOrder().IsColMajor() {
			t = rowMajor(t)
		}
	}
	a.dtype, a.shape, a.size = t.Dtype(), t.Shape(), sizeOf(t.Shape())
	a.ptr = unsafe.Pointer(unsafe.SliceData(t.Raw))
}

// rowMajor copies a column-major tensor element by element.
func rowMajor(t *tensor.Dense) *tensor.Dense {
	out := tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(t.Shape()...))
	idx := make([]int, t.Dims())
	for {
		v, err := t.At(idx...)
		if err != nil {
			panic(err)
		}
		if err := out.SetAt(v, idx...); err != nil {
			panic(err)
		}
		k := len(idx) - 1
		for ; k >= 0; k-- {
			if idx[k]++; idx[k] < t.Shape()[k] {
				break
			}
			idx[k] = 0
		}
		if k < 0 {
			return out
		}
	}
}

// tensorOf copies an Array into a fresh dense tensor of the same shape.
func tensorOf(a *Array) *tensor.Dense {
	t := newDense(Spec{a.dtype, a.shape})
	if a.size > 0 {
		copy(arrayOf(t).bytes(), a.bytes())
	}
	return t
}

// at returns the address offset bytes into the array.
func (a *Array) at(offset int) unsafe.Pointer { return unsafe.Add(a.ptr, offset) }
