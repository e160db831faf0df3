package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ContrastiveLoss is the loss of Hadsell, Chopra and LeCun, "Dimensionality
// reduction by learning an invariant mapping" (2006), for each pair of embeddings
// a and b: with d their EuclideanDistance,
//
//	labels*d^2 + (1-labels)*max(0, margin - d)^2
//
// A label of 1 says that the two belong together, which pulls them together; 0
// pushes them apart until they are margin apart. labels [batch], a and b
// [batch, n], of one float dtype (labels may be integers or bool), give [batch];
// further leading axes are allowed. margin is positive; 1 is usual. WeightedLoss
// reduces it. tf.contrib.losses.metric_learning.contrastive_loss before its mean.
//
// The gradients are those of the formula; of a pair at distance 0 they are 0, as
// there is no direction to push in.
//
// TF: tf.contrib.losses.metric_learning.contrastive_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func ContrastiveLoss(s *graph.Scope, labels, a, b *gorgonia.Node, margin float64) *gorgonia.Node {
	const name = "ContrastiveLoss"
	if !(margin > 0) || math.IsInf(margin, 0) {
		return s.Failf(name, gorgonia.Nodes{a}, "the margin is %v; want a positive number (1 is usual)", margin)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return elementLoss{
			name: name, of: "the distances of the pairs", attrs: map[string]interface{}{"margin": margin},
			f32: func(loss, z, d []float32) { contrastives(loss, z, d, float32(margin)) },
			f64: func(loss, z, d []float64) { contrastives(loss, z, d, margin) },
			slopes: func(s *graph.Scope, z, d *gorgonia.Node) (dz, dd *gorgonia.Node) {
				near := ReLU(s, Sub(s, graph.ConstOf(s, d.Dtype(), margin), d))
				apart := Mul(s, Sub(s, graph.ConstOf(s, d.Dtype(), 1.0), z), near)
				return Sub(s, Square(s, d), Square(s, near)), Scale(s, Sub(s, Mul(s, z, d), apart), 2)
			},
		}.apply(s, labels, EuclideanDistance(s.NameScope(name), a, b))
	})
}

func contrastives[T float](loss, z, d []T, margin T) {
	z, d = z[:len(loss)], d[:len(loss)]
	for i, v := range d {
		near := max(0, margin-v)
		loss[i] = z[i]*v*v + (1-z[i])*near*near
	}
}
