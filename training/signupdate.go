package training

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// signUpdate is the rule that AddSign and PowerSign share (Bello et al. 2017,
// arXiv 1709.07417):
//
//	m = beta*m + (1-beta)*g
//	v -= lr * factor(decay * sign(g)*sign(m)) * g
type signUpdate struct {
	op     string                  // TensorFlow's name
	attrs  map[string]interface{}  // its numbers
	beta   float64                 // decay of the mean
	decay  *gorgonia.Node          // of the agreement; nil for 1
	factor func(x float64) float64 // of the gradient
}

func (u signUpdate) updateOp(o *optimizer, s *graph.Scope, gv GradVar) *gorgonia.Node {
	rate := o.rateFor(gv.Var)
	var reads gorgonia.Nodes
	if u.decay != nil {
		reads = gorgonia.Nodes{u.decay}
	}
	return rule{
		op:     u.op,
		attrs:  u.attrs,
		slots:  gorgonia.Nodes{o.slot(s, gv.Var, "m", o.name, filled(0))},
		reads:  reads,
		check:  u.check,
		kernel: loops(signedLoop[float32](rate, u), signedLoop[float64](rate, u)),
	}.updateOp(s, gv, rate)
}

func (u signUpdate) check(in []graph.Spec) error {
	if u.decay != nil && !(in[3].IsFloat() && in[3].Rank() == 0) {
		return errors.Errorf("SignDecay is %v; want a scalar of float32 or float64 (ops.Cast converts)", in[3])
	}
	return nil
}

func signedLoop[T float](rate rate, u signUpdate) graph.Loop {
	return func(c *graph.Call, lo, hi int) {
		lr, decay := rate.in(c), 1.0
		if u.decay != nil {
			decay = scalar(c.In[3])
		}
		// The signs agree, differ, or one of them is 0: there are three steps.
		agree, differ, neither := lr*u.factor(decay), lr*u.factor(-decay), lr*u.factor(0)
		signed(piece[T](c, 0, lo, hi), piece[T](c, 1, lo, hi), piece[T](c, 2, lo, hi), T(u.beta), T(agree), T(differ), T(neither))
	}
}

func signed[T float](v, mean, grad []T, beta, agree, differ, neither T) {
	v, mean = v[:len(grad)], mean[:len(grad)]
	rest, steps := 1-beta, [2]T{agree, differ}
	for i, g := range grad {
		m := T(beta*mean[i]) + T(rest*g)
		mean[i] = m
		// By the sign bits, as a branch would be wrong half the time. That of a
		// gradient of 0 does not matter.
		step := steps[(math.Float64bits(float64(g))^math.Float64bits(float64(m)))>>63]
		if m == 0 {
			step = neither
		}
		v[i] -= T(step * g)
	}
}
