package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// TripletLoss wants each anchor nearer to its positive, an example of the same
// kind, than to its negative by a margin: max(0, d(anchor, positive) -
// d(anchor, negative) + margin) with d the EuclideanDistance. The three
// [batch, n], of one shape and float dtype, give [batch]; further leading axes are
// allowed. margin is positive; 1 is usual. WeightedLoss reduces it. torch's
// F.triplet_margin_loss with reduction "none" and eps 0 (its 1e-6 is added to the
// differences). TripletSemihardLoss finds the triplets in a batch by itself.
//
// The gradients are those of the formula, 0 where the loss is 0, and 0 for a
// distance that is 0.
//
// TF: none. PyTorch: torch.nn.functional.triplet_margin_loss. Dtypes: float. Gradient: yes.
func TripletLoss(s *graph.Scope, anchor, positive, negative *gorgonia.Node, margin float64) *gorgonia.Node {
	const name = "TripletLoss"
	if !(margin > 0) || math.IsInf(margin, 0) {
		return s.Failf(name, gorgonia.Nodes{anchor}, "the margin is %v; want a positive number (1 is usual)", margin)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		return ReLU(s, AddScalar(s, Sub(s, EuclideanDistance(s, anchor, positive), EuclideanDistance(s, anchor, negative)), margin))
	})
}
