package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// LogCosh is ln(cosh(predictions - labels)), elementwise: about d^2/2 for small
// differences d and |d| - ln(2) for large ones, smooth between, with full relative
// accuracy at both ends. Any shape, both of one float dtype and of equal shape
// (labels may be integers or bool); the result has that shape. WeightedLoss
// reduces it. tf.keras.losses.logcosh before its mean over the last axis.
//
// The gradients are grad*tanh(d) and its negative for the labels.
//
// TF: tf.keras.losses.logcosh. PyTorch: none. Dtypes: float. Gradient: yes.
func LogCosh(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	return elementLoss{
		name: "LogCosh", of: "predictions",
		f32: logCoshes[float32], f64: logCoshes[float64],
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			return opposite(s, Tanh(s, Sub(s, x, z)))
		},
	}.apply(s, labels, predictions)
}

func logCoshes[T float](loss, z, x []T) {
	z, x = z[:len(loss)], x[:len(loss)]
	for i, v := range x {
		d := math.Abs(float64(v - z[i]))
		if d < 1 {
			h := math.Sinh(d / 2)
			loss[i] = T(math.Log1p(2 * h * h)) // cosh(d) = 1 + 2*sinh(d/2)^2
		} else {
			loss[i] = T(d + (math.Log1p(math.Exp(-2*d)) - math.Ln2))
		}
	}
}
