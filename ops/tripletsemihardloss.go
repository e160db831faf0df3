package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// TripletSemihardLoss is the triplet loss with semi-hard negatives of Schroff,
// Kalenichenko and Philbin, "FaceNet" (2015), over a batch of embeddings with class
// numbers. For each anchor and positive, two examples of one class at a squared
// distance D, the negative is the nearest example of another class beyond D or,
// where there is none, the farthest example of another class:
//
//	sum over anchors and positives of max(0, margin + D - D(anchor, negative)) / number of such pairs
//
// labels [batch], int, int32 or int64, and embeddings [batch, n], float32 or
// float64, usually of length 1, give a scalar. margin is positive; 1 is usual. The
// cost grows with batch^2 * (n + positives of an example). A batch without a
// positive pair, or of a single class, gives 0, where
// tf.contrib.losses.metric_learning.triplet_semihard_loss gives NaN and margin + D;
// elsewhere it is the same. TripletLoss takes triplets that are chosen already.
//
// The gradient is that of the formula for the negatives that were chosen, the
// first among equal ones.
//
// TF: tf.contrib.losses.metric_learning.triplet_semihard_loss. PyTorch: none. Dtypes: float. Gradient: yes.
func TripletSemihardLoss(s *graph.Scope, labels, embeddings *gorgonia.Node, margin float64) *gorgonia.Node {
	const name = "TripletSemihardLoss"
	if !(margin > 0) || math.IsInf(margin, 0) {
		return s.Fail(name, gorgonia.Nodes{labels, embeddings}, graph.Spec{Dtype: graph.SpecOf(embeddings).Dtype},
			errors.Errorf("the margin is %v; want a positive number (1 is usual)", margin))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return semihardLoss(s, labels, squaredDistances(s.NameScope(name), embeddings), margin)
	})
}

// semihardLoss is TripletSemihardLoss from the squared distances d [batch, batch].
func semihardLoss(s *graph.Scope, labels, d *gorgonia.Node, margin float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "TripletSemihardLoss",
		Attrs: map[string]interface{}{"margin": margin},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[1].Dtype, Shape: tensor.Shape{}}, checkSemihard(in[0], in[1])
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, semihardKernel[float32](b, margin), semihardKernel[float64](b, margin))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{nil, semihardGrad(s, grad, in[0], in[1], margin)}
		},
	}, labels, d)
}

func checkSemihard(labels, d graph.Spec) error {
	if !labels.IsInt() || labels.Rank() != 1 || d.Rank() == 2 && labels.Shape[0] >= 0 && d.Shape[0] >= 0 && labels.Shape[0] != d.Shape[0] {
		n := "batch"
		if d.Rank() == 2 && d.Shape[0] >= 0 {
			n = graph.Spec{Dtype: tensor.Int64, Shape: d.Shape[:1]}.String()
		}
		return errors.Errorf("the labels are %v; want int, int32 or int64, one class number for each embedding (%s)", labels, n)
	}
	return nil
}

// semihardGrad is grad, a scalar, times the derivative of semihardLoss with respect
// to d: for each active pair 1 at the positive and -1 at the negative, divided by
// the number of pairs.
func semihardGrad(s *graph.Scope, grad, labels, d *gorgonia.Node, margin float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "TripletSemihardLoss_grad",
		Infer: func(in []graph.Spec) (graph.Spec, error) { return in[2], checkSemihard(in[1], in[2]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, semihardGradKernel[float32](b, margin), semihardGradKernel[float64](b, margin))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			one := graph.OnesLike(s, in[0])
			return gorgonia.Nodes{Sum(s, Mul(s, grad, semihardGrad(s, one, in[1], in[2], margin))), nil, nil} // constant in d
		},
	}, grad, labels, d)
}

// triplets calls use with each positive j of anchor i, the negative k chosen for it
// and margin + d[i,j] - d[i,k], and returns the number of positives. d is the row of
// the anchor. Without negatives use is not called.
func triplets[T float, L label](i int, labels []L, d []T, margin float64, use func(j, k int, loss float64)) int {
	positives := 0
	for j, class := range labels {
		if class != labels[i] || j == i {
			continue
		}
		positives++
		outside, inside := -1, -1
		for k, other := range labels {
			if other == class {
				continue
			}
			if d[k] > d[j] && (outside < 0 || d[k] < d[outside]) {
				outside = k
			}
			if inside < 0 || d[k] > d[inside] {
				inside = k
			}
		}
		if outside >= 0 {
			inside = outside
		}
		if inside >= 0 {
			use(j, inside, margin+float64(d[j])-float64(d[inside]))
		}
	}
	return positives
}

