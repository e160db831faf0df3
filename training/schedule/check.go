package schedule

import (
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// check asks a schedule for mistakes.
func check(schedule Schedule) error {
	if schedule == nil {
		return errors.New("the schedule is nil; schedule.Constant(0.1) is the simplest one")
	}
	if c, ok := schedule.(interface{ Check() error }); ok {
		return c.Check()
	}
	return nil
}

// checks keeps the first mistake of a config.
type checks struct{ err error }

func (c *checks) failf(format string, args ...interface{}) {
	if c.err == nil {
		c.err = errors.Errorf(format, args...)
	}
}

// required wants a finite number of a field that has no default: 0 or more, zero
// said as graph.Zero.
func (c *checks) required(field string, x float64) {
	if x == 0 {
		c.failf("%s is 0, which is what it is when left out; set it, to graph.Zero if it is meant to be zero", field)
	}
	c.rate(field, x)
}

// rate wants a finite number, 0 or more.
func (c *checks) rate(field string, x float64) {
	if !(x >= 0) || math.IsInf(x, 1) {
		c.failf("%s is %v; want a finite number, 0 or more", field, x)
	}
}

// fraction wants a number in [0, 1].
func (c *checks) fraction(field string, x float64) {
	if !(x >= 0 && x <= 1) {
		c.failf("%s is %v; want a number in [0, 1]", field, x)
	}
}

// steps wants a number of steps.
func (c *checks) steps(field string, n int) {
	if n <= 0 {
		c.failf("%s is %d; want a number of steps, 1 or more", field, n)
	}
}

// inner wants a good schedule inside another one.
func (c *checks) inner(field string, schedule Schedule) {
	if err := check(schedule); err != nil && c.err == nil {
		c.err = errors.WithMessage(err, field)
	}
}

// boundaries wants steps that rise from the first possible one on.
func (c *checks) boundaries(boundaries []int, first int) {
	for i, b := range boundaries {
		if b < first {
			c.failf("Boundaries[%d] is %d; want %d or more, since they rise", i, b, first)
		}
		first = b + 1
	}
}

// orDefault reads a number of a config: zero means the default, graph.Zero zero.
func orDefault(x, otherwise float64) float64 {
	switch x {
	case 0:
		return otherwise
	case graph.Zero:
		return 0
	}
	return x
}

// periods returns how many times decaySteps fit into step, the whole ones only
// in a staircase.
func periods(step int64, decaySteps int, staircase bool) float64 {
	p := float64(max(0, step)) / float64(decaySteps)
	if staircase {
		return math.Floor(p)
	}
	return p
}

// fraction returns how much of a decay of so many steps is done, at most 1.
func fraction(step int64, decaySteps int) float64 { return min(1, periods(step, decaySteps, false)) }
