package training

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// DecoupledWeightDecayConfig configures DecoupledWeightDecay. WeightDecay is required.
type DecoupledWeightDecayConfig struct {
	WeightDecay float64  // usually 0.01 to 0.1; graph.Zero for none
	NoDecay     []string // patterns of variables that do not decay, as in graph.Graph.Variables
	// DecayWithoutRate subtracts WeightDecay*v, without the learning rate, as
	// tf.contrib.opt does: take smaller numbers, such as 1e-4.
	DecayWithoutRate bool
	Name             string // of its ops; default "WeightDecay"
}

// DecoupledWeightDecayOptimizer is made by DecoupledWeightDecay and AdamW.
type DecoupledWeightDecayOptimizer struct {
	wrapper
	cfg DecoupledWeightDecayConfig
}

// DecoupledWeightDecay lets the weights decay apart from the gradient, whatever
// the inner optimizer makes of that (Loshchilov and Hutter 2019, arXiv
// 1711.05101). A step is
//
//	v -= lr * decay * v        or, DecayWithoutRate,  v -= decay * v
//
// and then the inner optimizer's. lr is the inner optimizer's rate of the
// variable, its Schedule and Multipliers included. A variable without gradient
// does not decay, nor does one whose name NoDecay matches, as biases and the
// scales of normalisation should not: []string{".*/bias", ".*/(gamma|beta)"}. A
// pattern that matches no variable is an error. The gradient is that of the
// values before the decay, and the loss contains no penalty.
//
// An optimizer that is not of this package must embed one, or DecayWithoutRate be
// set, since its learning rate is not known.
//
// tf.contrib.opt.extend_with_decoupled_weight_decay, with DecayWithoutRate.
func DecoupledWeightDecay(inner Optimizer, cfg DecoupledWeightDecayConfig) *DecoupledWeightDecayOptimizer {
	o := &DecoupledWeightDecayOptimizer{cfg: cfg}
	o.wrap(inner, cfg.Name, "WeightDecay", true, o.decayAndStep)
	o.cfg.NoDecay = append([]string(nil), cfg.NoDecay...)
	o.cfg.WeightDecay = weightDecay(&o.err, cfg.WeightDecay)
	if based, ok := inner.(based); !cfg.DecayWithoutRate && o.err == nil && (!ok || based.base() == nil) {
		o.err = errors.Errorf("the learning rate of the inner optimizer, a %T, is not known: set DecayWithoutRate, or embed an optimizer of this package", inner)
	}
	return o
}

// weightDecay reads the WeightDecay of a config, where it is required.
func weightDecay(err *error, decay float64) float64 {
	decay = required(err, "WeightDecay", decay)
	nonNegative(err, "WeightDecay", decay)
	return decay
}

func (o *DecoupledWeightDecayOptimizer) decayAndStep(s *graph.Scope, grads []GradVar) *gorgonia.Node {
	g, effect := s.Graph(), graph.Spec{Dtype: tensor.Bool}
	r := func(*gorgonia.Node) rate { return rate{value: 1, factor: 1} }
	if !o.cfg.DecayWithoutRate {
		base := o.base()
		if base.checkConfig(g) != nil {
			return o.inner.ApplyGradients(s, grads) // which reports it
		}
		if err := base.match(g); err != nil {
			return s.Fail(o.name, nil, effect, err)
		}
		r = base.rateFor
	}
	constant, err := notDecaying(g, o.cfg.NoDecay)
	if err != nil {
		return s.Fail(o.name, nil, effect, err)
	}
	in := s.NameScope(o.name)
	var decays gorgonia.Nodes
	for _, gv := range grads {
		if gv.Grad != nil && !constant[gv.Var] {
			at := in.NameScope(opName("decay_" + g.NameOf(gv.Var)))
			decays = append(decays, decayOp(at, gv.Var, r(gv.Var), o.cfg.WeightDecay))
		}
	}
	if bad := anyBad(decays...); bad != nil {
		return bad
	}
	return o.inner.ApplyGradients(s.After(decays...), grads)
}

// notDecaying finds the variables of a graph that one of the patterns of NoDecay matches.
func notDecaying(g *graph.Graph, patterns []string) (map[*gorgonia.Node]bool, error) {
	found := map[*gorgonia.Node]bool{}
	if len(patterns) == 0 {
		return found, nil
	}
	vars, err := g.Select(graph.GlobalVariables, patterns...)
	for _, v := range vars {
		found[v] = true
	}
	return found, errors.WithMessage(err, "NoDecay")
}

// decayOp is v -= r*decay*v.
func decayOp(s *graph.Scope, v *gorgonia.Node, r rate, decay float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "ApplyWeightDecay",
		Attrs:   r.attrs(map[string]interface{}{"weight_decay": decay}),
		Infer:   graph.SameAs,
		Updates: []int{0},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return splitKernel(b, shrink[float32](r, decay), shrink[float64](r, decay))
		},
		NotDifferentiable: true,
	}, r.inputs(v)...)
}

func shrink[T float](r rate, decay float64) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		v := piece[T](c, 0, lo, hi)
		kernel.SGD(v, v, T(r.in(c)*decay))
	}
}
