package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// CosineRestartsConfig configures CosineRestarts, and is its Schedule. Initial and
// FirstDecaySteps are required.
type CosineRestartsConfig struct {
	Initial         float64 // the rate at step 0
	FirstDecaySteps int     // the length of the first period
	TMul            float64 // each period is so much longer than the one before, 1 or more; default 2
	MMul            float64 // each period starts with so much of the rate of the one before; default 1, graph.Zero for zero
	Alpha           float64 // the rate at the end of a period as a fraction of Initial, in [0, 1]; default 0
}

// CosineRestarts is stochastic gradient descent with warm restarts, SGDR (Loshchilov
// & Hutter 2017): decay along half a cosine that starts anew, with periods of
// FirstDecaySteps, FirstDecaySteps*TMul, FirstDecaySteps*TMul^2, ... steps. In
// period i, of which the fraction x is done, the rate is
//
//	Initial * ((1 - Alpha) * MMul^i * (1 + cos(pi*x)) / 2 + Alpha)
//
// Warmup puts a warm-up before it. tf.train.cosine_decay_restarts; torch.optim.lr_scheduler.
// CosineAnnealingWarmRestarts with T_mult TMul, by default 1 there, and eta_min
// Initial*Alpha, where MMul is 1.
func CosineRestarts(s *graph.Scope, step *gorgonia.Node, cfg CosineRestartsConfig) *gorgonia.Node {
	return node(s, "CosineDecayRestarts", step, cfg)
}

// At implements Schedule.
func (cfg CosineRestartsConfig) At(step int64) float64 {
	alpha := orDefault(cfg.Alpha, 0)
	restarts, done := restart(periods(step, cfg.FirstDecaySteps, false), orDefault(cfg.TMul, 2))
	return cfg.Initial * ((1-alpha)*math.Pow(orDefault(cfg.MMul, 1), restarts)*halfCosine(done) + alpha)
}

// restart returns the number of the period that a time lies in, in units of the first
// period, and the fraction of that period that is done.
func restart(time, tMul float64) (i, done float64) {
	if tMul == 1 {
		i = math.Floor(time)
		return i, time - i
	}
	start := func(i float64) float64 { return (math.Pow(tMul, i) - 1) / (tMul - 1) }
	i = math.Floor(math.Log(1+time*(tMul-1)) / math.Log(tMul))
	// The logarithm may fall on the wrong side of a whole number just where the
	// rate jumps.
	if start(i) > time {
		i--
	} else if start(i+1) <= time {
		i++
	}
	return i, (time - start(i)) / math.Pow(tMul, i)
}

// Check says what is wrong with the config.
func (cfg CosineRestartsConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.steps("FirstDecaySteps", cfg.FirstDecaySteps)
	if t := orDefault(cfg.TMul, 2); !(t >= 1) || math.IsInf(t, 1) {
		c.failf("TMul is %v; want a number of 1 or more", cfg.TMul)
	}
	c.rate("MMul", cfg.MMul)
	c.fraction("Alpha", cfg.Alpha)
	return c.err
}
