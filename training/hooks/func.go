package hooks

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// Func calls a function now and then, where a hook type of its own would be too much.
type Func struct {
	training.NoHook

	Do          func(l *training.Loop) error // required; an error ends the training
	EverySteps  int                          // after each so many steps; 0: not by steps
	EveryEpochs int                          // after each so many epochs; 0: not by epochs, or after each one if EverySteps is 0 too
}

// Begin reports a wrong config.
func (h *Func) Begin(*training.Loop) error {
	if h.Do == nil {
		return errors.New("hooks.Func: Do is nil; want the function to call")
	}
	return errors.WithMessage(checkEvery(h.EverySteps, h.EveryEpochs), "hooks.Func")
}

// AfterStep calls Do where a step is due.
func (h *Func) AfterStep(l *training.Loop) error {
	if dueStep(l, h.EverySteps) {
		return h.Do(l)
	}
	return nil
}

// AfterEpoch calls Do where an epoch is due.
func (h *Func) AfterEpoch(l *training.Loop) error {
	if dueEpoch(l, h.EverySteps, h.EveryEpochs) {
		return h.Do(l)
	}
	return nil
}
