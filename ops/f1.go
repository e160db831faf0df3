package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/metric"
)

// F1 is the harmonic mean of Precision and Recall of a class, 2*hits / (predicted + actual), otherwise as
// Precision: an average is taken of the scores of the classes. scikit-learn's f1_score.
//
// TF: tf.contrib.metrics.f1_score. PyTorch: none. Dtypes: int. Gradient: no.
func F1(s *graph.Scope, labels, predictions *gorgonia.Node, cfg ClassScoreConfig) *gorgonia.Node {
	return classScore(s, "F1", metric.F1, labels, predictions, cfg)
}
