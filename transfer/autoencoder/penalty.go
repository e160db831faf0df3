package autoencoder

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Sparsity has each unit of a code active for few examples only: Weight times
//
//	sum over the units of  Target*log(Target/q) + (1-Target)*log((1-Target)/(1-q)),  q the unit's mean activity over the batch
//
// is added to the loss, the divergence of Kullback and Leibler between Bernoulli variables of mean Target and q (Ng, "Sparse autoencoder", CS294A
// lecture notes, 2011). q counts as at least 1e-6 from 0 and from 1. The activation has to give values of 0 to 1, as ops.Sigmoid does. In maps of
// features a channel is a unit, and q its mean over the positions too. The zero value is no penalty.
type Sparsity struct {
	Target float64 // between 0 and 1; default 0.05
	Weight float64
}

const (
	defaultTarget = 0.05
	leastActivity = 1e-6
)

func (p *Sparsity) check(t traits) error {
	if p.Target == 0 {
		p.Target = defaultTarget
	}
	switch {
	case !(p.Target > 0 && p.Target < 1):
		return errors.Errorf("Sparsity.Target is %v; want a number between 0 and 1 (0 means %v)", p.Target, defaultTarget)
	case !(p.Weight >= 0) || math.IsInf(p.Weight, 0):
		return errors.Errorf("Sparsity.Weight is %v; want 0, for none, or a positive number", p.Weight)
	case p.Weight > 0 && (t.low < 0 || t.high > 1):
		return errors.Errorf("Sparsity wants an Activation with values of 0 to 1, such as ops.Sigmoid; this one gives values of %.3g to %.3g", t.low, t.high)
	}
	return nil
}

// of is the divergence of a code, [batch, units] or maps [batch, height, width, channels].
func (p Sparsity) of(s *graph.Scope, code *gorgonia.Node) *gorgonia.Node {
	q := ops.ClipByValue(s, ops.Mean(s, code, axes(0, graph.SpecOf(code).Rank()-1)...), leastActivity, 1-leastActivity)
	active := ops.Scale(s, ops.Log(s, q), p.Target)
	passive := ops.Scale(s, ops.Log(s, ops.AddScalar(s, ops.Neg(s, q), 1)), 1-p.Target)
	entropy := p.Target*math.Log(p.Target) + (1-p.Target)*math.Log(1-p.Target) // of a unit, in nats, negative
	return ops.Sum(s, ops.AddScalar(s, ops.Neg(s, ops.Add(s, active, passive)), entropy))
}

// contraction is the mean over the batch of the squared Frobenius norm of the code's Jacobian by its input,
//
//	sum over units j of  f'(a[j])^2 * sum over inputs i of (da[j]/dx[i])^2
//
// for a code f(a), [batch, ...], whose activation is elementwise; squares are the inner sums.
func contraction(s *graph.Scope, squares, a, code *gorgonia.Node) *gorgonia.Node {
	each := ops.Mul(s, ops.Square(s, slopes(s, a, code)), squares)
	return ops.Mean(s, ops.Sum(s, each, axes(1, graph.SpecOf(code).Rank())...))
}

// axes lists those from first on that come before end.
func axes(first, end int) []int {
	var all []int
	for axis := first; axis < end; axis++ {
		all = append(all, axis)
	}
	return all
}

// slopes are f'(a), for some activations by the code f(a) itself. In general they are the gradient of the code's sum by a; but gradients belong to
// the network of the moment, so that a layer whose loss has them cannot be trained once the graph was frozen or rerouted.
func slopes(s *graph.Scope, a, code *gorgonia.Node) *gorgonia.Node {
	def, _ := s.Graph().OpOf(code)
	switch alpha, _ := def.Attrs["alpha"].(float64); {
	case def.Name == "sigmoid": // h*(1 - h)
		return ops.Sub(s, code, ops.Square(s, code))
	case def.Name == "tanh": // 1 - h^2
		return ops.AddScalar(s, ops.Neg(s, ops.Square(s, code)), 1)
	case def.Name == "elu" && alpha == 1: // 1 where h > 0, and h + 1 elsewhere
		return ops.AddScalar(s, ops.Minimum(s, code, graph.ZerosLike(s, code)), 1)
	}
	grad := graph.Gradients(s.NameScope("slopes"), gorgonia.Nodes{code}, gorgonia.Nodes{a}, nil)[0]
	if grad == nil {
		return s.Failf("contraction", gorgonia.Nodes{a, code}, "the activation has no gradient, so the code has no Jacobian")
	}
	return grad
}
