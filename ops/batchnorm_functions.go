package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// BatchNormalization normalises each channel by a mean and a variance that are given, then scales by gamma and shifts by beta:
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// x is float32 or float64, [batch, ..., channels]; the other four are [channels], of its dtype. epsilon is not negative. A row's
// bits do not depend on the other rows, and where the four are constants, or variables that a Run does not write, it is folded into a convolution
// or dense layer before it. The gradients are for all five. BatchNorm is the layer, with variables; FusedBatchNorm takes the statistics
// of the batch.
//
// TF: tf.nn.batch_normalization. PyTorch: torch.nn.functional.batch_norm. Dtypes: float. Gradient: yes.
func BatchNormalization(s *graph.Scope, x, mean, variance, beta, gamma *gorgonia.Node, epsilon float64) *gorgonia.Node {
	if !(epsilon >= 0) || math.IsInf(epsilon, 0) {
		return s.Failf("BatchNormalization", gorgonia.Nodes{x}, "epsilon is %v; want a small positive number", epsilon)
	}
	return batchNormInference(s, x, gamma, beta, mean, variance, epsilon)
}

// FusedBatchNorm is BatchNormalization by the mean and the biased variance of x itself, over all axes but the last, which
// it returns too, [channels] each. The gradients go through them.
//
// TF: tf.nn.fused_batch_norm. PyTorch: torch.nn.functional.batch_norm. Dtypes: float. Gradient: yes.
func FusedBatchNorm(s *graph.Scope, x, gamma, beta *gorgonia.Node, epsilon float64) (y, mean, variance *gorgonia.Node) {
	if !(epsilon >= 0) || math.IsInf(epsilon, 0) {
		y = s.Failf("FusedBatchNorm", gorgonia.Nodes{x}, "epsilon is %v; want a small positive number", epsilon)
		return y, y, y
	}
	y = fusedBatchNorm(s, x, gamma, beta, epsilon)
	return y, graph.Aux(s, y, 0), graph.Aux(s, y, 1)
}
