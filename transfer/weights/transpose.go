package weights

import (
	"slices"

	"github.com/pkg/errors"
)

// Transpose returns t with its axes in another order, which is how the layouts of
// frameworks differ: axes[i] is the axis of t that becomes axis i. PyTorch's kernels
// OIHW become HWIO by Transpose(2, 3, 1, 0). Nothing is read.
func (t Tensor) Transpose(axes ...int) (Tensor, error) {
	rank := len(t.Shape)
	every := make([]int, rank)
	for a := range every {
		every[a] = a
	}
	if !slices.Equal(slices.Sorted(slices.Values(axes)), every) {
		return t, errors.Errorf("%q: the axes %v do not rearrange those of the shape %v", t.Name, axes, t.Shape)
	}
	from := t.strides()
	shape, strides := make([]int, rank), make([]int, rank)
	for i, a := range axes {
		shape[i], strides[i] = t.Shape[a], from[a]
	}
	t.Shape, t.Strides = shape, strides
	return t, nil
}

// Reshape returns t, which must be row-major, with other axes of as many elements.
func (t Tensor) Reshape(shape ...int) (Tensor, error) {
	n, err := t.Elements()
	if err != nil {
		return t, err
	}
	to := t
	to.Shape, to.Strides = slices.Clone(shape), nil
	if m, err := to.Elements(); err != nil || m != n || !t.isRowMajor() {
		return t, errors.Errorf("%q: the shape %v cannot become %v", t.Name, t.Shape, shape)
	}
	return to, nil
}
