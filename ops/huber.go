package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Huber is the loss of Huber, "Robust estimation of a location parameter"
// (1964), elementwise: with d = predictions - labels, d^2/2 where |d| <= delta
// and delta*(|d| - delta/2) elsewhere, so that outliers pull with a bounded
// force. delta is positive and finite; 1 is usual. Any shape, both of one float
// dtype and of equal shape (labels may be integers or bool); the result has that
// shape. WeightedLoss reduces it. tf.losses.huber_loss before weights and
// reduction; torch's F.huber_loss with reduction "none" (F.smooth_l1_loss is this
// divided by its beta, the delta).
//
// The gradients are grad*min(max(d, -delta), delta) and its negative for the
// labels.
//
// TF: tf.losses.huber_loss. PyTorch: torch.nn.functional.huber_loss. Dtypes: float. Gradient: yes.
func Huber(s *graph.Scope, labels, predictions *gorgonia.Node, delta float64) *gorgonia.Node {
	const name = "Huber"
	if !(delta > 0) || math.IsInf(delta, 0) {
		return s.Failf(name, gorgonia.Nodes{predictions}, "delta is %v; want a positive number (1 is usual)", delta)
	}
	return elementLoss{
		name: name, of: "predictions", attrs: map[string]interface{}{"delta": delta},
		f32: func(loss, z, x []float32) { hubers(loss, z, x, float32(delta)) },
		f64: func(loss, z, x []float64) { hubers(loss, z, x, delta) },
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			return opposite(s, ClipByValue(s, Sub(s, x, z), -delta, delta))
		},
	}.apply(s, labels, predictions)
}

func hubers[T float](loss, z, x []T, delta T) {
	z, x = z[:len(loss)], x[:len(loss)]
	half := delta / 2
	for i, v := range x {
		d := T(math.Abs(float64(v - z[i])))
		if d > delta {
			loss[i] = delta * (d - half)
		} else {
			loss[i] = d * d / 2
		}
	}
}
