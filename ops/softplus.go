package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Softplus is ln(1 + exp(x)), a smooth ReLU (Dugas et al., 2001), computed as
// max(x, 0) + log1p(exp(-|x|)), which neither overflows nor loses small values.
// Any shape, float32 or float64.
//
// Its gradient is grad*sigmoid(x).
//
// TF: tf.nn.softplus. PyTorch: torch.nn.functional.softplus. Dtypes: float. Gradient: yes.
func Softplus(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "softplus",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Softplus[float32], kernel.Softplus[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(softplusGrad(s, grad, in[0]))
		},
	}, x)
}

// softplusGrad is grad*sigmoid(x).
func softplusGrad(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "softplus_grad",
		Infer:   sameTwo,
		Kernel:  zipKernel(kernel.SoftplusGrad[float32], kernel.SoftplusGrad[float64]),
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			return only(Mul(s, in[0], Sigmoid(s, in[1])))
		},
	}, grad, x)
}
