package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Sign is -1, 0 or 1 as x is negative, zero or positive, elementwise; NaN stays
// NaN. Any shape; floats and signed integers. Its gradient is zero.
//
// TF: tf.sign. PyTorch: torch.sign. Dtypes: number. Gradient: no.
func Sign(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Sign",
		Infer: inferUnary(signed),
		Kernel: byDtype{
			f32: single(kernel.Sign[float32]), f64: single(kernel.Sign[float64]),
			i: single(signs[int]), i32: single(signs[int32]), i64: single(signs[int64]),
		}.first,
		InPlace:           []int{0},
		NotDifferentiable: true,
	}, x)
}

func signs[T int | int32 | int64](out, x []T) {
	for i, v := range x {
		switch {
		case v > 0:
			v = 1
		case v < 0:
			v = -1
		}
		out[i] = v
	}
}
