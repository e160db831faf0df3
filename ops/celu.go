package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// CELU is the continuously differentiable exponential linear unit of Barron
// (2017): x where x > 0, alpha*(exp(x/alpha)-1) otherwise; with alpha 1 it is
// ELU. alpha must be positive. Any shape, float32 or float64.
//
// The gradient is computed from the output: grad where y > 0, grad*(y/alpha + 1)
// otherwise.
//
// TF: none. PyTorch: torch.nn.functional.celu. Dtypes: float. Gradient: yes.
func CELU(s *graph.Scope, x *gorgonia.Node, alpha float64) *gorgonia.Node {
	if !(alpha > 0) || math.IsInf(alpha, 0) {
		return s.Failf("celu", gorgonia.Nodes{x}, "alpha is %v; want a positive number (1 is usual)", alpha)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "celu",
		Attrs: map[string]interface{}{"alpha": alpha},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { celu(y, x, float32(alpha)) },
			func(y, x []float64) { celu(y, x, alpha) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(celuGrad(s, grad, out, alpha))
		},
	}, x)
}

// celuGrad is grad where y > 0 and grad*(y/alpha + 1) otherwise, y being the
// output of CELU.
func celuGrad(s *graph.Scope, grad, y *gorgonia.Node, alpha float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "celu_grad",
		Attrs: map[string]interface{}{"alpha": alpha},
		Infer: sameTwo,
		Kernel: zipKernel(
			func(dx, dy, y []float32) { celuGradLoop(dx, dy, y, float32(alpha)) },
			func(dx, dy, y []float64) { celuGradLoop(dx, dy, y, alpha) }),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dy, y := in[0], in[1]
			negative := Cast(s, LessEqual(s, y, graph.ZerosLike(s, y)), y.Dtype())
			return gorgonia.Nodes{
				celuGrad(s, grad, y, alpha),
				Scale(s, Mul(s, Mul(s, grad, dy), negative), 1/alpha),
			}
		},
	}, grad, y)
}

func celu[T float](y, x []T, alpha T) {
	x = x[:len(y)]
	for i, v := range x {
		if !(v > 0) {
			v = alpha * kernel.Expm1Scalar(v/alpha)
		}
		y[i] = v
	}
}

func celuGradLoop[T float](dx, dy, y []T, alpha T) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, v := range y {
		f := v/alpha + 1
		if v > 0 {
			f = 1
		}
		dx[i] = dy[i] * f
	}
}
