package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// PolynomialConfig configures Polynomial, and is its Schedule. Initial and
// DecaySteps are required.
type PolynomialConfig struct {
	Initial    float64 // the rate at step 0
	End        float64 // the rate from step DecaySteps on; default 1e-4, graph.Zero for zero
	DecaySteps int     // how long the decay takes
	Power      float64 // default 1, a line; graph.Zero for zero
	Cycle      bool    // starts again where End is reached: see Polynomial
}

// Polynomial is polynomial decay, by default along a line:
//
//	(Initial - End) * (1 - step/DecaySteps)^Power + End
//
// and End after DecaySteps. With Cycle the DecaySteps are multiplied, when step has
// passed them, by the smallest whole number that makes them reach it again: the rate
// jumps up at each multiple and falls ever more slowly. An End above Initial makes the rate
// rise, which for a small Initial the default does. tf.train.polynomial_decay;
// torch.optim.lr_scheduler.PolynomialLR where End is zero.
func Polynomial(s *graph.Scope, step *gorgonia.Node, cfg PolynomialConfig) *gorgonia.Node {
	return node(s, "PolynomialDecay", step, cfg)
}

// At implements Schedule.
func (cfg PolynomialConfig) At(step int64) float64 {
	done := periods(step, cfg.DecaySteps, false)
	if cfg.Cycle {
		done /= max(1, math.Ceil(done))
	}
	end := orDefault(cfg.End, 1e-4)
	return (cfg.Initial-end)*math.Pow(1-min(1, done), orDefault(cfg.Power, 1)) + end
}

// Check says what is wrong with the config.
func (cfg PolynomialConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.rate("End", cfg.End)
	c.steps("DecaySteps", cfg.DecaySteps)
	c.rate("Power", cfg.Power)
	return c.err
}
