package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SELU is the scaled exponential linear unit of Klambauer et al.,
// "Self-normalizing neural networks" (2017): scale*x where x > 0,
// scale*alpha*(exp(x)-1) otherwise, with scale 1.0507009873554805 and alpha
// 1.6732632423543772. With LeCun-normal kernels and standardised inputs it keeps
// activations near mean 0 and variance 1. Any shape, float32 or float64.
//
// Its gradient is computed from the output: grad*(y + scale*alpha) where y < 0,
// grad*scale otherwise. At 0 that is scale, as in TensorFlow; PyTorch has
// scale*alpha there.
//
// TF: tf.nn.selu. PyTorch: torch.nn.functional.selu. Dtypes: float. Gradient: yes.
func SELU(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "selu",
		Infer:   graph.SameFloat,
		Kernel:  graph.Elementwise(kernel.SELU[float32], kernel.SELU[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(seluGrad(s, grad, out))
		},
	}, x)
}

// seluGrad is grad*(y + scale*alpha) where y < 0 and grad*scale otherwise, y
// being the output of SELU.
func seluGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "selu_grad",
		Infer:   sameTwo,
		Kernel:  zipKernel(kernel.SELUGrad[float32], kernel.SELUGrad[float64]),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dy, y := in[0], in[1]
			negative := Cast(s, Less(s, y, graph.ZerosLike(s, y)), y.Dtype())
			return gorgonia.Nodes{
				seluGrad(s, grad, y),
				Mul(s, Mul(s, grad, dy), negative),
			}
		},
	}, grad, y)
}
