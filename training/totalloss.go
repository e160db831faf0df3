package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// TotalLoss is loss, a scalar, plus the regularisation losses of the layers
// built so far (graph.RegularizationLosses), or of those whose name a pattern
// matches; without any it is loss itself. It has the dtype of loss.
// tf.losses.get_total_loss.
func TotalLoss(s *graph.Scope, loss *gorgonia.Node, patterns ...string) *gorgonia.Node {
	const name = "TotalLoss"
	if loss == nil {
		return s.Failf(name, nil, "the loss is nil")
	}
	sp := graph.SpecOf(loss)
	if !sp.IsFloat() || sp.Rank() != 0 {
		return s.Failf(name, gorgonia.Nodes{loss}, "the loss is %v; want a scalar of float32 or float64: ops.Mean takes the mean over the batch", sp)
	}
	total := loss
	for _, penalty := range s.Graph().Collection(graph.RegularizationLosses, patterns...) {
		if penalty.Dtype() != sp.Dtype {
			penalty = ops.Cast(s, penalty, sp.Dtype)
		}
		total = ops.Add(s, total, penalty)
	}
	return total
}
