package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SparseSoftmaxCrossEntropy is the cross-entropy of softmax(logits) with class
// numbers, for each example: ln(sum(exp(x))) - x[label], computed from x less the
// row's maximum, so that logits of any size give a finite, exact loss.
//
// labels [batch], int, int32 or int64, and logits [batch, classes], float32 or
// float64, give [batch]; further leading axes are allowed in both. A label
// outside [0, classes) is an error of the Run that names the row.
// tf.nn.sparse_softmax_cross_entropy_with_logits, torch's F.cross_entropy with
// reduction "none". ops.Mean makes it a loss.
//
// The gradient with respect to the logits is grad*(softmax - onehot(label)), from
// the softmax that the forward pass leaves behind; where nothing else needs that, it
// becomes the gradient in the same step.
//
// TF: tf.nn.sparse_softmax_cross_entropy_with_logits. PyTorch: torch.nn.functional.cross_entropy. Dtypes: float. Gradient: yes.
func SparseSoftmaxCrossEntropy(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "SparseSoftmaxCrossEntropy",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			batch, err := checkLabels(in[0], in[1])
			return graph.Spec{Dtype: in[1].Dtype, Shape: batch}, err
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) { return in[1:2], nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			b.FinishesAux(0)
			return floatKernel(b, sparseXent[float32](b), sparseXent[float64](b))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{nil, sparseXentGrad(s, grad, in[0], graph.Aux(s, out, 0))}
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			labels, logits := in[0], in[1]
			logs := LogSoftmax(s, logits)
			picked := Where(s, labelMask(s, labels, logits), logs, graph.ZerosLike(s, logits))
			return gorgonia.Nodes{Neg(s, Sum(s, picked, -1)), Softmax(s, logits)}
		},
	}, labels, logits)
}

func sparseXent[T float](b *graph.Binding) graph.Kernel {
	return byLabel(b.In[0].Dtype, sparseXentOf[T, int](b), sparseXentOf[T, int32](b), sparseXentOf[T, int64](b))
}

func sparseXentOf[T float, L label](b *graph.Binding) graph.Kernel {
	classes := b.In[1].Shape[b.In[1].Rank()-1]
	rows := sizeOf(b.Out.Shape)
	body := func(c *graph.Call, lo, hi int) {
		labels, logits := elements[L](c.In[0]), elements[T](c.In[1])
		loss, probs := elements[T](c.Out), elements[T](c.Aux[0])
		kernel.SparseXent(loss[lo:hi], probs[lo*classes:], logits[lo*classes:], labels[lo:hi], classes)
		c.FinishAux(0, lo*classes, hi*classes)
	}
	rowGrain := max(1, rowGrainElements/max(1, classes))
	return func(c *graph.Call) error {
		if err := checkClasses(b.In[0].Shape, elements[L](c.In[0]), classes); err != nil {
			return err
		}
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// checkClasses says which label, if any, is no class.
func checkClasses[L label](shape tensor.Shape, labels []L, classes int) error {
	for r, k := range labels {
		if int64(k) < 0 || int64(k) >= int64(classes) {
			return outOfRange(shape, r, int64(k), classes)
		}
	}
	return nil
}

// outOfRange says which label is no class.
func outOfRange(shape tensor.Shape, at int, label int64, classes int) error {
	var row interface{} = at
	if shape.Dims() != 1 {
		row = indexAt(shape, at)
	}
	return errors.Errorf("the label of row %v is %d; want a class in [0, %d), as the logits have %d classes", row, label, classes, classes)
}

// sparseXentGrad is grad*(probs - onehot(label)) for each row, probs being the
// softmax of the logits.
func sparseXentGrad(s *graph.Scope, grad, labels, probs *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "SparseSoftmaxCrossEntropy_grad",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			batch, err := checkLabels(in[1], in[2])
			if err == nil {
				_, err = sameTwo([]graph.Spec{in[0], {Dtype: in[2].Dtype, Shape: batch}})
			}
			return in[2], err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatLoop(b, sparseXentGradLoop[float32](b), sparseXentGradLoop[float64](b))
		},
		InPlace: []int{2},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dloss, labels, probs := in[0], in[1], in[2]
			onehot := Cast(s, labelMask(s, labels, probs), probs.Dtype())
			return gorgonia.Nodes{
				Sum(s, Mul(s, grad, Sub(s, probs, onehot)), -1),
				nil,
				Mul(s, grad, asColumn(s, dloss)),
			}
		},
	}, grad, labels, probs)
}

func sparseXentGradLoop[T float](b *graph.Binding) graph.Loop {
	return byLabel(b.In[1].Dtype, sparseXentGradOf[T, int](b), sparseXentGradOf[T, int32](b), sparseXentGradOf[T, int64](b))
}

func sparseXentGradOf[T float, L label](b *graph.Binding) graph.Loop {
	classes := b.Out.Shape[b.Out.Rank()-1]
	return func(c *graph.Call, lo, hi int) {
		grad, labels, d := elements[T](c.In[0]), elements[L](c.In[1]), elements[T](c.Out)
		copy(d[lo:hi], elements[T](c.In[2])[lo:hi]) // nothing to do in place
		for lo < hi {
			// Rows of one factor, most often all there are, are scaled together; not
			// those of 0, which might be -0.
			r, from := lo/classes, lo
			for g := grad[r]; lo < hi && (lo == from || grad[r] == g && g != 0); r++ {
				end := min(hi, (r+1)*classes)
				// A label is no class only where the forward pass was bypassed.
				k := int(labels[r])
				if at := r*classes + k; uint(k) < uint(classes) && lo <= at && at < end {
					d[at]--
				}
				lo = end
			}
			kernel.MulScalar(d[from:lo], d[from:lo], grad[from/classes])
		}
	}
}

// labelMask is true where the index on the last axis equals the label: labels
// [...] and the shape of logits [..., classes] give bool [..., classes].
func labelMask(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "LabelMask",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			_, err := checkLabels(in[0], in[1])
			return graph.Spec{Dtype: tensor.Bool, Shape: in[1].Shape}, err
		},
		ShapeOnly: []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			classes := b.Out.Shape[b.Out.Rank()-1]
			return byLabel(b.In[0].Dtype, labelMaskKernel[int](classes), labelMaskKernel[int32](classes), labelMaskKernel[int64](classes)), nil
		},
	}, labels, logits)
}

func labelMaskKernel[L label](classes int) graph.Kernel {
	return func(c *graph.Call) error {
		mask := c.Out.Bools()
		clear(mask)
		for r, k := range elements[L](c.In[0]) {
			if int64(k) >= 0 && int64(k) < int64(classes) {
				mask[r*classes+int(k)] = true
			}
		}
		return nil
	}
}
