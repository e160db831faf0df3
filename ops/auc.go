package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/metric"
)

// AUC is the area under the ROC curve of a batch, a scalar of the dtype of the scores: the
// probability that an example of label 1 has a higher score than one of label 0, where ties count
// half. It is exact (tf.metrics.auc sums up trapezoids of 200 thresholds). labels are 0 and 1, int,
// int32, int64 or bool, and scores, logits or probabilities, float32 or float64 of the same shape.
// It is NaN where all labels are the same and where a score is NaN; another label is an error of
// the Run. metrics.AUC of training adds batches up. scikit-learn's roc_auc_score.
//
// TF: tf.metrics.auc. PyTorch: none. Dtypes: float. Gradient: no.
func AUC(s *graph.Scope, labels, scores *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "AUC",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[1].Dtype, Shape: tensor.Shape{}}
			switch {
			case !in[1].IsFloat():
				return out, errors.Errorf("the scores are %v; want float32 or float64 (labels come first)", in[1])
			case in[0].Dtype != tensor.Int64:
				return out, errors.Errorf("the labels are %v; want 0 and 1 of int, int32, int64 or bool", in[0])
			case !graph.Compatible(in[0].Shape, in[1].Shape):
				return out, errors.Errorf("the labels are %v, the scores %v; want one shape", in[0], in[1])
			}
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, aucKernel[float32](b), aucKernel[float64](b))
		},
		NotDifferentiable: true,
	}, classNumbers(s, labels), scores)
}

func aucKernel[T float](b *graph.Binding) graph.Kernel {
	order := b.Scratch(tensor.Int, sizeOf(b.In[1].Shape))
	return func(c *graph.Call) error {
		labels, scores := c.In[0].Int64s(), elements[T](c.In[1])
		for i, label := range labels {
			if label != 0 && label != 1 {
				return errors.Errorf("label %d is %d; want 0 or 1", i, label)
			}
		}
		positive := func(i int) bool { return labels[i] == 1 }
		score := func(i int) float64 { return float64(scores[i]) }
		elements[T](c.Out)[0] = T(metric.AUC(positive, score, c.Scratch[order].Ints()))
		return nil
	}
}
