package hooks

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// EarlyStopping ends the training when a value has stopped to improve, and gives the model the
// weights that it had when the value was best: all model variables (trainable ones and batch
// normalisation's statistics), not the optimizer's. They are kept in memory and travel in
// checkpoints. Prechelt, "Early Stopping - But When?", 1998. Keras: EarlyStopping with
// restore_best_weights.
//
// It may stand before or behind the hook that records the value. A value that is recorded by steps
// is judged each time, a mean over the epoch when the epoch ends.
type EarlyStopping struct {
	training.NoHook

	Monitor  string  // the value's name; default "validation/loss"
	Maximize bool    // larger is better, as with an accuracy
	Patience int     // ends after so many values in a row without improvement; default 10
	MinDelta float64 // how much better than the best a value must be to count as improvement

	NoRestore bool // leaves the last weights in the session
	// Path, such as "best/model.ckpt", stores the best weights there as well, at each improvement,
	// as a checkpoint of the model variables.
	Path string

	best   *training.Snapshot // nil outside of a training
	saver  *training.Saver
	state  stopping
	stored []byte // a state that came before Begin
	step   func() error
	epoch  func() error
}

// stopping is what early stopping remembers.
type stopping struct {
	Seen   int     // the step of the last value judged
	Values int     // how many were judged
	Best   float64 // the best value
	BestAt int     // its step; 0 for none
	Wait   int     // values without improvement since
	Empty  int     // epochs that ended before there was a value
}

const defaultPatience = 10

func (h *EarlyStopping) monitor() string { return cmp.Or(h.Monitor, defaultMonitor) }

func (h *EarlyStopping) patience() int {
	if h.Patience == 0 {
		return defaultPatience
	}
	return h.Patience
}

// Best returns the best value and the step after which it was recorded; ok is false before there is
// one.
func (h *EarlyStopping) Best() (value float64, step int, ok bool) {
	return h.state.Best, h.state.BestAt, h.state.BestAt > 0
}

// Begin checks the config. A training that was resumed after it had been stopped is stopped again.
func (h *EarlyStopping) Begin(l *training.Loop) error {
	if h.Patience < 0 || h.MinDelta < 0 || math.IsNaN(h.MinDelta) {
		return errors.Errorf("hooks.EarlyStopping: Patience is %d and MinDelta %v; want 0 (the default) or more", h.Patience, h.MinDelta)
	}
	g := l.Session().Graph()
	if h.Path != "" {
		for _, other := range l.Config().Hooks {
			if c, ok := other.(*Checkpoint); ok && filepath.Dir(c.Path) == filepath.Dir(h.Path) {
				return errors.Errorf("hooks.EarlyStopping: %s is in the folder of hooks.Checkpoint's %s; give each a folder of its own", h.Path, c.Path)
			}
		}
		if err := writable(filepath.Dir(h.Path)); err != nil {
			return errors.WithMessage(err, "hooks.EarlyStopping")
		}
		h.saver = training.NewSaver(g.ModelVariables(), training.SaverConfig{})
	}
	h.best, h.state = training.NewSnapshot(g, g.ModelVariables()), stopping{}
	h.step, h.epoch = func() error { return h.judge(l, false) }, func() error { return h.judge(l, true) }
	if h.stored != nil {
		stored := h.stored
		h.stored = nil
		if err := h.UnmarshalBinary(stored); err != nil {
			h.best = nil // the hook may serve another training
			return errors.WithMessage(err, "hooks.EarlyStopping")
		}
	}
	h.stopIfDue(l)
	return nil
}

// AfterStep has a value that was recorded in the step judged.
func (h *EarlyStopping) AfterStep(l *training.Loop) error {
	l.Later(h.step)
	return nil
}

// AfterEpoch has the value of the epoch judged.
func (h *EarlyStopping) AfterEpoch(l *training.Loop) error {
	l.Later(h.epoch)
	return nil
}

// judge compares a new value, if there is one, with the best.
func (h *EarlyStopping) judge(l *training.Loop, epoch bool) error {
	log, ok := l.Log(h.monitor())
	if !ok && epoch && h.state.Values == 0 {
		if h.state.Empty++; h.state.Empty >= h.patience() {
			return errors.Errorf("hooks.EarlyStopping: %s", neverRecorded(l, h.monitor()))
		}
	}
	if !ok || !isNew(log, h.state.Seen, epoch) {
		return nil
	}
	st := &h.state
	st.Seen = log.Step
	st.Values++
	if !h.better(log.Value) {
		st.Wait++
		h.stopIfDue(l)
		return nil
	}
	st.Best, st.BestAt, st.Wait = log.Value, l.Step(), 0
	if !h.NoRestore {
		if err := h.best.Take(l.Session()); err != nil {
			return errors.WithMessage(err, "hooks.EarlyStopping")
		}
	}
	return h.save(l)
}

// better tells whether a value improves on the best. NaN and the infinities do not.
func (h *EarlyStopping) better(v float64) bool {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return false
	case h.state.BestAt == 0:
		return true
	case h.Maximize:
		return v > h.state.Best+h.MinDelta
	default:
		return v < h.state.Best-h.MinDelta
	}
}

func (h *EarlyStopping) stopIfDue(l *training.Loop) {
	if h.state.Wait < h.patience() {
		return
	}
	if h.state.BestAt == 0 {
		l.Stop(fmt.Sprintf("early stopping: %s was no finite number %d times in a row", h.monitor(), h.state.Wait))
		return
	}
	l.Stop(fmt.Sprintf("early stopping: %s has not improved on %.6g of step %d, %d times in a row",
		h.monitor(), h.state.Best, h.state.BestAt, h.state.Wait))
}

func (h *EarlyStopping) save(l *training.Loop) error {
	if h.saver == nil {
		return nil
	}
	_, err := h.saver.Save(l.Session(), h.Path)
	return errors.WithMessage(err, "hooks.EarlyStopping")
}

// End restores the best weights, unless the training failed otherwise than by a cancelled context.
func (h *EarlyStopping) End(l *training.Loop) error {
	defer func() { h.best = nil }()
	if h.state.Values == 0 && h.state.Empty > 0 {
		l.Warn("hooks.EarlyStopping did nothing: " + neverRecorded(l, h.monitor()))
	}
	err := l.Err()
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) || h.NoRestore || h.best.Empty() {
		return nil
	}
	if err := h.best.Restore(l.Session()); err != nil {
		return errors.WithMessage(err, "hooks.EarlyStopping")
	}
	return h.save(l)
}

// MarshalBinary writes a line of JSON with what it remembers, then the best weights.
func (h *EarlyStopping) MarshalBinary() ([]byte, error) {
	if h.best == nil {
		return h.stored, nil
	}
	head, err := json.Marshal(h.state)
	if err != nil {
		return nil, err
	}
	weights, err := h.best.MarshalBinary()
	return append(append(head, '\n'), weights...), err
}

// UnmarshalBinary takes over what MarshalBinary wrote. Before Begin, which knows the graph, it is
// only kept.
func (h *EarlyStopping) UnmarshalBinary(b []byte) error {
	if h.best == nil || len(b) == 0 {
		h.stored = append([]byte(nil), b...)
		return nil
	}
	head, weights, _ := bytes.Cut(b, []byte{'\n'})
	var st stopping
	if err := json.Unmarshal(head, &st); err != nil {
		return errors.Wrap(err, "the state of early stopping")
	}
	if err := h.best.UnmarshalBinary(weights); err != nil {
		return err
	}
	h.state = st
	return nil
}
