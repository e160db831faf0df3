package schedule

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// LinearCosineConfig configures LinearCosine, and is its Schedule. Initial and
// DecaySteps are required.
type LinearCosineConfig struct {
	Initial    float64 // multiplies the whole
	DecaySteps int     // how long the decay takes
	NumPeriods float64 // periods of the cosine in the decay; default 0.5, graph.Zero for zero
	Alpha      float64 // added to the line; default 0
	Beta       float64 // added to the product; default 0.001, graph.Zero for zero
}

// LinearCosine is a line times a cosine (Bello et al. 2017, Neural Optimizer Search):
//
//	Initial * ((Alpha + 1 - x) * (1 + cos(2*pi*NumPeriods*x)) / 2 + Beta),  x = min(step/DecaySteps, 1)
//
// tf.train.linear_cosine_decay.
func LinearCosine(s *graph.Scope, step *gorgonia.Node, cfg LinearCosineConfig) *gorgonia.Node {
	return node(s, "LinearCosineDecay", step, cfg)
}

// At implements Schedule.
func (cfg LinearCosineConfig) At(step int64) float64 { return cfg.plus(step, 0) }

// plus is At with a number added to the line.
func (cfg LinearCosineConfig) plus(step int64, noise float64) float64 {
	x := fraction(step, cfg.DecaySteps)
	wave := halfCosine(2 * orDefault(cfg.NumPeriods, 0.5) * x)
	return cfg.Initial * ((orDefault(cfg.Alpha, 0)+1-x+noise)*wave + orDefault(cfg.Beta, 0.001))
}

// Check says what is wrong with the config.
func (cfg LinearCosineConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.steps("DecaySteps", cfg.DecaySteps)
	c.rate("NumPeriods", cfg.NumPeriods)
	c.rate("Alpha", cfg.Alpha)
	c.rate("Beta", cfg.Beta)
	return c.err
}
