package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/metric"
)

// Average says how the scores of several classes become one: see ClassScoreConfig.
type Average = metric.Average

const (
	AverageBinary   = metric.Binary   // the score of class 1, of two classes
	AverageMicro    = metric.Micro    // of the counts of all classes together
	AverageMacro    = metric.Macro    // the mean of the scores of the classes that occur, as label or prediction
	AverageWeighted = metric.Weighted // the mean weighted by how many labels a class has
)

// ClassScoreConfig configures Precision, Recall and F1. The zero value is the score
// of class 1 of two.
type ClassScoreConfig struct {
	Classes int     // default 2
	Average Average // default AverageBinary, which more than two classes do not have
}

// Precision is the fraction of the examples predicted to be of a class that are of it, a scalar of
// the graph's dtype; of several classes it is an average (ClassScoreConfig), as in scikit-learn's
// precision_score. labels and predictions are class numbers of one shape, int, int32, int64 or
// bool; ArgMax makes them of logits, Greater of probabilities. 0/0 counts as 0. A number that is no
// class is an error of the Run. metrics.Precision of training adds batches up, of which the
// precision is not the mean of theirs.
//
// TF: tf.metrics.precision. PyTorch: none. Dtypes: int. Gradient: no.
func Precision(s *graph.Scope, labels, predictions *gorgonia.Node, cfg ClassScoreConfig) *gorgonia.Node {
	return classScore(s, "Precision", metric.Precision, labels, predictions, cfg)
}

// classScore makes the node of a score of counted classes.
func classScore(s *graph.Scope, name string, score metric.Score, labels, predictions *gorgonia.Node, cfg ClassScoreConfig) *gorgonia.Node {
	classes := cfg.Classes
	if classes == 0 {
		classes = 2
	}
	out := graph.Spec{Dtype: s.Graph().Dtype(), Shape: tensor.Shape{}}
	if err := metric.Check(cfg.Average, classes); err != nil {
		return s.Fail(name, gorgonia.Nodes{labels, predictions}, out, err)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"classes": classes, "average": int(cfg.Average)},
		Infer: func(in []graph.Spec) (graph.Spec, error) { return out, checkClassSpecs(in[0], in[1]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, classScoreKernel[float32](b, score, cfg.Average, classes), classScoreKernel[float64](b, score, cfg.Average, classes))
		},
		NotDifferentiable: true,
	}, classNumbers(s, labels), classNumbers(s, predictions))
}

func classScoreKernel[T float](b *graph.Binding, score metric.Score, average Average, classes int) graph.Kernel {
	counts := b.Scratch(tensor.Int64, 3*classes)
	return func(c *graph.Call) error {
		labels, predictions, all := c.In[0].Int64s(), c.In[1].Int64s(), c.Scratch[counts].Int64s()
		if err := checkClassNumbers(labels, predictions, classes); err != nil {
			return err
		}
		clear(all)
		hits, predicted, actual := all[:classes], all[classes:2*classes], all[2*classes:]
		for i, label := range labels {
			p := predictions[i]
			predicted[p]++
			actual[label]++
			if p == label {
				hits[label]++
			}
		}
		elements[T](c.Out)[0] = T(score.Over(average, hits, predicted, actual))
		return nil
	}
}
