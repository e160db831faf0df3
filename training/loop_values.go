package training

import (
	"context"
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Session returns the session that is trained.
func (l *Loop) Session() *graph.Session { return l.sess }

// Config returns what NewLoop was given.
func (l *Loop) Config() FitConfig { return l.cfg }

// Context returns the context of the Next at work.
func (l *Loop) Context() context.Context { return l.ctx }

// Data returns the data, at the batch of the current step.
func (l *Loop) Data() Data { return l.cfg.Data }

// History returns what was logged so far. It belongs to the Loop until Close.
func (l *Loop) History() *History { return l.history }

// Step returns how many steps are done since the training began, in an earlier process too if it
// was resumed from its checkpoint.
func (l *Loop) Step() int { return l.at.Step }

// Epoch returns the number of the current epoch, the first being 1.
func (l *Loop) Epoch() int { return l.at.Epoch }

// EpochStep returns how many steps of the current epoch are done.
func (l *Loop) EpochStep() int { return l.at.EpochStep }

// EpochEnded tells whether the current epoch is over and all hooks are through with it.
func (l *Loop) EpochEnded() bool { return l.at.EpochEnded }

// Over tells that there is no further step: Next has returned false, or Close was called.
func (l *Loop) Over() bool { return l.phase >= over }

// EpochSteps returns how many steps an epoch has, where Data tells; 0 is unknown.
func (l *Loop) EpochSteps() int {
	if l.counted != nil {
		return l.counted.Steps()
	}
	return 0
}

// GlobalStep returns the value of the variable FitConfig.GlobalStep, and Step where there is none.
func (l *Loop) GlobalStep() int64 {
	if l.cfg.GlobalStep != nil {
		if v, err := l.sess.Values(l.cfg.GlobalStep); err == nil {
			return integer(v[0])
		}
	}
	return int64(l.at.Step)
}

// Loss returns the loss of the step just done; NaN before the first step and without
// FitConfig.Loss.
func (l *Loop) Loss() float64 {
	if l.cfg.Loss == nil || l.values == nil {
		return math.NaN()
	}
	return l.values.Float(1)
}

// SetStep makes the steps from now on by another train op than FitConfig.Step; called in BeforeStep, from this very step on. A
// training that is resumed begins with FitConfig.Step again.
func (l *Loop) SetStep(step *gorgonia.Node) error {
	if step == nil || step.Graph() != l.sess.Graph().Expr() || graph.IsBad(step) {
		return errors.New("training: SetStep: the step is nil, of another graph, or could not be built; want what an optimizer's Minimize returns")
	}
	l.fetches[0] = step
	return nil
}

// Fetch, called in BeforeStep, asks for the values that nodes have in this very step, which Value
// returns behind it. For this step only.
func (l *Loop) Fetch(nodes ...*gorgonia.Node) {
	for _, n := range nodes {
		if !slices.Contains(l.fetches, n) {
			l.fetches = append(l.fetches, n)
		}
	}
}

// Value returns the value that a node had in the step just done: one that Fetch asked for, the loss
// or a metric. nil for any other node, and for an effect.
func (l *Loop) Value(n *gorgonia.Node) *tensor.Dense {
	if i := slices.Index(l.fetches, n); i >= 0 && i < len(l.values) {
		t, _ := l.values[i].(*tensor.Dense)
		return t
	}
	return nil
}

// Feeds returns what the current batch of Data is fed as. Valid until the next step; the session's
// Runs may use it to look at this batch again.
func (l *Loop) Feeds() (graph.Feeds, error) {
	err := l.feed()
	return l.feeds, err
}

// Fetches returns what every step fetches: Step, then Loss and Metrics.
func (l *Loop) Fetches() gorgonia.Nodes { return slices.Clone(l.fetches[:l.base]) }

// Logs returns the named values of the training: the loss's and the metrics' means over the epoch
// so far, then what hooks recorded, with the last value each. Valid until the next call.
func (l *Loop) Logs() []Log {
	l.logs = l.logs[:0]
	if l.at.Examples > 0 {
		for i := range l.means {
			l.logs = append(l.logs, l.mean(i))
		}
	}
	l.logs = append(l.logs, l.records...)
	return l.logs
}

// Log returns a named value; see Logs.
func (l *Loop) Log(name string) (log Log, ok bool) {
	for i := range l.means {
		if l.means[i].name == name {
			return l.mean(i), l.at.Examples > 0
		}
	}
	for _, r := range l.records {
		if r.Name == name {
			return r, true
		}
	}
	return Log{}, false
}

func (l *Loop) mean(i int) Log {
	return Log{Name: l.means[i].name, Value: l.means[i].sum / l.at.Examples, Step: l.at.Step, Mean: true}
}

// Record enters a value into Logs and History, such as "validation/loss". That a name is empty,
// or taken by a running mean ("loss", or a metric's name), is an error, and nothing is entered.
func (l *Loop) Record(name string, value float64) error {
	if name == "" {
		return errors.New("training: Record: the name is empty")
	}
	for i := range l.means {
		if l.means[i].name == name {
			return errors.Errorf("training: Record: %q is the name of a running mean of this training; record the value under another", name)
		}
	}
	l.history.add(name, l.at.Step, value)
	for i := range l.records {
		if r := &l.records[i]; r.Name == name {
			r.Value, r.Step = value, l.at.Step
			return nil
		}
	}
	l.records = append(l.records, Log{Name: name, Value: value, Step: l.at.Step})
	return nil
}

// Stop ends the training when all hooks are through with the current step or epoch. The first
// reason is kept and becomes History.Stopped. It may be called from any goroutine.
func (l *Loop) Stop(reason string) { l.stop.CompareAndSwap(nil, &reason) }

// Warn adds a remark to History.Warnings, once.
func (l *Loop) Warn(remark string) {
	if !slices.Contains(l.history.Warnings, remark) {
		l.history.Warnings = append(l.history.Warnings, remark)
	}
}

// Later has f called when every hook is through with the current step, epoch or end: for a hook
// that wants what hooks behind it record.
func (l *Loop) Later(f func() error) { l.later = append(l.later, f) }
