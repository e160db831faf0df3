package hooks

import (
	"cmp"
	"context"
	"encoding"
	"maps"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Evaluation measures the model on data of its own, such as the validation set, and records each
// metric as "validation/" and its name. It runs after every epoch by default. Where Data implements
// training.State, that travels in checkpoints, since the order of the batches may change a mean's
// last bits.
type Evaluation struct {
	training.NoHook

	Data training.Data // required, not the training's own; one epoch of it is read each time
	// X, Y are the placeholders; nil: those of the training.
	X, Y *gorgonia.Node
	// Feeds are fed beside them. Those of the training, such as isTraining: true, are not.
	Feeds graph.Feeds
	Feed  func(d training.Data) graph.Feeds // further feeds for the current batch
	// Metrics are means over Data, by name; nil, without Streaming: the training's loss, as "loss",
	// and metrics.
	Metrics   map[string]*gorgonia.Node
	Streaming map[string]training.Streaming // metrics that are no mean over batches

	Name        string // in front of the metrics' names; default "validation"
	EverySteps  int    // after each so many steps; 0: not by steps
	EveryEpochs int    // after each so many epochs; 0: not by epochs, or after each one if EverySteps is 0 too
}

// Begin reports a wrong config.
func (h *Evaluation) Begin(l *training.Loop) error {
	if h.Data == nil {
		return errors.New("hooks.Evaluation: Data is nil; want batches to evaluate on")
	}
	if isData(l, h.Data) {
		return errors.New("hooks.Evaluation: Data is the training's own, which would be moved on; want an iterator for the evaluation")
	}
	if err := checkEvery(h.EverySteps, h.EveryEpochs); err != nil {
		return errors.WithMessage(err, "hooks.Evaluation")
	}
	cfg := h.config(l)
	if len(cfg.Metrics)+len(cfg.Streaming) == 0 {
		return errors.New("hooks.Evaluation: there is nothing to measure: give it Metrics or Streaming, or the training a Loss")
	}
	if err := cfg.Check(l.Session()); err != nil {
		return errors.WithMessage(err, "hooks.Evaluation")
	}
	return h.alone(l)
}

// alone reports a name that another evaluation of the training records as well.
func (h *Evaluation) alone(l *training.Loop) error {
	names := h.names(l)
	for _, other := range l.Config().Hooks {
		e, ok := other.(*Evaluation)
		if !ok || e == h {
			continue
		}
		for _, name := range e.names(l) {
			if slices.Contains(names, name) {
				return errors.Errorf("hooks.Evaluation: %q is recorded by another one as well; give one of them a Name of its own, such as \"test\"", name)
			}
		}
	}
	return nil
}

// names are those of the values that it records.
func (h *Evaluation) names(l *training.Loop) []string {
	var names []string
	for metric := range h.metrics(l) {
		names = append(names, h.prefix()+metric)
	}
	for metric := range h.Streaming {
		names = append(names, h.prefix()+metric)
	}
	slices.Sort(names)
	return names
}

func (h *Evaluation) prefix() string { return cmp.Or(h.Name, "validation") + "/" }

// AfterStep evaluates where a step is due.
func (h *Evaluation) AfterStep(l *training.Loop) error {
	if dueStep(l, h.EverySteps) {
		return h.evaluate(l)
	}
	return nil
}

// AfterEpoch evaluates where an epoch is due.
func (h *Evaluation) AfterEpoch(l *training.Loop) error {
	if dueEpoch(l, h.EverySteps, h.EveryEpochs) {
		return h.evaluate(l)
	}
	return nil
}

// config is what Evaluate is given.
func (h *Evaluation) config(l *training.Loop) training.EvaluateConfig {
	cfg := training.EvaluateConfig{Data: h.Data, X: h.X, Y: h.Y, Feeds: h.Feeds, Feed: h.Feed, Metrics: h.metrics(l), Streaming: h.Streaming}
	if cfg.X == nil {
		cfg.X = l.Config().X
	}
	if cfg.Y == nil {
		cfg.Y = l.Config().Y
	}
	return cfg
}

func (h *Evaluation) evaluate(l *training.Loop) error {
	// An evaluation is finished as a step is, even when the context is cancelled meanwhile: only
	// then are all hooks at one moment, and what they are at can be saved.
	values, err := training.Evaluate(context.WithoutCancel(l.Context()), l.Session(), h.config(l))
	if err != nil {
		return errors.WithMessage(err, "hooks.Evaluation")
	}
	for _, metric := range slices.Sorted(maps.Keys(values)) {
		if err := l.Record(h.prefix()+metric, values[metric]); err != nil {
			return errors.WithMessage(err, "hooks.Evaluation")
		}
	}
	return nil
}

// metrics returns the means to compute.
func (h *Evaluation) metrics(l *training.Loop) map[string]*gorgonia.Node {
	if h.Metrics != nil || h.Streaming != nil {
		return h.Metrics
	}
	out := maps.Clone(l.Config().Metrics)
	if loss := l.Config().Loss; loss != nil {
		if out == nil {
			out = map[string]*gorgonia.Node{}
		}
		out["loss"] = loss
	}
	return out
}

// MarshalBinary returns the state of Data; nothing where it has none.
func (h *Evaluation) MarshalBinary() ([]byte, error) {
	if d, ok := h.Data.(encoding.BinaryMarshaler); ok {
		return d.MarshalBinary()
	}
	return nil, nil
}

// UnmarshalBinary gives Data its state back.
func (h *Evaluation) UnmarshalBinary(b []byte) error {
	if d, ok := h.Data.(encoding.BinaryUnmarshaler); ok && len(b) > 0 {
		return d.UnmarshalBinary(b)
	}
	return nil
}
