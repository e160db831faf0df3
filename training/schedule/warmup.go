package schedule

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// WarmupConfig configures Warmup, and is its Schedule. Steps and Then are required.
type WarmupConfig struct {
	Steps int      // how long the rate rises
	Start float64  // the rate at step 0 as a fraction of Then's first, in [0, 1]; default 0
	Then  Schedule // what follows: Constant(0.1), CosineConfig{...}, ...
}

// Warmup lets the rate rise along a line to the first rate of another schedule (Goyal
// et al. 2017, gradual warm-up), which then begins:
//
//	Then(0) * (Start + (1 - Start) * step/Steps)    while step < Steps
//	Then(step - Steps)                              from there on
//
// torch.optim.lr_scheduler.LinearLR with start_factor Start, followed by Then in a
// SequentialLR. In TensorFlow, a tf.cond between two decays.
func Warmup(s *graph.Scope, step *gorgonia.Node, cfg WarmupConfig) *gorgonia.Node {
	return node(s, "Warmup", step, cfg)
}

// At implements Schedule.
func (cfg WarmupConfig) At(step int64) float64 {
	if cfg.Then == nil {
		return math.NaN()
	}
	if step >= int64(cfg.Steps) {
		return cfg.Then.At(step - int64(cfg.Steps))
	}
	start := orDefault(cfg.Start, 0)
	return cfg.Then.At(0) * (start + (1-start)*fraction(step, cfg.Steps))
}

// Check says what is wrong with the config.
func (cfg WarmupConfig) Check() error {
	var c checks
	c.steps("Steps", cfg.Steps)
	c.fraction("Start", cfg.Start)
	c.inner("Then", cfg.Then)
	return c.err
}
