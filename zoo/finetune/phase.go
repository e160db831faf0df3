package finetune

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/transfer/cache"
)

// PhaseReport says what a phase of training did.
type PhaseReport struct {
	Name    string
	Trained int // parameters that the phase trained
	Epochs  int
	// Undone tells that the loss of the validation pictures was never less than before the phase, whose weights were taken back.
	Undone bool
	// Features is the time in which what is frozen was computed, Training that of the rest.
	Features, Training time.Duration
	History            *training.History
}

// Took is how long the phase was.
func (r *PhaseReport) Took() time.Duration { return r.Features + r.Training }

// phase trains what is above a frozen node, which is the input where nothing is frozen.
func (t *Tuning) phase(ctx context.Context, name string, p Phase, frozen *gorgonia.Node) (*PhaseReport, error) {
	vars := t.trained(frozen)
	r := &PhaseReport{Name: name}
	for _, v := range vars {
		r.Trained += graph.SpecOf(v).Shape.TotalSize()
	}
	g := t.Session.Graph()
	step := t.optimizer.Minimize(g.Scope().NameScope("train").After(g.UpdatesOf(t.loss)...), t.loss, vars)
	if err := g.Err(); err != nil {
		return nil, err
	}
	if err := t.Session.Init(); err != nil { // the optimizer's slots
		return nil, err
	}
	start := time.Now()
	examples, err := t.examples(ctx, frozen)
	if err != nil {
		return nil, err
	}
	defer examples.close()
	if frozen == t.features {
		if err := t.standardize(examples.train); err != nil {
			return nil, err
		}
	}
	r.Features = time.Since(start)
	t.cfg.logf("%s: %d parameters trained, features computed in %.1f s\n", name, r.Trained, r.Features.Seconds())

	start = time.Now()
	train := dataset.Batches(dataset.BatchesConfig{Source: examples.train, Map: examples.augment, BatchSize: t.cfg.BatchSize, Seed: t.cfg.Seed, Epochs: -1})
	defer train.Close()
	validation := inOrder(examples.validation)
	defer validation.Close()
	measured := training.EvaluateConfig{Data: validation, X: examples.at, Y: t.y, Metrics: t.metrics}
	before, err := t.keep(ctx, measured)
	if err != nil {
		return nil, err
	}
	fit := training.FitConfig{
		Step: step, Loss: t.loss, Data: train, X: examples.at, Y: t.y, Feeds: graph.Feeds{t.rate: float32(p.Rate), t.isTraining: true}, Epochs: p.Epochs,
		Hooks: []training.Hook{&hooks.Evaluation{Data: validation, Metrics: t.metrics}},
	}
	if t.cfg.Log != nil {
		fit.Hooks = append(fit.Hooks, &hooks.Progress{Out: t.cfg.Log})
	}
	stopping := &hooks.EarlyStopping{Patience: t.cfg.Patience}
	if !t.cfg.KeepLast {
		fit.Hooks = append(fit.Hooks, stopping)
	}
	r.History, err = training.Fit(ctx, t.Session, fit)
	if !t.cfg.KeepLast {
		if best, _, ok := stopping.Best(); !ok || best >= before.loss {
			r.Undone = true
			err = cmp.Or(err, before.weights.Restore(t.Session))
		}
	}
	r.Training = time.Since(start)
	if r.History != nil {
		r.Epochs = len(r.History.Epochs)
	}
	return r, err
}

// state is a network before a phase.
type state struct {
	weights *training.Snapshot
	loss    float64 // of the validation pictures
}

// keep measures and keeps the network, so that a phase that makes it no better can be undone.
func (t *Tuning) keep(ctx context.Context, validation training.EvaluateConfig) (state, error) {
	if t.cfg.KeepLast {
		return state{}, nil
	}
	values, err := training.Evaluate(ctx, t.Session, validation)
	if err != nil {
		return state{}, err
	}
	g := t.Session.Graph()
	s := state{training.NewSnapshot(g, g.ModelVariables()), values["loss"]}
	return s, s.weights.Take(t.Session)
}

// examples are what a phase trains on: pictures, or what frozen layers make of them.
type examples struct {
	train, validation dataset.Source
	at                *gorgonia.Node // what they are fed in place of
	augment           []dataset.Transform
	cached            []*cache.Activations
}

// examples computes what a frozen node gives. Pictures that change from epoch to epoch go through the frozen layers each time.
func (t *Tuning) examples(ctx context.Context, frozen *gorgonia.Node) (*examples, error) {
	augments := t.cfg.augments() && frozen != t.features
	if frozen == t.X || augments {
		pixels := graph.SpecOf(t.X).Shape[1:].TotalSize()
		e := &examples{train: inMemory(t.Data.Train, pixels), validation: inMemory(t.Data.Validation, pixels), at: t.X}
		if augments {
			e.augment = []dataset.Transform{image.Augment(t.cfg.Augment)}
		}
		return e, nil
	}
	e := &examples{at: frozen}
	for _, part := range []struct {
		name string
		from dataset.Source
		to   *dataset.Source
	}{{"Train", t.Data.Train, &e.train}, {"Validation", t.Data.Validation, &e.validation}} {
		path, err := t.cfg.cachePath(part.from, t.Session.Graph().NameOf(frozen))
		var a *cache.Activations
		if err == nil {
			a, err = cache.Open(ctx, t.Session, cache.Config{Nodes: gorgonia.Nodes{frozen}, X: t.X, Source: part.from, Path: path})
		}
		if err != nil {
			e.close()
			return nil, errors.WithMessagef(err, "the features of Data.%s", part.name)
		}
		e.cached = append(e.cached, a)
		*part.to = a
	}
	return e, nil
}

// cachePath is a file of Config.Cache for what a node makes of pictures. The cache package finds out whether what is in it is still true.
func (c Config) cachePath(pictures dataset.Source, node string) (string, error) {
	if c.Cache == "" {
		return "", nil
	}
	h := sha256.New()
	if err := dataset.Fingerprint(h, pictures); err != nil {
		return "", errors.WithMessage(err, "Cache")
	}
	fmt.Fprintf(h, "%q %q", c.Network, node)
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:`, r) {
			return '-'
		}
		return r
	}, c.Network)
	return filepath.Join(c.Cache, fmt.Sprintf("%s-%x.activations", name, h.Sum(nil)[:8])), nil
}

func (e *examples) close() {
	for _, a := range e.cached {
		a.Close()
	}
}

// inOrder gives batches to measure on.
func inOrder(src dataset.Source) *dataset.BatchIterator {
	return dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: 64, NoShuffle: true})
}
