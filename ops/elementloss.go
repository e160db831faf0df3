package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// elementLoss describes a loss of each element of the labels z and the
// predictions x beside it, which have one shape: no broadcasting, which between
// labels and predictions is nearly always a mistake.
type elementLoss struct {
	name  string
	of    string // what the second operand is: "predictions", "logits"
	attrs map[string]interface{}
	f32   func(loss, z, x []float32) // element i from elements i; loss may be z or x
	f64   func(loss, z, x []float64)

	// slopes returns the derivatives of the loss with respect to z and x. The
	// gradient that enters masks them, so that an element of weight 0 is out of
	// the gradient even where they are infinite or NaN.
	slopes func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node)
}

func (l elementLoss) apply(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    l.name,
		Attrs:   l.attrs,
		Infer:   inferLoss("labels and "+l.of, sameTwo),
		Kernel:  zipKernel(l.f32, l.f64),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dz, dx := l.slopes(s, in[0], in[1])
			return gorgonia.Nodes{MulNoNan(s, dz, grad), MulNoNan(s, dx, grad)}
		},
	}, floatLabels(s, labels, x), x)
}

// inferLoss is a shape rule whose errors say what the operands are.
func inferLoss(of string, infer func(in []graph.Spec) (graph.Spec, error)) func(in []graph.Spec) (graph.Spec, error) {
	return func(in []graph.Spec) (graph.Spec, error) {
		out, err := infer(in)
		return out, errors.WithMessage(err, of)
	}
}

// floatLabels gives labels that are integers or bools the dtype of x; others
// stay as they are.
func floatLabels(s *graph.Scope, labels, x *gorgonia.Node) *gorgonia.Node {
	if labels == nil || x == nil || labels.Graph() != s.Graph().Expr() {
		return labels // the op reports it
	}
	sp, want := graph.SpecOf(labels), graph.SpecOf(x)
	if !want.IsFloat() || !sp.IsInt() && sp.Dtype != tensor.Bool && sp.Dtype != tensor.Uint8 {
		return labels
	}
	return Cast(s, labels, want.Dtype)
}

// opposite returns the derivatives of a loss of x - z from that for x.
func opposite(s *graph.Scope, dx *gorgonia.Node) (dz, same *gorgonia.Node) { return Neg(s, dx), dx }

// indicator is 1 where cond holds and 0 elsewhere, in the dtype of like.
func indicator(s *graph.Scope, cond, like *gorgonia.Node) *gorgonia.Node {
	return Cast(s, cond, like.Dtype())
}

// positive is 1 where x > 0 and 0 elsewhere, which is the derivative of ReLU.
func positive(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return indicator(s, Greater(s, x, graph.ConstOf(s, x.Dtype(), 0.0)), x)
}
