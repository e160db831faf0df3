package pretrain

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// train trains the layer on examples in the form of its input.
func (l *level) train(ctx context.Context, sess *graph.Session, cfg *Config, epochs int, in examples, r *LayerReport) error {
	g := sess.Graph()
	if r.Trained = l.parameters(); r.Trained == 0 {
		r.Stopped = "frozen, and so not trained"
		return sess.Init()
	}
	if err := l.buildStep(); err != nil {
		return err
	}
	g.AddToCollection(graph.TrainOp, l.step)
	defer g.RemoveFromCollection(graph.TrainOp, l.step)
	if err := sess.Init(); err != nil {
		return err
	}
	if l.Begin != nil {
		if err := l.Begin(ctx, sess, in.train); err != nil {
			return errors.WithMessage(err, "Data")
		}
	}
	if cfg.Log != nil {
		fmt.Fprintf(cfg.Log, "%s: %s -> %s, %d parameters\n", l.name, r.Input, r.Output, r.Trained)
	}
	batches := dataset.Batches(dataset.BatchesConfig{Source: in.train, BatchSize: cfg.BatchSize, Seed: cfg.Seed, Epochs: -1})
	defer batches.Close()
	metrics := l.scalars()
	delete(metrics, lossName)       // FitConfig.Loss
	delete(metrics, freeEnergyName) // computed for whole sets only
	m, err := l.monitors(cfg, in)
	if err != nil {
		return err
	}
	defer m.close()
	r.History, err = training.Fit(ctx, sess, training.FitConfig{
		Step: l.step, Loss: l.Loss, Metrics: metrics, Data: batches, X: l.x, Feeds: l.Feeds, Epochs: epochs, Hooks: m.hooks,
	})
	m.enter(r)
	return err
}

// buildStep builds the training step the first time.
func (l *level) buildStep() error {
	g := l.scope.Graph()
	if l.step != nil {
		return nil
	}
	var ends gorgonia.Nodes
	for _, n := range []*gorgonia.Node{l.Error, l.Loss} {
		if n != nil {
			ends = append(ends, n)
		}
	}
	step := l.Step(l.scope.NameScope("pretrain").After(g.UpdatesOf(ends...)...))
	switch {
	case g.Err() != nil:
		return g.Err()
	case step == nil:
		return errors.New("Step built no node")
	}
	l.step = step
	return nil
}

// parameters counts the trainable numbers of the layer.
func (l *level) parameters() int {
	trainable := l.scope.Graph().Trainable()
	n := 0
	for _, v := range l.variables() {
		if slices.Contains(trainable, v) {
			n += graph.SpecOf(v).Shape.TotalSize()
		}
	}
	return n
}

// monitors watch over the training of a layer.
type monitors struct {
	hooks    []training.Hook
	data     []*dataset.BatchIterator
	stopping *hooks.EarlyStopping // nil where all epochs are wanted
	saving   *hooks.Checkpoint    // nil without checkpoints
}

func (l *level) monitors(cfg *Config, in examples) (*monitors, error) {
	m := &monitors{hooks: []training.Hook{&hooks.NaNGuard{}}}
	if in.validation != nil {
		if err := m.validate(l, cfg, in); err != nil {
			m.close()
			return nil, err
		}
	}
	if cfg.Hooks != nil {
		m.hooks = append(m.hooks, cfg.Hooks(l.name)...)
	}
	if cfg.Log != nil {
		m.hooks = append(m.hooks, &hooks.Progress{Out: cfg.Log})
	}
	if cfg.Checkpoints != "" {
		m.saving = &hooks.Checkpoint{
			Path: filepath.Join(cfg.Checkpoints, l.name, "model.ckpt"), Resume: true, Every: cfg.CheckpointEvery,
			Saver: training.SaverConfig{MaxToKeep: 2, RelativePaths: true},
		}
		m.hooks = append(m.hooks, m.saving)
	}
	return m, nil
}

// validate measures the layer on validation data, and its free energy, if it has one, on as many training data.
func (m *monitors) validate(l *level, cfg *Config, in examples) error {
	validation := m.inOrder(in.validation, cfg)
	m.hooks = append(m.hooks, &hooks.Evaluation{Data: validation, Metrics: l.scalars(), Name: validationName})
	if l.FreeEnergy != nil {
		seen, err := first(in.train, min(in.train.Len(), in.validation.Len()))
		if err != nil {
			return err
		}
		m.hooks = append(m.hooks,
			&hooks.Evaluation{Data: m.inOrder(seen, cfg), Metrics: map[string]*gorgonia.Node{freeEnergyName: l.FreeEnergy}, Name: trainingName},
			&gap{limit: cfg.FreeEnergyGap})
	}
	if !cfg.KeepLast {
		m.stopping = &hooks.EarlyStopping{Monitor: validationName + "/" + reconstructionName, Patience: cfg.Patience}
		m.hooks = append(m.hooks, m.stopping)
	}
	return nil
}

// first are the first examples of a source. A Set, which may be float64, stays one.
func first(src dataset.Source, n int) (dataset.Source, error) {
	if set, ok := src.(*dataset.Set); ok {
		return set.Take(n)
	}
	return dataset.Take(src, n)
}

// inOrder gives batches to measure on.
func (m *monitors) inOrder(src dataset.Source, cfg *Config) *dataset.BatchIterator {
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: cfg.BatchSize, NoShuffle: true})
	m.data = append(m.data, b)
	return b
}

func (m *monitors) close() {
	for _, b := range m.data {
		b.Close()
	}
}

// enter puts what was measured into the report.
func (m *monitors) enter(r *LayerReport) {
	h := r.History
	if h == nil {
		return
	}
	r.Epochs, r.Stopped = len(h.Epochs), h.Stopped
	r.Reconstruction, _ = h.Last(reconstructionName)
	if last, ok := h.Last(validationName + "/" + reconstructionName); ok {
		r.Validation = &last
	}
	if m.stopping != nil {
		if best, _, ok := m.stopping.Best(); ok {
			r.Validation = &best
		}
	}
	if last, ok := h.Last(gapName); ok {
		r.FreeEnergyGap = &last
	}
	if m.saving != nil {
		r.Resumed = m.saving.Resumed()
	}
}
