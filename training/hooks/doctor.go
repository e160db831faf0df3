package hooks

import (
	"fmt"
	"io"
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// Doctor diagnoses the network (training.Diagnose) before the first step, or in the course of the
// training, and writes the report down. The training itself stays as it is, bit for bit; each
// diagnosis takes the time of some hundred steps.
type Doctor struct {
	training.NoHook

	// Data gives the batches to look at: an iterator of its own, so that the training's data stay
	// where they are. Required.
	Data training.Data

	AfterSteps  int // once, after so many steps; 0: before the first, unless a period is set
	EverySteps  int // after each so many steps; 0: not by steps
	EveryEpochs int // after each so many epochs; 0: not by epochs

	Steps    int  // of a diagnosis: see training.DiagnoseConfig
	NoTrials bool // see training.DiagnoseConfig

	// Report takes the diagnosis in place of Out; an error ends the training, as l.Stop does
	// without one.
	Report func(l *training.Loop, d *training.Diagnosis) error
	Out    io.Writer // default: os.Stdout as it is at each call
}

// Begin reports a wrong config, and diagnoses if that is due before the first step.
func (h *Doctor) Begin(l *training.Loop) error {
	if h.Data == nil {
		return errors.New("hooks.Doctor: Data is nil; want batches of its own, such as dataset.Batches(...)")
	}
	if isData(l, h.Data) {
		return errors.New("hooks.Doctor: Data is the training's own, which would be moved on; want an iterator for the doctor")
	}
	if h.AfterSteps < 0 {
		return errors.Errorf("hooks.Doctor: AfterSteps is %d; want 0 (before the first step) or more", h.AfterSteps)
	}
	if err := checkEvery(h.EverySteps, h.EveryEpochs); err != nil {
		return errors.WithMessage(err, "hooks.Doctor")
	}
	if l.Config().Loss == nil {
		return errors.New("hooks.Doctor: the training has no Loss; want it in FitConfig")
	}
	if h.AfterSteps == 0 && h.EverySteps == 0 && h.EveryEpochs == 0 && l.Step() == 0 {
		return h.examine(l)
	}
	return nil
}

// AfterStep diagnoses where a step is due.
func (h *Doctor) AfterStep(l *training.Loop) error {
	if h.AfterSteps > 0 && l.Step() == h.AfterSteps || dueStep(l, h.EverySteps) {
		return h.examine(l)
	}
	return nil
}

// AfterEpoch diagnoses where an epoch is due.
func (h *Doctor) AfterEpoch(l *training.Loop) error {
	if h.EveryEpochs > 0 && l.Epoch()%h.EveryEpochs == 0 {
		return h.examine(l)
	}
	return nil
}

func (h *Doctor) examine(l *training.Loop) error {
	cfg := l.Config()
	d, err := training.Diagnose(l.Context(), l.Session(), training.DiagnoseConfig{
		Step: cfg.Step, Loss: cfg.Loss, Data: h.Data, X: cfg.X, Y: cfg.Y, Feed: cfg.Feed, Feeds: cfg.Feeds, Steps: h.Steps, NoTrials: h.NoTrials,
	})
	if l.Context().Err() != nil {
		return nil // there is no report; the loop ends, and what was trained is saved
	}
	if err != nil {
		return errors.WithMessage(err, "hooks.Doctor")
	}
	if h.Report != nil {
		return h.Report(l, d)
	}
	out := h.Out
	if out == nil {
		out = os.Stdout
	}
	_, err = fmt.Fprintf(out, "after step %d:\n%v", l.Step(), d)
	return errors.Wrap(err, "hooks.Doctor: writing the report")
}
