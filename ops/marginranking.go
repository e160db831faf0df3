package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// MarginRanking wants one score above another by a margin, elementwise:
// max(0, margin - labels*(a - b)), where a label of 1 says that a ranks above b
// and -1 that b ranks above a. Any shape, all of one float dtype and of equal
// shape (labels may be signed integers); the result has that shape. WeightedLoss
// reduces it. torch's F.margin_ranking_loss with reduction "none"; margin 0 is
// its default.
//
// Where the loss is positive the gradients are -grad*labels for a, grad*labels for
// b and -grad*(a - b) for the labels; elsewhere they are 0.
//
// TF: none. PyTorch: torch.nn.functional.margin_ranking_loss. Dtypes: float. Gradient: yes.
func MarginRanking(s *graph.Scope, labels, a, b *gorgonia.Node, margin float64) *gorgonia.Node {
	const name = "MarginRanking"
	if math.IsNaN(margin) || math.IsInf(margin, 0) {
		return s.Failf(name, gorgonia.Nodes{a}, "the margin is %v; want a finite number", margin)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"margin": margin},
		Infer: inferLoss("labels, a and b", sameThree),
		Kernel: zip3Kernel(
			func(loss, y, a, b []float32) { marginRankings(loss, y, a, b, float32(margin)) },
			func(loss, y, a, b []float64) { marginRankings(loss, y, a, b, margin) }),
		InPlace: []int{0, 1, 2},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			y, a, b := in[0], in[1], in[2]
			pull := MulNoNan(s, grad, positive(s, out))
			db := MulNoNan(s, y, pull)
			return gorgonia.Nodes{MulNoNan(s, Sub(s, b, a), pull), Neg(s, db), db}
		},
	}, floatLabels(s, labels, a), a, b)
}

func marginRankings[T float](loss, y, a, b []T, margin T) {
	y, a, b = y[:len(loss)], a[:len(loss)], b[:len(loss)]
	for i, v := range a {
		loss[i] = max(0, margin-T(y[i]*(v-b[i])))
	}
}
