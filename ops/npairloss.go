package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// NPairConfig configures NPairLoss.
type NPairConfig struct {
	L2 float64 // strength of the penalty on the embeddings' lengths; default 0.002, graph.Zero for none
}

// NPairLoss is the N-pair loss of Sohn, "Improved deep metric learning with multi-class N-pair loss objective" (2016): each anchor is told
// from the positives of all other anchors by a softmax of inner products. With a and p the rows of anchors and positives, of which a[i] and
// p[i] have class labels[i],
//
//	mean over i of ln(1 + sum over j != i of exp(a[i].p[j] - a[i].p[i])) + L2/4 * mean over i of (|a[i]|^2 + |p[i]|^2)
//
// where no class occurs twice, which is how the paper draws batches. A class that does occur several times shares the target evenly: the
// first term is the cross-entropy between equal parts for all positives of the class and the softmax of the products.
//
// labels [batch], int, int32 or int64, and anchors and positives [batch, n], of one float dtype, give a scalar. It is
// tf.contrib.losses.metric_learning.npairs_loss. pairs.Positives of package transfer/pairs draws such pairs. The gradients are those of the formula.
//
// TF: tf.contrib.losses.metric_learning.npairs_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func NPairLoss(s *graph.Scope, labels, anchors, positives *gorgonia.Node, cfg NPairConfig) *gorgonia.Node {
	const name = "NPairLoss"
	if cfg.L2 == 0 {
		cfg.L2 = 0.002
	}
	if !(cfg.L2 >= 0) || math.IsInf(cfg.L2, 0) {
		return s.Fail(name, gorgonia.Nodes{anchors}, scalarOf(anchors), errors.Errorf("L2 is %v; want a positive number, 0 for 0.002, or graph.Zero for none", cfg.L2))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		logits := MatMulT(s, anchors, positives, false, true)
		if graph.IsBad(logits) {
			return Sum(s, logits)
		}
		same := Cast(s, sameClass(s, name, labels, logits), logits.Dtype())
		targets := Div(s, same, SumKeep(s, same, 1))
		loss := Mean(s, SoftmaxCrossEntropy(s, targets, logits))
		lengths := Add(s, Sum(s, Square(s, anchors), 1), Sum(s, Square(s, positives), 1))
		return Add(s, loss, Scale(s, Mean(s, lengths), cfg.L2/4))
	})
}
