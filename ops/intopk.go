package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// InTopK tells for each example whether the label is among the k classes of the
// greatest logits: labels [batch], int, int32 or int64, and logits [batch,
// classes], float32 or float64, give bool [batch]; further leading axes are
// allowed in both. Fewer than k logits may be greater than the label's, so of
// classes tied at the boundary all count as in.
//
// It is false where the label's logit is not finite, where the label is no class
// and where the row holds a NaN. k must be at least 1. tf.nn.in_top_k, with
// labels first. It has no gradient; Mean of its Cast is the top-k accuracy.
//
// TF: tf.nn.in_top_k. PyTorch: none. Dtypes: float. Gradient: no.
func InTopK(s *graph.Scope, labels, logits *gorgonia.Node, k int) *gorgonia.Node {
	if k < 1 {
		return s.Fail("InTopK", gorgonia.Nodes{labels, logits}, graph.Spec{Dtype: tensor.Bool, Shape: graph.SpecOf(labels).Shape},
			errors.Errorf("k is %d; want 1 or more", k))
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "InTopK",
		Attrs: map[string]interface{}{"k": k},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			batch, err := checkLabels(in[0], in[1])
			return graph.Spec{Dtype: tensor.Bool, Shape: batch}, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			if b.In[1].Dtype == tensor.Float32 {
				return inTopK[float32](b, k), nil
			}
			return inTopK[float64](b, k), nil
		},
	}, labels, logits)
}

func inTopK[T float](b *graph.Binding, k int) graph.Kernel {
	return byLabel(b.In[0].Dtype, inTopKOf[T, int](b, k), inTopKOf[T, int32](b, k), inTopKOf[T, int64](b, k))
}

func inTopKOf[T float, L label](b *graph.Binding, k int) graph.Kernel {
	rows, classes := sizeOf(b.Out.Shape), b.In[1].Shape[b.In[1].Rank()-1]
	body := func(c *graph.Call, lo, hi int) {
		labels, logits, in := elements[L](c.In[0]), elements[T](c.In[1]), c.Out.Bools()
		for r := lo; r < hi; r++ {
			in[r] = isInTopK(logits[r*classes:(r+1)*classes], int64(labels[r]), k)
		}
	}
	rowGrain := max(1, grain/max(1, classes))
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

func isInTopK[T float](x []T, label int64, k int) bool {
	if label < 0 || label >= int64(len(x)) {
		return false
	}
	own := x[label]
	if math.IsNaN(float64(own)) || math.IsInf(float64(own), 0) {
		return false
	}
	greater := 0
	for _, v := range x {
		if v > own {
			greater++
		}
		if v != v {
			return false
		}
	}
	return greater < k
}
