package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LeakyReLU is the leaky rectified linear unit of Maas, Hannun and Ng (2013):
// x where x > 0, alpha*x otherwise. Any shape, float32 or float64.
// tf.nn.leaky_relu, whose alpha is 0.2 by default, and torch.nn.LeakyReLU,
// whose slope is 0.01.
//
// Its gradient is grad where x > 0 and alpha*grad otherwise, so alpha*grad at
// 0. alpha may be any number, 0 and negative ones included.
//
// TF: tf.nn.leaky_relu. PyTorch: torch.nn.functional.leaky_relu. Dtypes: float. Gradient: yes.
func LeakyReLU(s *graph.Scope, x *gorgonia.Node, alpha float64) *gorgonia.Node {
	if math.IsNaN(alpha) || math.IsInf(alpha, 0) {
		return s.Failf("leaky_relu", gorgonia.Nodes{x}, "alpha is %v; want a number (0.2 and 0.01 are usual)", alpha)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "leaky_relu",
		Attrs: map[string]interface{}{"alpha": alpha},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { kernel.LeakyReLU(y, x, float32(alpha)) },
			func(y, x []float64) { kernel.LeakyReLU(y, x, alpha) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			if float32(alpha) > 0 {
				return only(leakyReLUGrad(s, grad, out, alpha)) // x need not be kept
			}
			return only(leakyReLUGrad(s, grad, in[0], alpha))
		},
	}, x)
}

// leakyReLUGrad is grad where x > 0 and alpha*grad otherwise; with a positive
// alpha the output of LeakyReLU serves as x.
func leakyReLUGrad(s *graph.Scope, grad, x *gorgonia.Node, alpha float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "leaky_relu_grad",
		Attrs: map[string]interface{}{"alpha": alpha},
		Infer: sameTwo,
		Kernel: zipKernel(
			func(dx, dy, x []float32) { kernel.LeakyReLUGrad(dx, dy, x, float32(alpha)) },
			func(dx, dy, x []float64) { kernel.LeakyReLUGrad(dx, dy, x, alpha) }),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(leakyReLUGrad(s, grad, in[1], alpha)) // constant in x
		},
	}, grad, x)
}
