package ops

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Reduction says how WeightedLoss makes one number of many losses; it is
// TensorFlow's tf.losses.Reduction. Wherever the divisor is 0 the loss is 0.
type Reduction int

const (
	// ReductionSumByNonzeroWeights divides the sum of the weighted losses by the
	// number of losses whose weight is not 0: the mean over what counts. It is the
	// default of tf.losses and, without weights, the "mean" of PyTorch.
	ReductionSumByNonzeroWeights Reduction = iota

	// ReductionNone keeps every weighted loss: reduction "none" of PyTorch.
	ReductionNone

	// ReductionSum is the sum of the weighted losses: "sum" of PyTorch.
	ReductionSum

	// ReductionMean divides the sum of the weighted losses by the sum of the
	// weights: the "mean" of those losses of PyTorch that take a weight for each
	// class.
	ReductionMean

	// ReductionSumOverBatchSize divides the sum of the weighted losses by the
	// number of losses, whatever their weights: Keras's default.
	ReductionSumOverBatchSize

	// ReductionSumOverNonzeroWeights is TensorFlow's older name of the default.
	ReductionSumOverNonzeroWeights = ReductionSumByNonzeroWeights
)

// String returns TensorFlow's name of the reduction, such as "weighted_mean".
func (r Reduction) String() string {
	switch r {
	case ReductionSumByNonzeroWeights:
		return "weighted_sum_by_nonzero_weights"
	case ReductionNone:
		return "none"
	case ReductionSum:
		return "weighted_sum"
	case ReductionMean:
		return "weighted_mean"
	case ReductionSumOverBatchSize:
		return "weighted_sum_over_batch_size"
	}
	return fmt.Sprintf("Reduction(%d)", int(r))
}

// WeightedLoss makes one number of the losses of examples or elements: it
// multiplies them by weights and reduces them. All losses of this package that give
// one value for each example or element are meant for it:
//
//	loss := ops.WeightedLoss(s, ops.Huber(s, labels, predictions, 1), weights, ops.ReductionSumByNonzeroWeights)
//
// is tf.losses.huber_loss(labels, predictions, weights), and with nil weights
// torch.nn.HuberLoss.
//
// losses are float32 or float64 of any shape [batch, ...]. weights are nil, for 1; a
// scalar; one for each example [batch]; or anything else whose axes, aligned at the
// first one, have the size of the losses' or 1. They may be integers or bool (a
// mask). The result is a scalar of the dtype of losses, or has their shape with
// ReductionNone. A loss of weight 0 counts as 0 even where it is infinite or NaN;
// when all weights are 0, or there are no losses, the result is 0, and so is the
// gradient.
//
// The gradients are grad*weights/divisor for the losses, exactly 0 where the weight
// is 0, and those of the formula for weights that are floats.
//
// TF: tf.losses.compute_weighted_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func WeightedLoss(s *graph.Scope, losses, weights *gorgonia.Node, reduction Reduction) *gorgonia.Node {
	const name = "WeightedLoss"
	in, sp := gorgonia.Nodes{losses}, graph.SpecOf(losses)
	if weights != nil {
		in = append(in, weights)
	}
	intended := graph.Spec{Dtype: sp.Dtype}
	if reduction == ReductionNone {
		intended = sp
	}
	switch {
	case losses == nil:
		return s.Fail(name, nil, intended, errors.New("the losses are nil"))
	case !sp.IsFloat():
		return s.Fail(name, in, intended, errors.Errorf("the losses are %v; want float32 or float64 (labels and predictions go into a loss such as SquaredError first)", sp))
	case reduction < 0 || reduction > ReductionSumOverBatchSize:
		return s.Fail(name, in, intended, errors.Errorf("there is no %v", reduction))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		total := losses
		if weights != nil {
			weights = lossWeights(s, weights, losses)
			total = MulNoNan(s, losses, weights)
		}
		if reduction == ReductionNone {
			return total
		}
		total = Sum(s, total)
		if divisor := lossDivisor(s, losses, weights, reduction); divisor != nil {
			return divideOrZero(s, total, divisor)
		}
		return total
	})
}

// AddLoss enters loss into the collection graph.Losses, as the functions of
// tf.losses do by themselves, and returns it.
//
// TF: tf.losses.add_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func AddLoss(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node {
	const name = "AddLoss"
	sp := graph.SpecOf(loss)
	switch {
	case loss == nil:
		return s.Failf(name, nil, "the loss is nil")
	case !sp.IsFloat():
		return s.Failf(name, gorgonia.Nodes{loss}, "the loss is %v; want float32 or float64", sp)
	}
	s.Graph().AddToCollection(graph.Losses, loss)
	return loss
}

// lossDivisor returns what the sum of the weighted losses is divided by, nil for
// nothing. The weights, nil for ones, are aligned already.
func lossDivisor(s *graph.Scope, losses, weights *gorgonia.Node, reduction Reduction) *gorgonia.Node {
	one := graph.ConstOf(s, losses.Dtype(), 1.0)
	switch {
	case reduction == ReductionSum:
		return nil
	case reduction == ReductionSumOverBatchSize || weights == nil:
		return multiplicity(s, one, losses)
	case reduction == ReductionSumByNonzeroWeights:
		zero := graph.ConstOf(s, weights.Dtype(), 0.0)
		weights = indicator(s, NotEqual(s, weights, zero), losses)
	}
	return Mul(s, Sum(s, weights), multiplicity(s, weights, losses))
}

// divideOrZero is a/b, 0 where b is 0.
func divideOrZero(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	zero, one := graph.ConstOf(s, b.Dtype(), 0.0), graph.ConstOf(s, b.Dtype(), 1.0)
	none := Equal(s, b, zero)
	return Where(s, none, zero, Div(s, a, Where(s, none, one, b)))
}

// lossWeights gives weights the dtype of losses and, at the end, the axes of size 1
// that they lack, once it is clear that they can be repeated to the losses.
func lossWeights(s *graph.Scope, weights, losses *gorgonia.Node) *gorgonia.Node {
	return view(s, "Weights", nil, func(in []graph.Spec) (tensor.Shape, error) {
		w, losses := in[0], in[1]
		out := w.Shape.Clone()
		for len(out) < losses.Rank() {
			out = append(out, 1)
		}
		switch {
		case w.Dtype != losses.Dtype:
			return out, errors.Errorf("the weights are %v beside losses %v; want one dtype (ops.Cast converts)", w, losses)
		case !broadcastsTo(out, losses.Shape):
			return out, errors.Errorf("the weights are %v beside losses %v; want a scalar or, aligned at the first axis, sizes that are equal or 1", w, losses)
		}
		return out, nil
	}, floatLabels(s, weights, losses), losses)
}

// multiplicity is how many times each element of x is repeated to fill the shape of
// like, a scalar of the dtype of x: the quotient of their sizes, 0 when x is empty.
// Only the shapes are used.
func multiplicity(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
	count := func(b *graph.Binding) float64 { return float64(sizeOf(b.In[1].Shape) / max(1, sizeOf(b.In[0].Shape))) }
	return graph.Apply(s, graph.OpDef{
		Name: "Multiplicity",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: tensor.Shape{}}, floats.check(in[0])
		},
		ShapeOnly: []int{0, 1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			n := count(b)
			return floatKernel(b,
				func(c *graph.Call) error { elements[float32](c.Out)[0] = float32(n); return nil },
				func(c *graph.Call) error { elements[float64](c.Out)[0] = n; return nil })
		},
		NotDifferentiable: true,
	}, x, like)
}
