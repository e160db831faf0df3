package dataset

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// rows is a tensor seen as n examples of width elements each, in row-major order.
type rows struct {
	data  vector
	n     int
	width int
	inner []int // shape of one example; empty for a vector of labels
}

// rowsOf reads t along its first axis. Transposed and column-major tensors and
// views with gaps are copied into row-major order; others share their memory.
func rowsOf(t tensor.Tensor) (rows, error) {
	d, ok := t.(*tensor.Dense)
	if !ok || d == nil {
		return rows{}, errors.Errorf("wanted a *tensor.Dense, came %T", t)
	}
	shape := d.Shape()
	if len(shape) == 0 || shape.IsScalar() {
		return rows{}, errors.New("wanted a tensor with examples along its first axis, came a scalar")
	}
	r := rows{n: shape[0], width: 1, inner: append([]int(nil), shape[1:]...)}
	for _, s := range r.inner {
		r.width *= s
	}
	if r.n*r.width == 0 { // of which Data may panic
		return rows{}, errors.Errorf("wanted at least one example of at least one element, came shape %v", shape)
	}
	if r.data, ok = vectorOf(d.Data()); !ok {
		return rows{}, errors.Errorf("wanted a tensor of numbers, bools or strings, came dtype %v", d.Dtype())
	}
	// A tensor of one element may have no strides at all.
	if strides := d.Strides(); r.n*r.width > 1 && (!rowMajor(shape, strides) || d.RequiresIterator()) {
		if len(strides) != len(shape) {
			return rows{}, errors.Errorf("wanted a dense tensor, came shape %v with strides %v; pass its Materialize()", shape, strides)
		}
		last := 0
		for i, s := range shape {
			if strides[i] < 0 {
				return rows{}, errors.Errorf("wanted strides of zero or more, came %v; pass a copy", strides)
			}
			last += (s - 1) * strides[i]
		}
		if last >= r.data.size() {
			return rows{}, errors.Errorf("shape %v with strides %v reaches past its %d elements; pass a copy", shape, strides, r.data.size())
		}
		r.data = r.data.pack(shape, strides)
	}
	if r.data.size() != r.n*r.width {
		return rows{}, errors.Errorf("shape %v wants %d elements, the tensor has %d", shape, r.n*r.width, r.data.size())
	}
	return r, nil
}

// rowMajor tells whether strides are those of shape laid out without gaps, last
// axis fastest. The stride of an axis of size one does not matter.
func rowMajor(shape, strides []int) bool {
	if len(strides) != len(shape) {
		return false
	}
	want := 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 && strides[i] != want {
			return false
		}
		want *= shape[i]
	}
	return true
}

// tensor makes a tensor [n, inner...] on data, which it shares.
func (r rows) tensor(data vector, n int) *tensor.Dense {
	shape := append([]int{n}, r.inner...)
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data.raw()))
}

// at copies the examples idx into a new tensor.
func (r rows) at(idx []int) *tensor.Dense {
	dst := r.data.makeLike(len(idx) * r.width)
	r.data.gather(dst, idx, r.width)
	return r.tensor(dst, len(idx))
}

// between is a tensor of the examples from (inclusive) to (exclusive) that
// shares their memory.
func (r rows) between(from, to int) *tensor.Dense {
	return r.tensor(r.data.slice(from*r.width, to*r.width), to-from)
}
