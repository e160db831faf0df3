package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SquaredError is (predictions - labels)^2, elementwise. Any shape, both of one
// float dtype and of equal shape (labels may be integers or bool); the result has
// that shape. WeightedLoss reduces it; MeanSquaredError is its plain mean.
// tf.losses.mean_squared_error before weights and reduction; torch's F.mse_loss
// with reduction "none".
//
// The gradients are 2*grad*(predictions - labels) and its negative for the
// labels.
//
// TF: tf.losses.mean_squared_error. PyTorch: torch.nn.functional.mse_loss. Dtypes: float. Gradient: yes.
func SquaredError(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	return elementLoss{
		name: "SquaredError", of: "predictions",
		f32: squaredErrors[float32], f64: squaredErrors[float64],
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			return opposite(s, Scale(s, Sub(s, x, z), 2))
		},
	}.apply(s, labels, predictions)
}

func squaredErrors[T float](loss, z, x []T) {
	kernel.SquaredDifference(loss, x, z)
}
