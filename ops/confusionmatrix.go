package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// ConfusionMatrix counts how often each class was taken for each: int64 [classes, classes], of
// which row i holds the examples whose label is i, by what was predicted. labels and predictions
// are class numbers of one shape, int, int32, int64 or bool; ArgMax makes them of logits. A number
// that is no class is an error of the Run. metrics.ConfusionMatrix of training adds batches up.
//
// TF: tf.confusion_matrix. PyTorch: none. Dtypes: int. Gradient: no.
func ConfusionMatrix(s *graph.Scope, labels, predictions *gorgonia.Node, classes int) *gorgonia.Node {
	out := graph.Spec{Dtype: tensor.Int64, Shape: tensor.Shape{classes, classes}}
	if classes < 1 {
		out.Shape = tensor.Shape{graph.Unknown, graph.Unknown}
		return s.Fail("ConfusionMatrix", gorgonia.Nodes{labels, predictions}, out, errors.Errorf("the number of classes is %d; want 1 or more", classes))
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "ConfusionMatrix",
		Attrs: map[string]interface{}{"classes": classes},
		Infer: func(in []graph.Spec) (graph.Spec, error) { return out, checkClassSpecs(in[0], in[1]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				labels, predictions, counts := c.In[0].Int64s(), c.In[1].Int64s(), c.Out.Int64s()
				clear(counts)
				if err := checkClassNumbers(labels, predictions, classes); err != nil {
					return err
				}
				for i, label := range labels {
					counts[label*int64(classes)+predictions[i]]++
				}
				return nil
			}, nil
		},
	}, classNumbers(s, labels), classNumbers(s, predictions))
}

// classNumbers casts class numbers of another integer dtype, or bools, to int64.
func classNumbers(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	if x == nil || x.Graph() != s.Graph().Expr() || graph.IsBad(x) {
		return x // the op reports it
	}
	if sp := graph.SpecOf(x); sp.Dtype != tensor.Int64 && (sp.IsInt() || sp.Dtype == tensor.Bool) {
		return Cast(s, x, tensor.Int64)
	}
	return x
}

// checkClassSpecs is the rule of class numbers beside each other.
func checkClassSpecs(labels, predictions graph.Spec) error {
	switch {
	case labels.Dtype != tensor.Int64:
		return errors.Errorf("the labels are %v; want class numbers of int, int32, int64 or bool", labels)
	case predictions.Dtype != tensor.Int64:
		return errors.Errorf("the predictions are %v; want class numbers of int, int32, int64 or bool (ops.ArgMax makes them of logits [..., classes], ops.Greater(s, p, graph.Const(s, 0.5)) of probabilities p of class 1)", predictions)
	case !graph.Compatible(labels.Shape, predictions.Shape):
		return errors.Errorf("the labels are %v, the predictions %v; want one shape", labels, predictions)
	}
	return nil
}

func checkClassNumbers(labels, predictions []int64, classes int) error {
	for i, label := range labels {
		if label < 0 || label >= int64(classes) {
			return errors.Errorf("label %d is %d; want a class of 0 to %d", i, label, classes-1)
		}
		if p := predictions[i]; p < 0 || p >= int64(classes) {
			return errors.Errorf("prediction %d is %d; want a class of 0 to %d", i, p, classes-1)
		}
	}
	return nil
}
