package training

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Loop is a training in its caller's hands, a step at each Next. Fit shows how it is used. It is
// not safe for concurrent use, but for Stop.
type Loop struct {
	sess    *graph.Session
	cfg     FitConfig
	ctx     context.Context
	history *History
	states  map[string]State

	base    int            // how many of fetches every step has
	fetches gorgonia.Nodes // of the current step: Step, Loss, Metrics, then what hooks asked for
	feeds   graph.Feeds    // of the current step
	values  graph.Values   // of fetches
	means   []mean         // of Loss and Metrics
	offset  int            // of Loss, or the first metric, in fetches
	logs    []Log          // Logs, rebuilt by it
	records []Log          // what hooks recorded
	later   []func() error // what hooks put off until all of them are through

	at      position
	stop    atomic.Pointer[string] // why to stop
	phase   phase
	whole   bool // between two steps: data, weights and hooks are of one moment
	busy    bool // in Next or Close
	calling Hook // the hook at work
	keepers []Keeper
	begun   int         // hooks whose Begin went well
	counted countedData // Data, if it knows its number of steps
	err     error
	causes  []string // of err, without when and where
	spoilt  bool     // the loss was NaN
}

// position says how far a training is.
type position struct {
	Step       int     // steps done
	Epoch      int     // number of the current epoch, from 1
	EpochStep  int     // steps done in it
	EpochStart int     // steps done before it
	EpochEnded bool    // and the hooks' AfterEpoch is done
	Examples   float64 // examples seen in it
}

// mean is a running mean over an epoch.
type mean struct {
	name string
	sum  float64 // of value times size of the batch
}

type phase int

const (
	fresh   phase = iota // nothing was called
	running              // hooks have begun
	over                 // Next returned false
	closed               // Close was called
)

// NewLoop returns a training that is about to begin, or an error that says what is wrong with cfg.
// Hooks are not called before the first Next.
func NewLoop(sess *graph.Session, cfg FitConfig) (*Loop, error) {
	if err := cfg.check(sess); err != nil {
		return nil, errors.WithMessage(err, "training")
	}
	l := &Loop{sess: sess, cfg: cfg, ctx: context.Background(), history: &History{}, feeds: graph.Feeds{}, at: position{Epoch: 1}}
	l.fetches = gorgonia.Nodes{cfg.Step}
	l.offset = 1
	if cfg.Loss != nil {
		l.fetches = append(l.fetches, cfg.Loss)
		l.means = append(l.means, mean{name: lossName})
	}
	for _, name := range sortedNames(cfg.Metrics) {
		l.fetches = append(l.fetches, cfg.Metrics[name])
		l.means = append(l.means, mean{name: name})
	}
	for _, m := range l.means {
		l.history.series = append(l.history.series, series{name: m.name}) // these stand before what hooks record
	}
	l.base = len(l.fetches)
	l.counted, _ = cfg.Data.(countedData)
	l.states = l.collectStates()
	for _, h := range cfg.Hooks {
		if k, ok := h.(Keeper); ok {
			l.keepers = append(l.keepers, k)
		}
	}
	return l, nil
}

// Next runs one training step with all that belongs to it, and reports whether it did. It returns
// false when the training is at its end, was stopped, or failed, which Err tells then; Close is the
// caller's to call.
func (l *Loop) Next(ctx context.Context) bool {
	if l.busy {
		l.refuse("Next")
		return false
	}
	if l.phase >= over {
		return false
	}
	if ctx == nil {
		ctx = context.Background()
	}
	l.ctx, l.busy = ctx, true
	more, err := l.next()
	l.busy = false
	l.fail(err)
	if !more || l.err != nil {
		l.phase = over
	}
	return l.phase == running
}

func (l *Loop) next() (more bool, err error) {
	defer l.recovered(&err, l.failedAfter)
	if l.phase == fresh {
		l.phase = running
		if err := l.begin(); err != nil {
			return false, err
		}
	}
	for reset := false; ; {
		full := !l.at.EpochEnded && l.EpochSteps() > 0 && l.at.EpochStep >= l.EpochSteps()
		if !full && l.ends() {
			return false, nil
		}
		if err := l.ctx.Err(); err != nil {
			return false, l.cancelled(err)
		}
		if full { // also when there are no more steps to do
			if err := l.endEpoch(); err != nil {
				return false, err
			}
			continue
		}
		if l.at.EpochEnded {
			l.beginEpoch()
		}
		ok, err := l.advance()
		if err != nil {
			return false, err
		}
		if ok {
			return true, l.step()
		}
		switch {
		case l.at.EpochStep > 0:
			if err := l.endEpoch(); err != nil {
				return false, err
			}
		case !reset:
			// Data that go on from epoch to epoch, and make batches ahead, are not reset.
			l.cfg.Data.Reset()
			reset = true
		default:
			return false, errors.Errorf("training: Data has no batch in epoch %d", l.at.Epoch)
		}
	}
}

