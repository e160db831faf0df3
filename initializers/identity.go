package initializers

import (
	"fmt"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Identity makes a matrix with gain on its main diagonal and 0 elsewhere:
// tf.keras.initializers.Identity. The matrix need not be square; gain 1 is
// usual.
func Identity(gain float64) graph.Initializer { return identity{gain} }

type identity struct{ gain float64 }

// String is the call that makes it.
func (i identity) String() string { return fmt.Sprintf("Identity(%v)", i.gain) }

// Initialize implements graph.Initializer.
func (i identity) Initialize(v *graph.Initial) error {
	shape := v.Out.Shape()
	if len(shape) != 2 {
		return errors.Errorf("the variable has shape %v; Identity needs a matrix [rows, columns]", []int(shape))
	}
	if !finite(i.gain) {
		return errors.Errorf("Identity has gain %v; want a finite number", i.gain)
	}
	switch v.Out.Dtype() {
	case tensor.Float32:
		fillDiagonal(v.Out.Float32s(), shape[0], shape[1], float32(i.gain))
	case tensor.Float64:
		fillDiagonal(v.Out.Float64s(), shape[0], shape[1], i.gain)
	default:
		return errors.Errorf("the variable is %v; Identity needs float32 or float64", v.Out.Dtype())
	}
	return nil
}

func fillDiagonal[T float32 | float64](x []T, rows, cols int, value T) {
	for k := range min(rows, cols) {
		x[k*cols+k] = value
	}
}

// elements views an array as a slice of T, which must be its element type.
func elements[T any](a *graph.Array) []T {
	return unsafe.Slice((*T)(a.Pointer()), a.Size())
}
