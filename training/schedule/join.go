package schedule

import (
	"math"
	"sort"
	"strconv"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// JoinConfig configures Join, and is its Schedule.
type JoinConfig struct {
	Schedules  []Schedule // one after the other
	Boundaries []int      // the step at which each but the first begins, ascending
}

// Join lets one schedule follow another: Schedules[i+1] begins at step Boundaries[i], which
// is its step 0. torch.optim.lr_scheduler.SequentialLR; optax.join_schedules.
func Join(s *graph.Scope, step *gorgonia.Node, cfg JoinConfig) *gorgonia.Node {
	return node(s, "Join", step, cfg)
}

// At implements Schedule.
func (cfg JoinConfig) At(step int64) float64 {
	i := sort.Search(len(cfg.Boundaries), func(i int) bool { return step < int64(cfg.Boundaries[i]) })
	if i >= len(cfg.Schedules) || cfg.Schedules[i] == nil {
		return math.NaN()
	}
	if i > 0 {
		step -= int64(cfg.Boundaries[i-1])
	}
	return cfg.Schedules[i].At(step)
}

// Check says what is wrong with the config.
func (cfg JoinConfig) Check() error {
	var c checks
	if len(cfg.Schedules) == 0 || len(cfg.Boundaries) != len(cfg.Schedules)-1 {
		c.failf("there are %d Schedules and %d Boundaries; want one boundary between each two", len(cfg.Schedules), len(cfg.Boundaries))
	}
	c.boundaries(cfg.Boundaries, 1)
	for i, schedule := range cfg.Schedules {
		c.inner("Schedules["+strconv.Itoa(i)+"]", schedule)
	}
	return c.err
}