// ends tells whether no further step is to be done, and notes why.
func (l *Loop) ends() bool {
	switch reason := l.stop.Load(); {
	case reason != nil:
		l.history.Stopped = *reason
	case l.cfg.Steps > 0 && l.at.Step >= l.cfg.Steps:
		l.history.Stopped = fmt.Sprintf("after %d steps", l.at.Step)
	case l.cfg.Epochs > 0 && l.at.EpochEnded && l.at.Epoch >= l.cfg.Epochs:
		l.history.Stopped = fmt.Sprintf("after %d epochs", l.at.Epoch)
	default:
		return false
	}
	return true
}

// cancelled describes the end by a cancelled context.
func (l *Loop) cancelled(err error) error {
	return errors.WithMessagef(err, "training: after step %d, in epoch %d", l.at.Step, l.at.Epoch)
}

// advance takes the next batch, if there is one in this epoch.
func (l *Loop) advance() (bool, error) {
	if nextBatch(l.ctx, l.cfg.Data) {
		return true, nil
	}
	if err := l.ctx.Err(); err != nil {
		return false, l.cancelled(err)
	}
	return false, errors.WithMessagef(l.cfg.Data.Err(), "training: the batch of epoch %d, step %d", l.at.Epoch, l.at.Step+1)
}

// begin calls the hooks before the first step.
func (l *Loop) begin() error {
	for _, h := range l.cfg.Hooks {
		if r, ok := h.(Restorer); ok {
			l.calling = h
			if err := r.Restore(l); err != nil {
				return errors.WithMessage(err, "training: before the first step")
			}
		}
	}
	for _, h := range l.cfg.Hooks {
		l.calling = h
		if err := h.Begin(l); err != nil {
			return errors.WithMessage(err, "training: before the first step")
		}
		l.begun++
	}
	l.calling, l.whole = nil, true
	return l.runLater()
}

// fail keeps an error, the first one first; one that only says again what is kept, as when a full
// disk takes no checkpoint at the end either, is left out.
func (l *Loop) fail(err error) {
	if err == nil {
		return
	}
	cause := errors.Cause(err).Error()
	if slices.Contains(l.causes, cause) {
		return
	}
	l.causes = append(l.causes, cause)
	if l.err != nil {
		l.err = fmt.Errorf("%w; then: %w", l.err, err)
		return
	}
	l.err = err
	l.history.Stopped = err.Error()
}

// refuse ends a training whose hook calls what is the caller's to call.
func (l *Loop) refuse(method string) {
	err := errors.Errorf("training: a hook called Loop.%s; Loop.Stop ends a training", method)
	l.fail(err)
	l.Stop(err.Error())
}

// atEnd calls a function at the end, and keeps its error.
func (l *Loop) atEnd(f func(*Loop) error) {
	describe := func(err error) error {
		return errors.WithMessagef(err, "training: at the end, after step %d", l.at.Step)
	}
	l.fail(func() (err error) {
		defer l.recovered(&err, describe)
		return describe(f(l))
	}())
}

// Close ends the training: it calls the hooks' End, once, and returns what Err
// returns. Leaving the loop early, with break, is no error.
func (l *Loop) Close() error {
	if l.busy {
		l.refuse("Close")
		return l.err
	}
	if l.phase == closed {
		return l.err
	}
	l.busy = true
	defer func() { l.busy = false }()
	if l.history.Stopped == "" {
		l.history.Stopped = fmt.Sprintf("left after step %d", l.at.Step)
	}
	l.phase = closed
	if l.whole {
		for _, k := range l.keepers {
			l.calling = k
			l.atEnd(k.Save)
		}
	}
	l.later = l.later[:0] // of a step that failed
	for i := l.begun - 1; i >= 0; i-- {
		l.calling = l.cfg.Hooks[i]
		l.atEnd(l.calling.End)
	}
	l.calling = nil
	for len(l.later) > 0 { // whatever one of them returns: another closes its file
		l.atEnd(func(l *Loop) error { return l.nextLater()() })
	}
	for _, w := range l.sess.Warnings() {
		l.Warn(w.String())
	}
	if l.at.EpochStep > 0 && !l.at.EpochEnded {
		l.enterRow()
	}
	return l.err
}

// Err returns what ended the training, if it was an error; nil while it goes on.
func (l *Loop) Err() error { return l.err }
