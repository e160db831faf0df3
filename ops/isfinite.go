package ops

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// IsNaN tells which elements are NaN. Any shape, float32 or float64 -> bool.
// TF: tf.is_nan. PyTorch: torch.isnan. Dtypes: float. Gradient: no.
func IsNaN(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return classify(s, "IsNan", x, func(v float64) bool { return v != v })
}

// IsInf tells which elements are +Inf or -Inf. Any shape, float32 or float64 ->
// bool.
// TF: tf.is_inf. PyTorch: torch.isinf. Dtypes: float. Gradient: no.
func IsInf(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return classify(s, "IsInf", x, func(v float64) bool { return math.IsInf(v, 0) })
}

// IsFinite tells which elements are neither infinite nor NaN. Any shape, float32
// or float64 -> bool.
// TF: tf.is_finite. PyTorch: torch.isfinite. Dtypes: float. Gradient: no.
func IsFinite(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return classify(s, "IsFinite", x, func(v float64) bool { return v-v == 0 })
}

func classify(s *graph.Scope, name string, x *gorgonia.Node, is func(float64) bool) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: name,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := graph.SameFloat(in)
			return graph.Spec{Dtype: tensor.Bool, Shape: out.Shape}, err
		},
		Kernel: byDtype{f32: convertTo(classes[float32](is)), f64: convertTo(classes[float64](is))}.first,
	}, x)
}

func classes[T float](is func(float64) bool) func(out []bool, x []T) {
	return func(out []bool, x []T) {
		for i, v := range x {
			out[i] = is(float64(v))
		}
	}
}
