package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// PairwiseSquaredError compares the differences between the elements of each
// example, not the elements themselves: the mean, over all pairs of elements i and
// j of an example, of
//
//	((predictions[i] - predictions[j]) - (labels[i] - labels[j]))^2
//
// which is twice the (unbiased) variance of predictions - labels, and is computed
// so. A constant added to a whole example costs nothing. Examples of one element
// have no pairs and give 0.
//
// labels and predictions [batch, ...], of rank 2 or more, of one float dtype and of
// equal shape (labels may be integers or bool), give [batch].
// tf.losses.mean_pairwise_squared_error is its WeightedLoss with ReductionSum, for
// weights [batch].
//
// The gradients are 4*grad*(d - mean(d))/(n-1), with d = predictions - labels of n
// elements, and its negative for the labels.
//
// TF: tf.losses.mean_pairwise_squared_error. PyTorch: none. Dtypes: float. Gradient: yes.
func PairwiseSquaredError(s *graph.Scope, labels, predictions *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "PairwiseSquaredError",
		Infer: inferLoss("labels and predictions", func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in)
			if err == nil && out.Rank() < 2 {
				err = errors.Errorf("they are %v; want [batch, ...], several elements for each example", out)
			}
			out.Shape = append(tensor.Shape{}, out.Shape[:min(1, out.Rank())]...)
			return out, err
		}),
		Kernel: rowLoss(pairwiseSquares[float32], pairwiseSquares[float64]),
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			d := Sub(s, in[1], in[0])
			axes := make([]int, graph.SpecOf(d).Rank()-1)
			for i := range axes {
				axes[i] = i + 1
			}
			squares := Sum(s, Square(s, Sub(s, d, MeanKeep(s, d, axes...))), axes...)
			others := AddScalar(s, multiplicity(s, squares, d), -1)
			return only(Div(s, Scale(s, squares, 2), Maximum(s, others, graph.ConstOf(s, d.Dtype(), 1.0))))
		},
	}, floatLabels(s, labels, predictions), predictions)
}

func pairwiseSquares[T float](z, x []T) float64 {
	n := float64(len(x))
	if n < 2 {
		return 0
	}
	mean := 0.0
	for i, v := range x {
		mean += float64(v) - float64(z[i])
	}
	mean /= n
	sum := 0.0
	for i, v := range x {
		d := float64(v) - float64(z[i]) - mean
		sum += d * d
	}
	return 2 * sum / (n - 1)
}
