package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// SmoothLabels moves the fraction smoothing of each row of labels to all classes
// alike: labels*(1-smoothing) + smoothing/classes, as Szegedy et al., "Rethinking
// the Inception architecture" (2016), which keeps a model from growing ever surer.
// labels [..., classes], one-hot rows or probabilities, float32 or float64; the
// shape stays. smoothing is from 0, for none, to 1; 0.1 is usual. It is the
// label_smoothing of tf.losses.softmax_cross_entropy; for independent classes use
// SmoothBinaryLabels, for class numbers SmoothedSparseSoftmaxCrossEntropy.
//
// The gradient is grad*(1-smoothing).
//
// TF: tf.losses.softmax_cross_entropy(label_smoothing). PyTorch: torch.nn.CrossEntropyLoss(label_smoothing). Dtypes: float. Gradient: yes.
func SmoothLabels(s *graph.Scope, labels *gorgonia.Node, smoothing float64) *gorgonia.Node {
	const name = "SmoothLabels"
	if err := checkSmoothing(smoothing); err != nil {
		return s.Fail(name, gorgonia.Nodes{labels}, graph.SpecOf(labels), err)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"smoothing": smoothing},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := inferLastAxis(in)
			if err != nil && len(in) == 1 && in[0].IsInt() {
				err = errors.Errorf("the labels are %v; want rows of probabilities (OneHot makes them; SmoothedSparseSoftmaxCrossEntropy takes class numbers)", in[0])
			}
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			keep, share := 1-smoothing, smoothing/float64(b.Out.Shape[b.Out.Rank()-1])
			return graph.Elementwise(
				func(y, x []float32) { affine(y, x, float32(keep), float32(share)) },
				func(y, x []float64) { affine(y, x, keep, share) })(b)
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Scale(s, grad, 1-smoothing))
		},
	}, labels)
}

func affine[T float](y, x []T, factor, shift T) {
	for i, v := range x {
		y[i] = T(v*factor) + shift
	}
}

func checkSmoothing(smoothing float64) error {
	if !(smoothing >= 0 && smoothing <= 1) {
		return errors.Errorf("the smoothing is %v; want a number from 0, for none, to 1 (0.1 is usual)", smoothing)
	}
	return nil
}

// SmoothBinaryLabels draws labels in [0, 1] of independent classes towards a half:
// labels*(1-smoothing) + smoothing/2. Any shape, float32 or float64. smoothing is
// from 0, for none, to 1. It is the label_smoothing of
// tf.losses.sigmoid_cross_entropy.
//
// The gradient is grad*(1-smoothing).
//
// TF: tf.losses.sigmoid_cross_entropy(label_smoothing). PyTorch: none. Dtypes: float. Gradient: yes.
func SmoothBinaryLabels(s *graph.Scope, labels *gorgonia.Node, smoothing float64) *gorgonia.Node {
	const name = "SmoothBinaryLabels"
	if err := checkSmoothing(smoothing); err != nil {
		return s.Fail(name, gorgonia.Nodes{labels}, graph.SpecOf(labels), err)
	}
	return graph.Apply(s, graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"smoothing": smoothing},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { affine(y, x, float32(1-smoothing), float32(smoothing/2)) },
			func(y, x []float64) { affine(y, x, 1-smoothing, smoothing/2) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Scale(s, grad, 1-smoothing))
		},
	}, labels)
}

// SmoothedSparseSoftmaxCrossEntropy is SparseSoftmaxCrossEntropy with smoothed
// labels, for each example, without making rows of labels:
//
//	(1-smoothing)*SparseSoftmaxCrossEntropy - smoothing*mean(LogSoftmax(logits))
//
// which is SoftmaxCrossEntropy of SmoothLabels of the one-hot rows. labels [batch],
// int, int32 or int64, and logits [batch, classes], float32 or float64, give
// [batch]; further leading axes are allowed in both. smoothing is from 0, for none,
// to 1. A logit of -Inf makes its loss infinite, as every class has a share.
//
// The gradient with respect to the logits is that of the formula.
//
// TF: none. PyTorch: torch.nn.functional.cross_entropy(label_smoothing). Dtypes: float. Gradient: yes.
func SmoothedSparseSoftmaxCrossEntropy(s *graph.Scope, labels, logits *gorgonia.Node, smoothing float64) *gorgonia.Node {
	const name = "SmoothedSparseSoftmaxCrossEntropy"
	if err := checkSmoothing(smoothing); err != nil {
		return s.Fail(name, gorgonia.Nodes{labels, logits}, graph.Spec{Dtype: graph.SpecOf(logits).Dtype, Shape: graph.SpecOf(labels).Shape}, err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		loss := SparseSoftmaxCrossEntropy(s, labels, logits)
		if smoothing == 0 || graph.IsBad(loss) {
			return loss
		}
		return Sub(s, Scale(s, loss, 1-smoothing), Scale(s, Mean(s, LogSoftmax(s, logits), -1), smoothing))
	})
}
