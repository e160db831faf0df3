package schedule

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// InverseTimeConfig configures InverseTime, and is its Schedule. Staircase may be
// left out.
type InverseTimeConfig struct {
	Initial    float64 // the rate at step 0
	DecaySteps int     // the steps in which the divisor grows by DecayRate
	DecayRate  float64 // graph.Zero for zero
	Staircase  bool    // decays at every multiple of DecaySteps, rather than at every step
}

// InverseTime is decay in proportion to time:
//
//	Initial / (1 + DecayRate * step/DecaySteps)
//
// the quotient rounded down in a staircase. tf.train.inverse_time_decay.
func InverseTime(s *graph.Scope, step *gorgonia.Node, cfg InverseTimeConfig) *gorgonia.Node {
	return node(s, "InverseTimeDecay", step, cfg)
}

// At implements Schedule.
func (cfg InverseTimeConfig) At(step int64) float64 {
	return cfg.Initial / (1 + cfg.DecayRate*periods(step, cfg.DecaySteps, cfg.Staircase))
}

// Check says what is wrong with the config.
func (cfg InverseTimeConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.steps("DecaySteps", cfg.DecaySteps)
	c.required("DecayRate", cfg.DecayRate)
	return c.err
}
