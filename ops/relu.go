package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ReLU is the rectified linear unit of Nair and Hinton (2010): max(x, 0), and
// NaN where x is NaN. Any shape, float32 or float64.
//
// Its gradient is computed from the output: grad where y > 0, 0 otherwise, so
// 0 at 0.
//
// TF: tf.nn.relu. PyTorch: torch.nn.functional.relu. Dtypes: float. Gradient: yes.
func ReLU(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "relu",
		Infer:   graph.SameFloat,
		Kernel:  rectifier(math.Inf(1), graph.Elementwise(kernel.ReLU[float32], kernel.ReLU[float64])),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(reluGrad(s, grad, out))
		},
	}, x)
}

// rectifier says of a kernel that it is min(max(x, 0), most), so that a product does its work.
func rectifier(most float64, bind binder) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		b.Rectifies(most)
		return bind(b)
	}
}

// reluGrad is grad where y > 0 and 0 otherwise, y being the output of ReLU.
func reluGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "relu_grad",
		Infer:   sameTwo,
		Kernel:  zipKernel(kernel.ReLUGrad[float32], kernel.ReLUGrad[float64]),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(reluGrad(s, grad, in[1])) // constant in y
		},
	}, grad, y)
}
