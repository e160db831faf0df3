package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// NoisyLinearCosineConfig configures NoisyLinearCosine, and is its Schedule without
// the noise. Initial and DecaySteps are required.
type NoisyLinearCosineConfig struct {
	Initial         float64 // multiplies the whole
	DecaySteps      int     // how long the decay takes
	InitialVariance float64 // of the noise at step 0; default 1, graph.Zero for none
	VarianceDecay   float64 // how fast the noise falls; default 0.55, graph.Zero for zero
	NumPeriods      float64 // periods of the cosine in the decay; default 0.5, graph.Zero for zero
	Alpha           float64 // added to the line; default 0
	Beta            float64 // added to the product; default 0.001, graph.Zero for zero
}

// NoisyLinearCosine is LinearCosine with noise on the line (Bello et al. 2017):
//
//	Initial * ((Alpha + 1 - x + noise) * (1 + cos(2*pi*NumPeriods*x)) / 2 + Beta),  x = min(step/DecaySteps, 1)
//
// where noise is drawn from the normal distribution of mean 0 and variance
// InitialVariance / (1 + min(step, DecaySteps))^VarianceDecay. As in TensorFlow a draw may make the
// rate negative; InitialVariance below 0.01 hardly ever does at the start.
//
// The node draws once a Run, from the graph's seed, the node's name and the number of
// the draw. The noise is the node's: the config's At is the rate without it, also as a
// part of another schedule. tf.train.noisy_linear_cosine_decay.
func NoisyLinearCosine(s *graph.Scope, step *gorgonia.Node, cfg NoisyLinearCosineConfig) *gorgonia.Node {
	return node(s, "NoisyLinearCosineDecay", step, cfg)
}

// At implements Schedule.
func (cfg NoisyLinearCosineConfig) At(step int64) float64 { return cfg.quiet().At(step) }

func (cfg NoisyLinearCosineConfig) atNoise(step int64, z float64) float64 {
	at := float64(min(max(0, step), int64(cfg.DecaySteps)))
	variance := orDefault(cfg.InitialVariance, 1) / math.Pow(1+at, orDefault(cfg.VarianceDecay, 0.55))
	return cfg.quiet().plus(step, z*math.Sqrt(variance))
}

// quiet is the schedule that the noise is added to.
func (cfg NoisyLinearCosineConfig) quiet() LinearCosineConfig {
	return LinearCosineConfig{cfg.Initial, cfg.DecaySteps, cfg.NumPeriods, cfg.Alpha, cfg.Beta}
}

// Check says what is wrong with the config.
func (cfg NoisyLinearCosineConfig) Check() error {
	c := checks{cfg.quiet().Check()}
	c.rate("InitialVariance", cfg.InitialVariance)
	c.rate("VarianceDecay", cfg.VarianceDecay)
	return c.err
}
