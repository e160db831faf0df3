package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// WeightedSigmoidCrossEntropy is SigmoidCrossEntropy with the positive labels
// weighed by posWeight, elementwise: with z = labels, x = logits and q = posWeight,
//
//	-q*z*ln(sigmoid(x)) - (1-z)*ln(1-sigmoid(x)) = q*z*softplus(-x) + (1-z)*softplus(x)
//
// of which the right side neither overflows nor loses small losses. q > 1 trades
// precision for recall where positives are rare. posWeight is a scalar
// (graph.Const(s, 2.5)) or has one weight for each class: it is broadcast to the
// logits as NumPy does. labels and logits have any one shape, which is the
// result's; all of one float dtype (labels may be integers or bool).
//
// The gradients are grad*((1-z)*sigmoid(x) - q*z*sigmoid(-x)) for the logits,
// grad*(q*softplus(-x) - softplus(x)) for the labels and grad*z*softplus(-x),
// summed to its shape, for posWeight.
//
// TF: tf.nn.weighted_cross_entropy_with_logits. PyTorch: torch.nn.functional.binary_cross_entropy_with_logits. Dtypes: float. Gradient: yes.
func WeightedSigmoidCrossEntropy(s *graph.Scope, labels, logits, posWeight *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "WeightedSigmoidCrossEntropy",
		Infer: inferLoss("labels, logits and posWeight", func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in[:2])
			switch q := in[2]; {
			case err != nil:
			case q.Dtype != out.Dtype:
				err = errors.Errorf("posWeight is %v; want %v (ops.Cast converts)", q, out.Dtype)
			case !broadcastsTo(q.Shape, out.Shape):
				err = errors.Errorf("posWeight is %v beside logits %v; want a scalar or, aligned at the last axis, sizes that are equal or 1", q, out)
			}
			return out, err
		}),
		Kernel:  byDtype{f32: weightedSigmoidXent[float32], f64: weightedSigmoidXent[float64]}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			z, x, q := in[0], in[1], in[2]
			minus := Neg(s, x)
			missed, raised := Softplus(s, minus), Softplus(s, x) // what a positive and a negative cost
			dz := Sub(s, Mul(s, missed, q), raised)
			dx := Sub(s, Mul(s, Sub(s, graph.ConstOf(s, z.Dtype(), 1.0), z), Sigmoid(s, x)), Mul(s, Mul(s, z, q), Sigmoid(s, minus)))
			return gorgonia.Nodes{
				MulNoNan(s, dz, grad),
				MulNoNan(s, dx, grad),
				sumToInput(s, MulNoNan(s, MulNoNan(s, missed, z), grad), q, x),
			}
		},
	}, floatLabels(s, labels, logits), logits, posWeight)
}

func weightedSigmoidXent[T float](b *graph.Binding) (graph.Kernel, error) {
	l, err := broadcastLayout(b.Out.Shape, b.In[2])
	if err != nil {
		return nil, err
	}
	rows := max(1, l.rowGrain()/4)
	body := func(c *graph.Call, lo, hi int) {
		loss, z, x, q := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		p := l.seek(lo)
		for r := lo; r < hi; r++ {
			at, step := p.at[0], l.step[0]
			for i := r * l.cols; i < (r+1)*l.cols; i++ {
				loss[i] = weightedSigmoidXentOf(z[i], x[i], q[at])
				at += step
			}
			l.next(&p)
		}
	}
	if l.rows == 1 { // one weight for all, or one for each
		body = func(c *graph.Call, lo, hi int) {
			loss, z, x, q := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
			for i := lo; i < hi; i++ {
				loss[i] = weightedSigmoidXentOf(z[i], x[i], q[i*l.step[0]])
			}
		}
		return func(c *graph.Call) error {
			c.Split(l.cols, rowGrainElements, body)
			return nil
		}, nil
	}
	return func(c *graph.Call) error {
		c.Split(l.rows, rows, body)
		return nil
	}, nil
}

// weightedSigmoidXentOf leaves out terms of factor 0, whose logit may be
// infinite.
func weightedSigmoidXentOf[T float](z, x, q T) T {
	near := kernel.SoftplusScalar(-max(x, -x)) // log1p(exp(-|x|))
	var sum T
	if f := q * z; f != 0 {
		sum += f * (max(-x, 0) + near)
	}
	if f := 1 - z; f != 0 {
		sum += f * (max(x, 0) + near)
	}
	return sum
}
