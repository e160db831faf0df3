package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Hinge is the hinge loss of a support vector machine (Cortes and Vapnik, 1995),
// elementwise, for labels 0 and 1 as tf.losses.hinge_loss takes them:
// max(0, 1 - y*logits) with y = 2*labels - 1, which is -1 or 1. Labels that are
// -1 and 1 already must be made 0 and 1 first. Any shape, both of one float dtype
// and of equal shape (labels may be integers or bool); the result has that shape.
// WeightedLoss reduces it. SquaredHinge, CategoricalHinge and MultiMargin are its
// relatives.
//
// The gradients are -grad*y where the loss is positive, 0 elsewhere, and
// -2*grad*logits for the labels.
//
// TF: tf.losses.hinge_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func Hinge(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return elementLoss{
		name: "Hinge", of: "logits",
		f32: hinges[float32], f64: hinges[float64],
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			y, margin := signedMargin(s, z, x)
			active := positive(s, margin)
			return Scale(s, MulNoNan(s, x, active), -2), Neg(s, Mul(s, active, y))
		},
	}.apply(s, labels, logits)
}

// signedMargin returns y = 2*labels - 1 and 1 - y*logits.
func signedMargin(s *graph.Scope, labels, logits *gorgonia.Node) (y, margin *gorgonia.Node) {
	y = AddScalar(s, Scale(s, labels, 2), -1)
	return y, Sub(s, graph.ConstOf(s, y.Dtype(), 1.0), Mul(s, y, logits))
}

func hinges[T float](loss, z, x []T) {
	z, x = z[:len(loss)], x[:len(loss)]
	for i, v := range x {
		loss[i] = max(0, 1-(2*z[i]-1)*v)
	}
}
