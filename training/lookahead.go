package training

import (
	"cmp"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// LookaheadConfig configures Lookahead. The zero value has the paper's defaults.
type LookaheadConfig struct {
	Period   int     // steps of the inner optimizer between two of the slow weights; default 5
	StepSize float64 // of the slow weights, in (0, 1]; default 0.5
	Name     string  // of its ops and slots; default "Lookahead"
}

// LookaheadOptimizer is made by Lookahead.
type LookaheadOptimizer struct{ wrapper }

// Lookahead keeps slow weights, towards which it takes the weights back after
// every Period steps of the inner optimizer (Zhang, Lucas, Hinton and Ba 2019,
// arXiv 1907.08610):
//
//	slow += stepSize * (v - slow)
//	v     = slow
//
// The inner optimizer's slots go on as they are. The variable's constraint is
// applied to the new v. The slow weights of hidden1/kernel are the variable
// hidden1/kernel/Lookahead, which starts with hidden1/kernel's value; after
// Session.SetValue or a Restore of the model alone, initialise it
// anew: sess.Init(opt.Slot(v, "Lookahead")). The variable Lookahead/place counts
// the steps from 0 to Period-1. tfa.optimizers.Lookahead, whose sync_period is 6.
func Lookahead(inner Optimizer, cfg LookaheadConfig) *LookaheadOptimizer {
	o := &LookaheadOptimizer{}
	period, size := cmp.Or(cfg.Period, 5), cmp.Or(cfg.StepSize, 0.5)
	o.wrap(inner, cfg.Name, "Lookahead", true, func(s *graph.Scope, grads []GradVar) *gorgonia.Node {
		return o.lookAhead(s, grads, period, size)
	})
	switch {
	case o.err != nil:
	case period < 1:
		o.err = errors.Errorf("Period is %d; want at least 1", period)
	case !(size > graph.Zero && size <= 1):
		o.err = errors.Errorf("StepSize is %v; want a number in (0, 1]", size)
	}
	return o
}

func (o *LookaheadOptimizer) lookAhead(s *graph.Scope, grads []GradVar, period int, size float64) *gorgonia.Node {
	g := s.Graph()
	in := s.NameScope(o.name)
	step := o.step(in, grads)
	if graph.IsBad(step) {
		return step
	}
	steps := cycle{o.counter(g, o.name+"/place"), period}
	back := in.Branch(steps.last(in), true).After(step)
	done := gorgonia.Nodes{step}
	for _, gv := range grads {
		if gv.Grad == nil {
			continue
		}
		at := back.NameScope(opName("slow_" + g.NameOf(gv.Var)))
		done = append(done, constrain(at, gv.Var, o.slowOp(at, gv.Var, size)))
	}
	if bad := anyBad(done...); bad != nil {
		return bad
	}
	return trainOp(s, o.name, append(done, steps.advance(in.After(done...)))...)
}

// slowOp moves the slow weights of v, and v with them.
func (o *LookaheadOptimizer) slowOp(s *graph.Scope, v *gorgonia.Node, size float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "ApplyLookahead",
		Attrs:   map[string]interface{}{"step_size": size},
		Infer:   graph.SameAs,
		Updates: []int{0, 1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return splitKernel(b, lookBack[float32](size), lookBack[float64](size))
		},
		NotDifferentiable: true,
	}, v, o.slot(s, v, "slow", o.name, graph.InitialValue(v)))
}

func lookBack[T float](size float64) graph.Loop {
	return inBlocks(func(c *graph.Call, lo, hi int) {
		v, slow := piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi)
		approach(slow, v, T(size))
		copy(v, slow)
	})
}
