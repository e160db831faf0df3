package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// MeanSquaredError is mean((predictions - labels)^2) over all elements, a scalar. Any shape, the same for both: [batch]
// against [batch, 1] is an error here, not a silent [batch, batch]. predictions are float32 or float64; labels of the
// same dtype, or integers or bools, which are cast. The loss is composed of Sub, Square and Mean, so gradients of any
// order reach both operands; of no element it is NaN, as every mean.
//
// TF: tf.losses.mean_squared_error. PyTorch: torch.nn.functional.mse_loss. Dtypes: float. Gradient: yes.
func MeanSquaredError(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	labels = floatLabels(s, labels, predictions)
	out, err := sameTwo([]graph.Spec{graph.SpecOf(labels), graph.SpecOf(predictions)})
	if labels == nil || predictions == nil {
		err = errors.New("one of them is nil")
	}
	if err != nil {
		return s.Fail("MeanSquaredError", gorgonia.Nodes{labels, predictions}, graph.Spec{Dtype: out.Dtype}, errors.WithMessage(err, "labels and predictions"))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return Mean(s, Square(s, Sub(s, predictions, labels)))
	})
}
