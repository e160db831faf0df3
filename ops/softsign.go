package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Softsign is x / (1 + |x|) (Turian, Bergstra and Bengio, 2009); NaN at the
// infinities, as elsewhere. Any shape, float32 or float64.
//
// The gradient is grad / (1 + |x|)^2.
//
// TF: tf.nn.softsign. PyTorch: torch.nn.functional.softsign. Dtypes: float. Gradient: yes.
func Softsign(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "softsign",
		// The shape rule: called with unknown sizes as -1 when the node is
		// built, and with known ones for every new set of feed shapes.
		Infer: graph.SameFloat,
		// The kernel factory runs once for every plan. What it returns must not
		// allocate; this one is split over goroutines by size, and may run in
		// the step of the op before it, piece by piece.
		Kernel: graph.Elementwise(softsign[float32], softsign[float64]),
		// y[i] needs x[i] only, so y may take the place of x.
		InPlace: []int{0},
		// The gradient in terms of other ops: it can be differentiated again.
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			d := AddScalar(s, Abs(s, in[0]), 1)
			return gorgonia.Nodes{Div(s, grad, Square(s, d))}
		},
	}, x)
}

// softsign is y[i] = x[i] / (1 + |x[i]|).
func softsign[T float](y, x []T) {
	for i, v := range x {
		y[i] = v / (1 + max(v, -v))
	}
}
