package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AbsoluteDifference is |predictions - labels|, elementwise: the mean absolute
// error once WeightedLoss has reduced it. Any shape, both of one float dtype and
// of equal shape (labels may be integers or bool); the result has that shape.
// tf.losses.absolute_difference before weights and reduction; torch's F.l1_loss
// with reduction "none".
//
// The gradients are grad*sign(predictions - labels), 0 where they are equal, and
// its negative for the labels.
//
// TF: tf.losses.absolute_difference. PyTorch: torch.nn.functional.l1_loss. Dtypes: float. Gradient: yes.
func AbsoluteDifference(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	return elementLoss{
		name: "AbsoluteDifference", of: "predictions",
		f32: absoluteDifferences[float32], f64: absoluteDifferences[float64],
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			return opposite(s, Sign(s, Sub(s, x, z)))
		},
	}.apply(s, labels, predictions)
}

func absoluteDifferences[T float](loss, z, x []T) {
	kernel.Sub(loss, x, z)
	kernel.Abs(loss, loss)
}
