package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SoftmaxCrossEntropy is the cross-entropy of softmax(logits) with a row of
// probabilities, for each example: sum(labels * (ln(sum(exp(x))) - x)), computed
// from x less the row's maximum. Where a label is 0 its logit may be -Inf.
//
// labels and logits [batch, classes] give [batch]; further leading axes are
// allowed. logits are float32 or float64; labels of the same dtype, or integers
// or bools (one-hot rows), which are cast.
//
// The gradient with respect to the logits is grad*(softmax*sum(labels) - labels),
// from the softmax that the forward pass leaves behind; for labels that sum to 1
// that is TensorFlow's softmax - labels. As in TensorFlow 1, labels get none:
// write the loss with LogSoftmax to train them.
//
// TF: tf.nn.softmax_cross_entropy_with_logits. PyTorch: torch.nn.functional.cross_entropy. Dtypes: float. Gradient: yes.
func SoftmaxCrossEntropy(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	if graph.SpecOf(labels).Rank() == graph.SpecOf(logits).Rank() { // else they are class numbers
		labels = floatLabels(s, labels, logits)
	}
	return graph.Apply(s, graph.OpDef{
		Name: "SoftmaxCrossEntropy",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in)
			switch {
			case in[0].IsInt() && in[1].IsFloat():
				err = errors.Errorf("the labels are %v; want a row of probabilities beside each of the logits %v (SparseSoftmaxCrossEntropy takes class numbers)", in[0], in[1])
			case err == nil && out.Rank() == 0:
				err = errors.Errorf("the logits are the scalar %v; want [..., classes]", out)
			case err != nil:
				err = errors.Wrap(err, "labels and logits")
			}
			if err != nil {
				return graph.Spec{Dtype: in[1].Dtype, Shape: in[1].Shape[:max(0, in[1].Rank()-1)]}, err
			}
			out.Shape = out.Shape[:out.Rank()-1]
			return out, nil
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			probs, err := sameTwo(in)
			return []graph.Spec{probs}, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			b.FinishesAux(0)
			return floatKernel(b, denseXent[float32](b), denseXent[float64](b))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{nil, denseXentGrad(s, grad, in[0], graph.Aux(s, out, 0))}
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			labels, logits := graph.StopGradient(s, in[0]), in[1]
			zero := graph.ZerosLike(s, logits)
			logs := Where(s, NotEqual(s, labels, zero), LogSoftmax(s, logits), zero) // 0 * -Inf counts as 0
			return gorgonia.Nodes{Neg(s, Sum(s, Mul(s, labels, logs), -1)), Softmax(s, logits)}
		},
	}, labels, logits)
}

func denseXent[T float](b *graph.Binding) graph.Kernel {
	classes := b.In[1].Shape[b.In[1].Rank()-1]
	rows := sizeOf(b.Out.Shape)
	body := func(c *graph.Call, lo, hi int) {
		labels, logits := elements[T](c.In[0]), elements[T](c.In[1])
		loss, probs := elements[T](c.Out), elements[T](c.Aux[0])
		if classes == 0 {
			clear(loss[lo:hi])
			return
		}
		var sum [64]float64
		for r := lo; r < hi; r += len(sum) {
			n := min(len(sum), hi-r)
			top := loss[r : r+n]
			kernel.Softmax(probs[r*classes:], logits[r*classes:], top, sum[:n], classes)
			for i, m := range top {
				at := (r + i) * classes
				loss[r+i] = denseXentRow(labels[at:at+classes], logits[at:at+classes], float64(m), math.Log(sum[i]))
			}
		}
		c.FinishAux(0, lo*classes, hi*classes)
	}
	rowGrain := max(1, rowGrainElements/max(1, classes))
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// denseXentRow returns sum(z * (lse - (x-m))), m being the maximum of x and lse
// the logarithm of sum(exp(x-m)). Where that is NaN, so is the result.
func denseXentRow[T float](z, x []T, m, lse float64) T {
	if math.IsNaN(lse) {
		return T(lse)
	}
	sum := 0.0
	for i, p := range z {
		if p != 0 {
			sum += float64(p) * (lse - (float64(x[i]) - m))
		}
	}
	return T(sum)
}

// denseXentGrad is grad*(probs*sum(labels) - labels) for each row, probs being
// the softmax of the logits.
func denseXentGrad(s *graph.Scope, grad, labels, probs *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "SoftmaxCrossEntropy_grad",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in[1:])
			if err == nil {
				_, err = sameTwo([]graph.Spec{in[0], {Dtype: out.Dtype, Shape: out.Shape[:out.Rank()-1]}})
			}
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatLoop(b, denseXentGradLoop[float32](b), denseXentGradLoop[float64](b))
		},
		InPlace: []int{2},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			dloss, labels, probs := in[0], graph.StopGradient(s, in[1]), in[2]
			direction := Sub(s, Mul(s, probs, SumKeep(s, labels, -1)), labels)
			return only(Mul(s, asColumn(s, dloss), direction))
		},
	}, grad, labels, probs)
}

func denseXentGradLoop[T float](b *graph.Binding) graph.Loop {
	classes := b.Out.Shape[b.Out.Rank()-1]
	return func(c *graph.Call, lo, hi int) {
		grad, labels, probs, dx := elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2]), elements[T](c.Out)
		for r := lo / max(1, classes); lo < hi; r++ {
			end := min(hi, (r+1)*classes)
			z, p, d := labels[lo:end], probs[lo:end], dx[lo:end]
			g, sum := grad[r], kernel.Sum(labels[r*classes:(r+1)*classes])
			for i, q := range p {
				d[i] = g * (q*sum - z[i])
			}
			lo = end
		}
	}
}
