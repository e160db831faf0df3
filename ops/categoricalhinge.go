package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// CategoricalHinge is the hinge loss for several classes as Keras defines it, after
// Crammer and Singer (2001), for each example:
//
//	max(0, 1 - sum(labels*logits) + max((1-labels)*logits))
//
// with a one-hot row of labels: the right class should lead the best wrong one by 1
// (and lead 0, which stands for the right class in the maximum). MultiMargin takes
// class numbers and counts every wrong class.
//
// labels and logits [batch, classes], of one float dtype (labels may be integers or
// bool), give [batch]; further leading axes are allowed. A logit of -Inf is out where
// its label is 0 or 1. WeightedLoss reduces it.
// tf.keras.losses.categorical_hinge.
//
// The gradients are those of the formula; equal maxima share theirs.
//
// TF: tf.keras.losses.categorical_hinge. PyTorch: none. Dtypes: float. Gradient: yes.
func CategoricalHinge(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "CategoricalHinge",
		Infer:  inferRowLoss("labels and logits"),
		Kernel: rowLoss(categoricalHinge[float32], categoricalHinge[float64]),
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			z, x := in[0], in[1]
			own := Sum(s, MulNoNan(s, x, z), -1)
			best := Max(s, MulNoNan(s, x, Sub(s, graph.ConstOf(s, z.Dtype(), 1.0), z)), -1)
			return only(ReLU(s, AddScalar(s, Sub(s, best, own), 1)))
		},
	}, floatLabels(s, labels, logits), logits)
}

func categoricalHinge[T float](z, x []T) float64 {
	own, best := 0.0, math.Inf(-1)
	for i, v := range x {
		var wrong float64
		if z[i] != 0 {
			own += float64(z[i]) * float64(v)
		}
		if z[i] != 1 {
			wrong = (1 - float64(z[i])) * float64(v)
		}
		best = max(best, wrong)
	}
	return max(0, 1-own+best)
}
