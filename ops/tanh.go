package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Tanh is the hyperbolic tangent. Any shape, float32 or float64.
//
// Its gradient is computed from the output: grad*(1-y*y).
//
// TF: tf.tanh. PyTorch: torch.tanh. Dtypes: float. Gradient: yes.
func Tanh(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "tanh",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Tanh[float32], kernel.Tanh[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(tanhGrad(s, grad, out))
		},
	}, x)
}

// tanhGrad is grad*(1-y*y), y being the output of Tanh.
func tanhGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "tanh_grad",
		Infer:   sameTwo,
		Kernel:  zipKernel(kernel.TanhGrad[float32], kernel.TanhGrad[float64]),
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			grad, y := in[0], in[1]
			return only(Mul(s, grad, Sub(s, graph.OnesLike(s, y), Mul(s, y, y))))
		},
	}, grad, y)
}
