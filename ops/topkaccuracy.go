package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// TopKAccuracy is the fraction of examples whose label is among the k classes of the greatest
// logits, a scalar of the dtype of the logits: the mean of InTopK, which says more about ties and
// NaN. labels [batch], int, int32 or int64, and logits [batch, classes], float32 or float64;
// further leading axes are allowed in both. Of no example it is NaN. Where k is 1 it differs from
// Accuracy in ties, of which all count as right here.
//
// TF: tf.keras.metrics.top_k_categorical_accuracy. PyTorch: none. Dtypes: float. Gradient: no.
func TopKAccuracy(s *graph.Scope, labels, logits *gorgonia.Node, k int) *gorgonia.Node {
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		at := s.NameScope("TopKAccuracy")
		in := InTopK(at, labels, logits, k)
		if graph.IsBad(in) {
			return in
		}
		return Mean(at, Cast(at, in, logits.Dtype()))
	})
}
