package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LogSigmoid is ln(sigmoid(x)) = -softplus(-x), which neither overflows nor
// loses small values. Any shape, float32 or float64.
//
// The gradient is grad*sigmoid(-x).
//
// TF: tf.math.log_sigmoid. PyTorch: torch.nn.functional.logsigmoid. Dtypes: float. Gradient: yes.
func LogSigmoid(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return pointwise{
		name: "log_sigmoid",
		y32:  logSigmoid[float32],
		y64:  logSigmoid[float64],
		dx32: logSigmoidGrad[float32],
		dx64: logSigmoidGrad[float64],
		slope: func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return Sigmoid(s, Neg(s, x))
		},
	}.apply(s, x)
}

func logSigmoid[T float](y, x []T) {
	kernel.MulScalar(y, x, -1)
	kernel.Softplus(y, y)
	kernel.MulScalar(y, y, -1)
}

func logSigmoidGrad[T float](dx, dy, x []T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		dx[i] = dy[i] * kernel.SigmoidScalar(-v)
	}
}
