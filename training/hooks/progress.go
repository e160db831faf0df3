package hooks

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// Progress shows how far the training is: a bar for each epoch, with rate and time left, and a line
// for each epoch done with what was logged in it:
//
//	epoch 2/20  loss 0.3412  validation/loss 0.2967  (1.2s)
//	epoch 3/20  48% [===========>            ] (14/29, 93 steps/s) [1s:2s]  loss 0.3021
//
// The bar is for terminals; a file or a pipe gets the lines only, unless Draw is set, which is for
// notebooks.
type Progress struct {
	training.NoHook

	Out   io.Writer // default: os.Stdout as it is at each write
	Draw  bool      // draws the bar although Out is no terminal
	Width int       // of the bar in characters; default 24
	Names []string  // what is shown; nil: everything that is logged

	EverySteps int // a line after each so many steps as well, for long epochs; 0: none

	bar   *training.Progress
	began time.Time // the epoch
	short func() string
	line  func() error
}

// Begin prepares the bar; nothing is written yet.
func (h *Progress) Begin(l *training.Loop) error {
	if err := checkEvery(h.EverySteps, 0); err != nil {
		return errors.WithMessage(err, "hooks.Progress")
	}
	h.bar = training.NewProgress(training.ProgressConfig{Out: h.Out, Draw: h.Draw, Width: h.Width})
	h.short = func() string { return h.logs(l, true) }
	h.line = func() error { h.writeLine(l, ""); return nil }
	return nil
}

// BeforeStep begins the bar of an epoch.
func (h *Progress) BeforeStep(l *training.Loop) error {
	if h.began.IsZero() || l.EpochStep() == 0 {
		h.began = time.Now()
		total := l.EpochSteps()
		if steps := l.Config().Steps; steps > 0 && total > 0 {
			total = min(total, steps-l.Step()+l.EpochStep())
		}
		h.bar.Start(h.label(l), total)
	}
	return nil
}

// AfterStep draws the bar, now and then.
func (h *Progress) AfterStep(l *training.Loop) error {
	h.bar.UpdateFunc(l.EpochStep(), h.short)
	if dueStep(l, h.EverySteps) {
		l.Later(h.line)
	}
	return nil
}

// AfterEpoch writes the epoch's line, when what comes behind it is recorded.
func (h *Progress) AfterEpoch(l *training.Loop) error {
	l.Later(func() error {
		h.writeLine(l, fmt.Sprintf("  (%.1fs)", time.Since(h.began).Seconds()))
		return nil
	})
	return nil
}

// End writes a line for an epoch that was not finished, and ends the bar's.
func (h *Progress) End(l *training.Loop) error {
	if l.EpochStep() > 0 && !l.EpochEnded() && l.Step() > 0 && !h.began.IsZero() {
		h.writeLine(l, fmt.Sprintf("  (%.1fs)", time.Since(h.began).Seconds()))
	}
	h.bar.Finish()
	h.began = time.Time{}
	return nil
}

func (h *Progress) writeLine(l *training.Loop, tail string) {
	step := ""
	if !l.EpochEnded() && tail == "" {
		step = fmt.Sprintf("  step %d", l.Step())
	}
	h.bar.Line("%s%s  %s%s", h.label(l), step, h.logs(l, false), tail)
}

// label is "epoch 3/20".
func (h *Progress) label(l *training.Loop) string {
	epochs := l.Config().Epochs
	if epochs == 0 {
		return fmt.Sprintf("epoch %d", l.Epoch())
	}
	return fmt.Sprintf("epoch %*d/%d", len(fmt.Sprint(epochs)), l.Epoch(), epochs)
}

// logs lists the running means and, for a line, what was recorded in this epoch.
func (h *Progress) logs(l *training.Loop, means bool) string {
	var parts []string
	show := func(log training.Log) {
		if log.Mean || !means && log.Step > l.Step()-l.EpochStep() {
			parts = append(parts, log.String())
		}
	}
	if h.Names == nil {
		for _, log := range l.Logs() {
			show(log)
		}
	}
	for _, name := range h.Names {
		if log, ok := l.Log(name); ok {
			show(log)
		}
	}
	return strings.Join(parts, "  ")
}
