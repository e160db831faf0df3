package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SquaredHinge is the square of Hinge, elementwise: max(0, 1 - y*logits)^2 with
// y = 2*labels - 1 for labels 0 and 1. It is smooth where Hinge has its corner and
// punishes large violations more. Any shape, both of one float dtype and of equal
// shape (labels may be integers or bool); the result has that shape. WeightedLoss
// reduces it. tf.keras.losses.squared_hinge before its mean over the last axis.
//
// The gradients are -2*grad*y*max(0, 1 - y*logits) and, for the labels,
// -4*grad*logits*max(0, 1 - y*logits).
//
// TF: tf.keras.losses.squared_hinge. PyTorch: none. Dtypes: float. Gradient: yes.
func SquaredHinge(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return elementLoss{
		name: "SquaredHinge", of: "logits",
		f32: squaredHinges[float32], f64: squaredHinges[float64],
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			y, margin := signedMargin(s, z, x)
			hinge := ReLU(s, margin)
			return Scale(s, MulNoNan(s, x, hinge), -4), Scale(s, Mul(s, hinge, y), -2)
		},
	}.apply(s, labels, logits)
}

func squaredHinges[T float](loss, z, x []T) {
	hinges(loss, z, x)
	kernel.Square(loss, loss)
}
