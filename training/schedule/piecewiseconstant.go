package schedule

import (
	"math"
	"sort"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// PiecewiseConstantConfig configures PiecewiseConstant, and is its Schedule.
type PiecewiseConstantConfig struct {
	Boundaries []int     // the last step of each rate but the last one, ascending
	Values     []float64 // the rates, one more than there are boundaries
}

// PiecewiseConstant is one rate after the other: Values[0] up to and with step
// Boundaries[0], Values[1] from the step after it up to and with Boundaries[1], and so
// on. tf.train.piecewise_constant; torch.optim.lr_scheduler.MultiStepLR changes the rate
// one step earlier, at the milestone.
func PiecewiseConstant(s *graph.Scope, step *gorgonia.Node, cfg PiecewiseConstantConfig) *gorgonia.Node {
	return node(s, "PiecewiseConstant", step, cfg)
}

// At implements Schedule.
func (cfg PiecewiseConstantConfig) At(step int64) float64 {
	i := sort.Search(len(cfg.Boundaries), func(i int) bool { return step <= int64(cfg.Boundaries[i]) })
	if i >= len(cfg.Values) {
		return math.NaN()
	}
	return cfg.Values[i]
}

// Check says what is wrong with the config.
func (cfg PiecewiseConstantConfig) Check() error {
	var c checks
	if len(cfg.Values) != len(cfg.Boundaries)+1 {
		c.failf("there are %d Values for %d Boundaries; want one more, the rate after the last boundary", len(cfg.Values), len(cfg.Boundaries))
	}
	c.boundaries(cfg.Boundaries, 0)
	for _, v := range cfg.Values {
		c.rate("one of the Values", v)
	}
	return c.err
}
