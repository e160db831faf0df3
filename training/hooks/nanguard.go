package hooks

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// NaNGuard ends the training with an error when the loss or a metric of a step is NaN or infinite.
// The error names the node where the first such value arose, and its epoch and step: for that the
// steps since a snapshot of all variables are run again in a second session that looks at every
// value (graph.SessionConfig.CheckNumerics). The session is left with the last finite weights,
// those before that step.
//
// Weights may be spoilt a step before the loss shows it, so a checkpoint of that step is spoilt
// too; the one before it is not.
//
// Data that do not implement training.State cannot be read again: only the batch at hand is
// examined then, and the weights go back to the snapshot's.
type NaNGuard struct {
	training.NoHook

	EverySteps int // a snapshot is taken after each so many steps; default 1000. Fewer make the search shorter and the training slower.

	vars  gorgonia.Nodes
	kept  *training.Snapshot
	data  []byte // the state of Data at the snapshot; nil for none
	from  int    // the step of the snapshot
	every int

	metrics []string // their names, in order
}

const defaultSnapshotSteps = 1000

// Begin takes the first snapshot.
func (h *NaNGuard) Begin(l *training.Loop) error {
	if h.EverySteps < 0 {
		return errors.Errorf("hooks.NaNGuard: EverySteps is %d; want 0 (the default, %d) or more", h.EverySteps, defaultSnapshotSteps)
	}
	if h.every = h.EverySteps; h.every == 0 {
		h.every = defaultSnapshotSteps
	}
	g := l.Session().Graph()
	h.vars, h.metrics = g.Variables(), slices.Sorted(maps.Keys(l.Config().Metrics))
	h.kept = training.NewSnapshot(g, h.vars)
	return errors.WithMessage(h.take(l), "hooks.NaNGuard")
}

// take keeps the training as it is between two steps.
func (h *NaNGuard) take(l *training.Loop) error {
	h.data = nil
	if st, ok := l.Data().(training.State); ok {
		var err error
		if h.data, err = st.MarshalBinary(); err != nil {
			return err
		}
	}
	h.from = l.Step()
	return h.kept.Take(l.Session())
}

// Save takes the next snapshot if it is due.
func (h *NaNGuard) Save(l *training.Loop) error {
	if l.Over() || l.Step() < h.from+h.every {
		return nil
	}
	return errors.WithMessage(h.take(l), "hooks.NaNGuard")
}

// AfterStep looks at the loss and the metrics.
func (h *NaNGuard) AfterStep(l *training.Loop) error {
	cfg := l.Config()
	if cfg.Loss != nil && !finite(l.Loss()) {
		return h.examine(l, fmt.Sprintf("the loss is %v", l.Loss()))
	}
	for _, name := range h.metrics {
		if v := (graph.Values{l.Value(cfg.Metrics[name])}).Float(0); !finite(v) {
			return h.examine(l, fmt.Sprintf("the metric %q is %v", name, v))
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// examine finds where the first value that is not finite arose, and describes it. The session gets
// the last finite weights.
func (h *NaNGuard) examine(l *training.Loop, what string) error {
	sess, err := graph.NewSession(l.Session().Graph(), graph.SessionConfig{CheckNumerics: true, From: l.Session()})
	if err != nil {
		return errors.Errorf("hooks.NaNGuard: %s after step %d; a session to examine it: %v", what, l.Step(), err)
	}
	defer sess.Close()
	report := h.replay
	if h.data == nil {
		report = h.oneBatch
	}
	where, err := report(l, sess)
	if err == nil {
		err = h.handBack(l, sess)
	}
	if err != nil {
		return errors.Errorf("hooks.NaNGuard: %s after step %d; while looking for its cause: %v", what, l.Step(), err)
	}
	return errors.Errorf("hooks.NaNGuard: %s after step %d: %s", what, l.Step(), where)
}

// handBack gives the trained session the variables of the examining one.
func (h *NaNGuard) handBack(l *training.Loop, sess *graph.Session) error {
	good := training.NewSnapshot(sess.Graph(), h.vars)
	if err := good.Take(sess); err != nil {
		return err
	}
	return good.Restore(l.Session())
}

// oneBatch examines the batch at hand, with the weights as they are, and leaves those of the
// snapshot.
func (h *NaNGuard) oneBatch(l *training.Loop, sess *graph.Session) (string, error) {
	feeds, err := l.Feeds()
	if err != nil {
		return "", err
	}
	_, failure := sess.RunContext(context.WithoutCancel(l.Context()), feeds, l.Fetches()...)
	if err := h.kept.Restore(sess); err != nil {
		return "", err
	}
	where := "with the same batch once more all values are finite"
	if failure != nil {
		where = fmt.Sprintf("with the same batch once more: %v", failure)
	}
	return fmt.Sprintf("%s. Data do not implement training.State, so the steps before were not examined; the session has the weights of step %d",
		where, h.from), nil
}

// replay runs the steps since the snapshot again and leaves the weights before the one that fails.
func (h *NaNGuard) replay(l *training.Loop, sess *graph.Session) (string, error) {
	failed, failure, err := h.rerun(l, sess, l.Step())
	if err != nil {
		return "", err
	}
	if failure == nil {
		return fmt.Sprintf("the same steps from step %d on, run again, have finite values only: something beside the steps changed variables or data; "+
			"the session has the weights of step %d", h.from, h.from), h.kept.Restore(sess)
	}
	var run *graph.RunError
	if errors.As(failure, &run) && len(run.Written) > 0 { // the failing step has changed variables already
		if _, _, err := h.rerun(l, sess, failed-1); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("the first such value arose in step %d: %v; the session has the weights of before", failed, failure), nil
}

// rerun goes back to the snapshot and runs the steps up to a number. failure is what ended that, in
// step failed.
func (h *NaNGuard) rerun(l *training.Loop, sess *graph.Session, last int) (failed int, failure, err error) {
	if err := h.kept.Restore(sess); err != nil {
		return 0, nil, err
	}
	d := l.Data()
	if err := d.(training.State).UnmarshalBinary(h.data); err != nil {
		return 0, nil, err
	}
	for step := h.from + 1; step <= last; step++ {
		if !d.Next() {
			if d.Reset(); !d.Next() {
				return 0, nil, errors.Errorf("Data has no batch for step %d any more: %v", step, d.Err())
			}
		}
		feeds, err := l.Feeds()
		if err != nil {
			return 0, nil, err
		}
		if _, err := sess.Run(feeds, l.Fetches()...); err != nil {
			return step, err, nil
		}
	}
	return 0, nil, nil
}
