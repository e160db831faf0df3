package hooks

import (
	"fmt"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// StopAt ends the training when Loop.GlobalStep, which counts steps over all trainings of the
// model, has reached a number (tf.train.StopAtStepHook with last_step). A training that begins
// there, or beyond, makes no step, so that one which is resumed at its end stays as it is.
type StopAt struct {
	training.NoHook

	GlobalStep int64 // required
}

// Begin reports a wrong config.
func (h *StopAt) Begin(l *training.Loop) error {
	if h.GlobalStep <= 0 {
		return errors.Errorf("hooks.StopAt: GlobalStep is %d; want 1 or more", h.GlobalStep)
	}
	return h.AfterStep(l)
}

// AfterStep compares.
func (h *StopAt) AfterStep(l *training.Loop) error {
	if l.GlobalStep() >= h.GlobalStep {
		l.Stop(fmt.Sprintf("at step %d", h.GlobalStep))
	}
	return nil
}
