package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// R2 is the coefficient of determination over all elements, a scalar: 1 for perfect predictions, 0
// for those that are no better than the mean of the labels, and below 0 for worse ones:
//
//	1 - sum((labels - predictions)^2) / sum((labels - mean(labels))^2)
//
// Any shape, the same for both; predictions are float32 or float64, labels of the same dtype, or
// integers or bools, which are cast. Where all labels are equal it is -Inf, or NaN of perfect
// predictions. It is composed, so gradients reach both operands. metrics.R2 of training adds
// batches up. scikit-learn's r2_score of one output.
//
// TF: none. PyTorch: none. Dtypes: float. Gradient: yes.
func R2(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	labels = floatLabels(s, labels, predictions)
	out, err := sameTwo([]graph.Spec{graph.SpecOf(labels), graph.SpecOf(predictions)})
	if labels == nil || predictions == nil {
		err = errors.New("one of them is nil")
	}
	if err != nil {
		return s.Fail("R2", gorgonia.Nodes{labels, predictions}, graph.Spec{Dtype: out.Dtype}, errors.WithMessage(err, "labels and predictions"))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		at := s.NameScope("R2")
		residual := Sum(at, SquaredDifference(at, labels, predictions))
		total := Sum(at, SquaredDifference(at, labels, Mean(at, labels)))
		return Sub(at, graph.ConstOf(at, labels.Dtype(), 1.0), Div(at, residual, total))
	})
}
