package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ELU is the exponential linear unit of Clevert, Unterthiner and Hochreiter
// (2015): x where x > 0, alpha*(exp(x)-1) otherwise. Any shape, float32 or
// float64. tf.nn.elu and torch.nn.ELU with alpha 1.
//
// Its gradient is computed from the output: 1 where y > 0, y + alpha otherwise.
// alpha must be positive.
//
// TF: tf.nn.elu. PyTorch: torch.nn.functional.elu. Dtypes: float. Gradient: yes.
func ELU(s *graph.Scope, x *gorgonia.Node, alpha float64) *gorgonia.Node {
	if !(alpha > 0) {
		return s.Failf("elu", gorgonia.Nodes{x}, "alpha is %v; want a positive number (1 is usual)", alpha)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "elu",
		Attrs: map[string]interface{}{"alpha": alpha},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { kernel.ELU(y, x, float32(alpha)) },
			func(y, x []float64) { kernel.ELU(y, x, alpha) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(eluGrad(s, grad, out, alpha))
		},
	}, x)
}

// eluGrad is grad where y > 0 and grad*(y + alpha) otherwise, y being the
// output of ELU.
func eluGrad(s *graph.Scope, grad, y *gorgonia.Node, alpha float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "elu_grad",
		Attrs: map[string]interface{}{"alpha": alpha},
		Infer: sameTwo,
		Kernel: zipKernel(
			func(dx, dy, y []float32) { kernel.ELUGrad(dx, dy, y, float32(alpha)) },
			func(dx, dy, y []float64) { kernel.ELUGrad(dx, dy, y, alpha) }),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dy, y := in[0], in[1]
			negative := Cast(s, LessEqual(s, y, graph.ZerosLike(s, y)), y.Dtype())
			return gorgonia.Nodes{
				eluGrad(s, grad, y, alpha),
				Mul(s, Mul(s, grad, dy), negative),
			}
		},
	}, grad, y)
}
