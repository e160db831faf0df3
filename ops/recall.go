package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/metric"
)

// Recall is the fraction of the examples of a class that are predicted to be of it, otherwise as Precision;
// scikit-learn's recall_score. The weighted and the micro average are the accuracy.
//
// TF: tf.metrics.recall. PyTorch: none. Dtypes: int. Gradient: no.
func Recall(s *graph.Scope, labels, predictions *gorgonia.Node, cfg ClassScoreConfig) *gorgonia.Node {
	return classScore(s, "Recall", metric.Recall, labels, predictions, cfg)
}
