package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Accuracy is the fraction of examples whose greatest logit is the label's, a
// scalar of the dtype of the logits: mean(argmax(logits) == labels). labels
// [batch], int, int32 or int64, and logits [batch, classes], float32 or float64;
// further leading axes are allowed in both.
//
// The first of equal logits counts. A row with a NaN and a label that is no class
// count as wrong; of no example it is NaN, as every mean. It has no gradient.
// tf.metrics.accuracy for one batch, or tf.reduce_mean of a cast in_top_k with k
// 1, which lets ties count as right.
//
// TF: tf.metrics.accuracy. PyTorch: none. Dtypes: float. Gradient: no.
func Accuracy(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "Accuracy",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			_, err := checkLabels(in[0], in[1])
			return graph.Spec{Dtype: in[1].Dtype, Shape: tensor.Shape{}}, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, accuracyKernel[float32](b), accuracyKernel[float64](b))
		},
		NotDifferentiable: true,
	}, labels, logits)
}

func accuracyKernel[T float](b *graph.Binding) graph.Kernel {
	return byLabel(b.In[0].Dtype, accuracyOf[T, int](b), accuracyOf[T, int32](b), accuracyOf[T, int64](b))
}

func accuracyOf[T float, L label](b *graph.Binding) graph.Kernel {
	logits := b.In[1].Shape
	classes := logits[len(logits)-1]
	rows := sizeOf(logits[:len(logits)-1])
	rowGrain := max(1, grain/max(1, classes))
	counts := b.Scratch(tensor.Int, max(1, rows+rowGrain-1)/rowGrain+1)
	body := func(c *graph.Call, lo, hi int) {
		labels, logits := elements[L](c.In[0]), elements[T](c.In[1])
		right := 0
		for r := lo; r < hi; r++ {
			x := logits[r*classes : (r+1)*classes]
			best := kernel.ArgMax(x)
			if best >= 0 && int64(best) == int64(labels[r]) && x[best] == x[best] {
				right++
			}
		}
		c.Scratch[counts].Ints()[lo/rowGrain] = right
	}
	return func(c *graph.Call) error {
		partial := c.Scratch[counts].Ints()
		clear(partial)
		c.Split(rows, rowGrain, body)
		right := 0
		for _, n := range partial {
			right += n
		}
		elements[T](c.Out)[0] = T(right) / T(rows)
		return nil
	}
}
