package schedule

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// OneCycleConfig configures OneCycle, and is its Schedule. MaxRate and TotalSteps are
// required.
type OneCycleConfig struct {
	MaxRate        float64 // the highest rate
	TotalSteps     int     // the length of the cycle, 2 or more
	RiseFraction   float64 // the part of TotalSteps in which the rate rises, in (0, 1), up to 0.5 with ThreePhases; default 0.3 (PyTorch's pct_start)
	DivFactor      float64 // the first rate is MaxRate/DivFactor; default 25
	FinalDivFactor float64 // the last rate is the first divided by this; default 1e4
	Linear         bool    // goes along lines, as in the paper, rather than half cosines
	ThreePhases    bool    // falls to the first rate as long as it rose, and then to the last one, as in the paper
}

// OneCycle is the one-cycle policy (Smith & Topin 2018, Super-Convergence): the rate
// rises from MaxRate/DivFactor to MaxRate, which it reaches at step
// RiseFraction*TotalSteps - 1, and falls to MaxRate/DivFactor/FinalDivFactor, which it reaches at step
// TotalSteps - 1 and then keeps. With ThreePhases it is back at the first rate at step
// 2*RiseFraction*TotalSteps - 2.
//
// torch.optim.lr_scheduler.OneCycleLR, with its defaults, which cycles the momentum as well; here the
// momentum of an optimizer is fixed.
func OneCycle(s *graph.Scope, step *gorgonia.Node, cfg OneCycleConfig) *gorgonia.Node {
	return node(s, "OneCycle", step, cfg)
}

// At implements Schedule.
func (cfg OneCycleConfig) At(step int64) float64 {
	first := cfg.MaxRate / orDefault(cfg.DivFactor, 25)
	last := first / orDefault(cfg.FinalDivFactor, 1e4)
	total := float64(cfg.TotalSteps)
	top := orDefault(cfg.RiseFraction, 0.3)*total - 1
	at := min(max(0, float64(step)), total-1)
	switch {
	case at < top:
		return cfg.anneal(first, cfg.MaxRate, at/top)
	case !cfg.ThreePhases:
		return cfg.anneal(cfg.MaxRate, last, (at-top)/(total-1-top))
	case at < 2*top:
		return cfg.anneal(cfg.MaxRate, first, (at-top)/top)
	}
	return cfg.anneal(first, last, (at-2*top)/(total-1-2*top))
}

// anneal goes from one rate to another as x goes from 0 to 1.
func (cfg OneCycleConfig) anneal(from, to, x float64) float64 {
	if cfg.Linear {
		return from + (to-from)*x
	}
	return to + (from-to)*halfCosine(x)
}

// Check says what is wrong with the config.
func (cfg OneCycleConfig) Check() error {
	var c checks
	c.required("MaxRate", cfg.MaxRate)
	c.steps("TotalSteps", cfg.TotalSteps)
	if cfg.TotalSteps == 1 {
		c.failf("TotalSteps is 1; want 2 or more, to rise and to fall")
	}
	most := 1.0
	if cfg.ThreePhases {
		most = 0.5
	}
	if f := orDefault(cfg.RiseFraction, 0.3); !(f > 0 && f < 1 && f <= most) {
		c.failf("RiseFraction is %v; want a number above 0 and below 1, up to 0.5 with ThreePhases", cfg.RiseFraction)
	}
	for _, f := range []struct {
		field string
		value float64
	}{{"DivFactor", orDefault(cfg.DivFactor, 25)}, {"FinalDivFactor", orDefault(cfg.FinalDivFactor, 1e4)}} {
		c.rate(f.field, f.value)
		if f.value == 0 {
			c.failf("%s is zero; want a positive number to divide by", f.field)
		}
	}
	return c.err
}