func semihardKernel[T float](b *graph.Binding, margin float64) graph.Kernel {
	return byLabel(b.In[0].Dtype, semihardOf[T, int](b, margin), semihardOf[T, int32](b, margin), semihardOf[T, int64](b, margin))
}

func semihardOf[T float, L label](b *graph.Binding, margin float64) graph.Kernel {
	n := b.In[1].Shape[0]
	sums, counts := b.Scratch(tensor.Float64, n), b.Scratch(tensor.Int, n)
	body := func(c *graph.Call, lo, hi int) {
		labels, d := elements[L](c.In[0]), elements[T](c.In[1])
		for i := lo; i < hi; i++ {
			sum := 0.0
			c.Scratch[counts].Ints()[i] = triplets(i, labels, d[i*n:(i+1)*n], margin, func(j, k int, loss float64) { sum += max(0, loss) })
			c.Scratch[sums].Float64s()[i] = sum
		}
	}
	return func(c *graph.Call) error {
		c.Split(n, max(1, grain/max(1, n)), body)
		sum, pairs := 0.0, 0
		for i, v := range c.Scratch[sums].Float64s() {
			sum += v
			pairs += c.Scratch[counts].Ints()[i]
		}
		elements[T](c.Out)[0] = T(sum / float64(max(1, pairs)))
		return nil
	}
}

func semihardGradKernel[T float](b *graph.Binding, margin float64) graph.Kernel {
	return byLabel(b.In[1].Dtype, semihardGradOf[T, int](b, margin), semihardGradOf[T, int32](b, margin), semihardGradOf[T, int64](b, margin))
}

func semihardGradOf[T float, L label](b *graph.Binding, margin float64) graph.Kernel {
	n := b.Out.Shape[0]
	counts := b.Scratch(tensor.Int, n)
	body := func(c *graph.Call, lo, hi int) {
		labels, d, out := elements[L](c.In[1]), elements[T](c.In[2]), elements[T](c.Out)
		for i := lo; i < hi; i++ {
			row := out[i*n : (i+1)*n]
			clear(row)
			c.Scratch[counts].Ints()[i] = triplets(i, labels, d[i*n:(i+1)*n], margin, func(j, k int, loss float64) {
				if loss > 0 {
					row[j]++
					row[k]--
				}
			})
		}
	}
	return func(c *graph.Call) error {
		c.Split(n, max(1, grain/max(1, n)), body)
		pairs := 0
		for _, v := range c.Scratch[counts].Ints() {
			pairs += v
		}
		f := elements[T](c.In[0])[0] / T(max(1, pairs))
		out := elements[T](c.Out)
		for i, v := range out {
			out[i] = v * f
		}
		return nil
	}
}

// squaredDistances is d[i, j] = sum((x[i] - x[j])^2), taken from the differences so
// that near rows keep their digits: [batch, n] -> [batch, batch].
//
// The gradient is 2*(x*sum(g) - g x) with g = grad + its transpose, the sum along
// the rows of g.
func squaredDistances(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "SquaredDistances",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			x := in[0]
			out := graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{graph.Unknown, graph.Unknown}}
			if !x.IsFloat() || x.Rank() != 2 {
				return out, errors.Errorf("the embeddings are %v; want float32 or float64 [batch, n]", x)
			}
			out.Shape = tensor.Shape{x.Shape[0], x.Shape[0]}
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, squaredDistancesKernel[float32](b), squaredDistancesKernel[float64](b))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			g := Add(s, grad, Transpose(s, grad))
			return only(Scale(s, Sub(s, Mul(s, in[0], SumKeep(s, g, 1)), MatMul(s, g, in[0])), 2))
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes { // for files
			return only(Sum(s, Square(s, Sub(s, ExpandDims(s, in[0], 1), ExpandDims(s, in[0], 0))), 2))
		},
	}, x)
}

func squaredDistancesKernel[T float](b *graph.Binding) graph.Kernel {
	rows, cols := b.In[0].Shape[0], b.In[0].Shape[1]
	body := func(c *graph.Call, lo, hi int) {
		x, d := elements[T](c.In[0]), elements[T](c.Out)
		for i := lo; i < hi; i++ {
			for j := range rows {
				d[i*rows+j] = T(squaredDistance(x[i*cols:(i+1)*cols], x[j*cols:(j+1)*cols]))
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, max(1, grain/max(1, rows*cols)), body)
		return nil
	}
}
