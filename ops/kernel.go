package ops

import (
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// grain is how many elements of cheap work, such as a copy or a sum, one
// goroutine takes. With vectors that is 2 to 8 us, and to hand it over costs 2
// to 4. Larger pieces made no difference that could be told from noise.
const grain = 32768

// float lists the element types of differentiable ops.
type float interface{ float32 | float64 }

// elements views an array as a slice of T, which must be its element type.
func elements[T any](a *graph.Array) []T {
	return unsafe.Slice((*T)(a.Pointer()), a.Size())
}

// floatKernel chooses between the float32 and the float64 form of a kernel.
func floatKernel(b *graph.Binding, f32, f64 graph.Kernel) (graph.Kernel, error) {
	switch b.Out.Dtype {
	case tensor.Float32:
		return f32, nil
	case tensor.Float64:
		return f64, nil
	}
	return nil, errors.Errorf("dtype %v is not supported; want float32 or float64", b.Out.Dtype)
}

// floatLoop is floatKernel for a pointwise op.
func floatLoop(b *graph.Binding, f32, f64 graph.Loop) (graph.Kernel, error) {
	switch b.Out.Dtype {
	case tensor.Float32:
		return b.Pointwise(f32), nil
	case tensor.Float64:
		return b.Pointwise(f64), nil
	}
	return floatKernel(b, nil, nil)
}

// only returns the gradients of an op whose first input alone has one.
func only(grad *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{grad} }
