package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// NaturalExpConfig configures NaturalExp, and is its Schedule. Staircase may be
// left out.
type NaturalExpConfig struct {
	Initial    float64 // the rate at step 0
	DecaySteps int     // the steps in which the exponent falls by DecayRate
	DecayRate  float64 // graph.Zero for zero
	Staircase  bool    // decays at every multiple of DecaySteps, rather than at every step
}

// NaturalExp is exponential decay with base e:
//
//	Initial * exp(-DecayRate * step/DecaySteps)
//
// the quotient rounded down in a staircase. tf.train.natural_exp_decay.
func NaturalExp(s *graph.Scope, step *gorgonia.Node, cfg NaturalExpConfig) *gorgonia.Node {
	return node(s, "NaturalExpDecay", step, cfg)
}

// At implements Schedule.
func (cfg NaturalExpConfig) At(step int64) float64 {
	return cfg.Initial * math.Exp(-cfg.DecayRate*periods(step, cfg.DecaySteps, cfg.Staircase))
}

// Check says what is wrong with the config.
func (cfg NaturalExpConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.steps("DecaySteps", cfg.DecaySteps)
	c.required("DecayRate", cfg.DecayRate)
	return c.err
}
