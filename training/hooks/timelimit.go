package hooks

import (
	"fmt"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// TimeLimit ends the training after the step in which its time is up. A training that is resumed
// has the whole time again.
type TimeLimit struct {
	training.NoHook

	Limit time.Duration // required

	began time.Time
}

// Begin starts the clock.
func (h *TimeLimit) Begin(*training.Loop) error {
	if h.Limit <= 0 {
		return errors.Errorf("hooks.TimeLimit: Limit is %v; want the time that the training may take", h.Limit)
	}
	h.began = time.Now()
	return nil
}

// AfterStep looks at the clock.
func (h *TimeLimit) AfterStep(l *training.Loop) error {
	if time.Since(h.began) >= h.Limit {
		l.Stop(fmt.Sprintf("time limit of %v", h.Limit))
	}
	return nil
}
