package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Sigmoid is the logistic function 1 / (1 + exp(-x)), with full relative
// accuracy for negative x too. Any shape, float32 or float64.
//
// Its gradient is computed from the output: grad*y*(1-y).
//
// TF: tf.sigmoid. PyTorch: torch.sigmoid. Dtypes: float. Gradient: yes.
func Sigmoid(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "sigmoid",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.Sigmoid[float32], kernel.Sigmoid[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(sigmoidGrad(s, grad, out))
		},
	}, x)
}

// sigmoidGrad is grad*y*(1-y), y being the output of Sigmoid.
func sigmoidGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "sigmoid_grad",
		Infer:   sameTwo,
		Kernel:  zipKernel(kernel.SigmoidGrad[float32], kernel.SigmoidGrad[float64]),
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			grad, y := in[0], in[1]
			return only(Mul(s, grad, Mul(s, y, Sub(s, graph.OnesLike(s, y), y))))
		},
	}, grad, y)
}
