package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// CosineConfig configures Cosine, and is its Schedule. Initial and DecaySteps are
// required.
type CosineConfig struct {
	Initial    float64 // the rate at step 0
	DecaySteps int     // how long the decay takes
	Alpha      float64 // the rate at the end as a fraction of Initial, in [0, 1]; default 0
}

// Cosine is decay along half a cosine (Loshchilov & Hutter 2017, without restarts):
//
//	Initial * ((1 - Alpha) * (1 + cos(pi*step/DecaySteps)) / 2 + Alpha)
//
// and Initial*Alpha after DecaySteps. tf.train.cosine_decay;
// torch.optim.lr_scheduler.CosineAnnealingLR with eta_min Initial*Alpha, which rises
// again after T_max steps.
func Cosine(s *graph.Scope, step *gorgonia.Node, cfg CosineConfig) *gorgonia.Node {
	return node(s, "CosineDecay", step, cfg)
}

// At implements Schedule.
func (cfg CosineConfig) At(step int64) float64 {
	alpha := orDefault(cfg.Alpha, 0)
	return cfg.Initial * ((1-alpha)*halfCosine(fraction(step, cfg.DecaySteps)) + alpha)
}

// Check says what is wrong with the config.
func (cfg CosineConfig) Check() error {
	var c checks
	c.required("Initial", cfg.Initial)
	c.steps("DecaySteps", cfg.DecaySteps)
	c.fraction("Alpha", cfg.Alpha)
	return c.err
}

// halfCosine falls from 1 to 0 as x goes from 0 to 1.
func halfCosine(x float64) float64 { return 0.5 * (1 + math.Cos(math.Pi*x)) }
