package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
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
			f32: single(signs32), f64: single(signs64),
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

// signs32 takes the sign bit as it is: whether a number is negative cannot be
// predicted, but that it is neither 0 nor NaN can.
func signs32(out, x []float32) {
	const one = 0x3f800000
	for i, v := range x {
		if v != 0 && v == v {
			v = math.Float32frombits(math.Float32bits(v)&(1<<31) | one)
		}
		out[i] = v
	}
}

func signs64(out, x []float64) {
	for i, v := range x {
		if v != 0 && v == v {
			v = math.Copysign(1, v)
		}
		out[i] = v
	}
}
