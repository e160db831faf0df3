package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ExponentialConfig configures Exponential, and is its Schedule. Staircase may be
// left out.
type ExponentialConfig struct {
	Initial    float64 // the rate at step 0
	DecaySteps int     // after so many steps the rate has been multiplied by DecayRate
	DecayRate  float64 // usually below 1; graph.Zero for zero
	Staircase  bool    // decays at every multiple of DecaySteps, rather than at every step
}

// Exponential is exponential decay:
//
//	Initial * DecayRate^(step/DecaySteps)
//
// the exponent rounded down in a staircase. tf.train.exponential_decay;
// torch.optim.lr_scheduler.ExponentialLR where DecaySteps is 1, and StepLR in a staircase.
func Exponential(s *graph.Scope, step *gorgonia.Node, cfg ExponentialConfig) *gorgonia.Node {
	return node(s, "ExponentialDecay", step, cfg)
}

// At implements Schedule.
func (cfg ExponentialConfig) At(step int64) float64 {
	return cfg.Initial * math.Pow(cfg.DecayRate, periods(step, cfg.DecaySteps, cfg.Staircase))
}

// Check says what is wrong with the config.
func (cfg ExponentialConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.steps("DecaySteps", cfg.DecaySteps)
	c.required("DecayRate", cfg.DecayRate)
	return c.err
}
