package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Regularizer returns a loss, a scalar, that keeps a weight w small; nil for
// none. A layer enters it into graph.RegularizationLosses, which
// training.TotalLoss adds to the cost.
type Regularizer func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node

// L1 is the Regularizer scale * sum(|w|), which drives weights to 0. The
// gradient is scale*sign(w), 0 at 0. A scale of 0 gives none; it must not be
// negative. tf.contrib.layers.l1_regularizer.
func L1(scale float64) Regularizer {
	return penalty{
		name: "l1_regularizer", scale: scale,
		sum32: sumAbs[float32], sum64: sumAbs[float64],
		slope: func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node {
			return Sign(s, w)
		},
	}.apply
}

// L2 is the Regularizer scale * sum(w^2) / 2, weight decay. The gradient is
// scale*w. A scale of 0 gives none; it must not be negative.
// tf.contrib.layers.l2_regularizer; Keras's l2 lacks the half, and PyTorch's
// weight_decay is this scale.
func L2(scale float64) Regularizer {
	return penalty{
		name: "l2_regularizer", scale: scale,
		sum32: halfSquares[float32], sum64: halfSquares[float64],
		slope: func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node { return w },
	}.apply
}

// L1L2 is the Regularizer l1 * sum(|w|) + l2 * sum(w^2) / 2, the sum of L1 and L2
// (Zou & Hastie 2005, elastic net). A scale of 0 leaves its part out; with both 0 there is
// none. tf.contrib.layers.l1_l2_regularizer; Keras's l1_l2 lacks the half.
func L1L2(l1, l2 float64) Regularizer {
	return func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node {
		absolute, square := L1(l1)(s, w), L2(l2)(s, w)
		switch {
		case absolute == nil:
			return square
		case square == nil:
			return absolute
		}
		return Add(s, absolute, square)
	}
}

// penalty is scale times the sum of a term of each weight.
type penalty struct {
	name  string
	scale float64
	sum32 func(w []float32) float64
	sum64 func(w []float64) float64
	slope func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node
}

func sumAbs[T float](w []T) float64 {
	var t0, t1, t2, t3 float64
	for ; len(w) >= 4; w = w[4:] {
		t0 += math.Abs(float64(w[0]))
		t1 += math.Abs(float64(w[1]))
		t2 += math.Abs(float64(w[2]))
		t3 += math.Abs(float64(w[3]))
	}
	for _, v := range w {
		t0 += math.Abs(float64(v))
	}
	return (t0 + t1) + (t2 + t3)
}

func halfSquares[T float](w []T) float64 { return float64(kernel.SumSquares(w)) / 2 }

func (p penalty) apply(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node {
	if p.scale == 0 {
		return nil
	}
	return graph.Apply(s, graph.OpDef{
		Name:  p.name,
		Attrs: map[string]interface{}{"scale": p.scale},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: tensor.Shape{}}
			if !(p.scale > 0) || math.IsInf(p.scale, 0) {
				return out, errors.Errorf("the scale is %v; want 0, for none, or a positive number", p.scale)
			}
			if !in[0].IsFloat() {
				return out, errors.Errorf("the weight is %v; want float32 or float64", in[0])
			}
			return out, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, penaltyKernel(b, p.scale, p.sum32), penaltyKernel(b, p.scale, p.sum64))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Mul(s, p.slope(s, in[0]), Scale(s, grad, p.scale)))
		},
	}, w)
}

func penaltyKernel[T float](b *graph.Binding, scale float64, sum func(w []T) float64) graph.Kernel {
	n := sizeOf(b.In[0].Shape)
	parts := b.Scratch(tensor.Float64, (n+grain-1)/grain)
	body := func(c *graph.Call, lo, hi int) {
		c.Scratch[parts].Float64s()[lo/grain] = sum(elements[T](c.In[0])[lo:hi])
	}
	return func(c *graph.Call) error {
		c.Split(n, grain, body)
		total := 0.0
		for _, part := range c.Scratch[parts].Float64s() {
			total += part
		}
		elements[T](c.Out)[0] = T(scale * total)
		return nil
	}
}

// regularized makes a variable and, unless it exists already and is reused,
// enters its regularisation loss. The loss stands outside any branch or order of
// effects that the layer stands in.
func regularized(s *graph.Scope, name string, r Regularizer, variable func() *gorgonia.Node) *gorgonia.Node {
	full := name
	if path := s.VariablePath(); path != "" {
		full = path + "/" + name
	}
	g := s.Graph()
	_, reused := g.Lookup(full)
	v := variable()
	if r == nil || reused || graph.IsBad(v) {
		return v
	}
	path := name + "/Regularizer"
	if s.Path() != "" {
		path = s.Path() + "/" + path
	}
	at := g.Scope().NameScope(path)
	r.Enter(at, v)
	return v
}

// Enter makes the loss of a weight w and enters it into graph.RegularizationLosses. It
// returns the loss, or nil where there is none: of a nil Regularizer, or a scale of
// 0. A loss that is no scalar float32 or float64 is a build error.
func (r Regularizer) Enter(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node {
	if r == nil {
		return nil
	}
	loss := r(s, w)
	if loss == nil || graph.IsBad(loss) {
		return loss
	}
	if sp := graph.SpecOf(loss); sp.Rank() != 0 || !sp.IsFloat() {
		return s.Failf("Regularizer", gorgonia.Nodes{loss}, "the regularizer of %s gives %v; want a scalar float32 or float64", s.Graph().NameOf(w), sp)
	}
	s.Graph().AddToCollection(graph.RegularizationLosses, loss)
	return loss
}
