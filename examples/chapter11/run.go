package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// runner runs experiments on one data set.
type runner struct {
	o        options
	data     *images
	standard *images          // data with standardised pixels, made when needed
	dir      string           // of the checkpoints of clip
	trained  map[int64]string // clip's checkpoint by seed
}

func newRunner(o options, data *images) (*runner, error) {
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "chapter11")
	return &runner{o: o, data: data, dir: dir, trained: map[int64]string{}}, err
}

func (r *runner) close() { os.RemoveAll(r.dir) }

// outcome is what an experiment gives with one seed: accuracies, from 0 to 1.
type outcome struct {
	validation []float64 // after each epoch
	test       float64   // after the last
	training   time.Duration
}

// run trains the experiment's network once.
func (r *runner) run(ctx context.Context, e experiment, seed int64) (*outcome, error) {
	data, err := r.images(e)
	if err != nil {
		return nil, err
	}
	m := newModel(data.pixels(), seed)
	e.build(m)
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if len(e.reuse) > 0 {
		path, err := r.base(ctx, seed)
		if err != nil {
			return nil, err
		}
		if err := training.NewSaver(m.g.Trainable(e.reuse...), training.SaverConfig{}).Restore(sess, path); err != nil {
			return nil, err
		}
	}
	if err := sess.Init(); err != nil { // what was not restored
		return nil, err
	}
	out, err := r.train(ctx, m, sess, e, data, seed)
	if err == nil && e.name == "clip" {
		r.trained[seed], err = training.NewSaver(m.g.ModelVariables(), training.SaverConfig{}).SaveStep(sess, filepath.Join(r.dir, "clip.ckpt"), seed)
	}
	return out, err
}

// train runs the epochs, and evaluates after each.
func (r *runner) train(ctx context.Context, m *model, sess *graph.Session, e experiment, data *images, seed int64) (*outcome, error) {
	if r.o.verbose {
		fmt.Fprintf(os.Stderr, "%s, seed %d\n", e.name, seed)
	}
	start := time.Now()
	x, in := data.train.X, m.x
	if m.cached != nil { // run the frozen layers once, for all images
		values, err := sess.RunContext(ctx, graph.Feeds{m.x: x}, m.cached)
		if err != nil {
			return nil, err
		}
		x, in = values.Tensor(0), m.cached
	}
	metrics := map[string]*gorgonia.Node{"accuracy": m.accuracy}
	inOrder := func(set *dataset.Set) *dataset.BatchIterator {
		return dataset.Batches(dataset.BatchesConfig{X: set.X, Y: set.Y, BatchSize: 1000, NoShuffle: true})
	}
	history, err := training.Fit(ctx, sess, training.FitConfig{
		Step: m.step, Loss: m.loss, Feeds: graph.Feeds{m.training: true},
		Data: dataset.Batches(dataset.BatchesConfig{X: x, Y: data.train.Y, BatchSize: e.batch, Seed: seed}),
		X:    in, Y: m.y,
		Epochs: r.epochs(e),
		Hooks:  r.hooks(&hooks.Evaluation{Data: inOrder(data.validation), X: m.x, Metrics: metrics}),
	})
	if err != nil {
		return nil, err
	}
	out := &outcome{training: time.Since(start)}
	_, out.validation = history.Series("validation/accuracy")
	test, err := training.Evaluate(ctx, sess, training.EvaluateConfig{Data: inOrder(data.test), X: m.x, Y: m.y, Metrics: metrics})
	if err != nil {
		return nil, err
	}
	out.test = test["accuracy"]
	return out, nil
}

// hooks are the one that evaluates, and a progress bar where it is wanted.
func (r *runner) hooks(evaluation training.Hook) []training.Hook {
	if !r.o.verbose {
		return []training.Hook{evaluation}
	}
	return []training.Hook{evaluation, &hooks.Progress{Out: os.Stderr}}
}

// epochs is how long the experiment trains here.
func (r *runner) epochs(e experiment) int {
	const bookImages = 55000
	switch {
	case r.o.short:
		return 2
	case r.o.sameSteps:
		per := func(images int) int { return (images + e.batch - 1) / e.batch }
		return max(1, e.epochs*per(bookImages)/per(r.data.train.Len()))
	}
	return e.epochs
}

// images returns the data as the experiment wants them.
func (r *runner) images(e experiment) (d *images, err error) {
	if !e.standard {
		return r.data, nil
	}
	if r.standard == nil {
		r.standard, err = r.data.standard()
	}
	return r.standard, err
}

// base returns the checkpoint of clip, which it trains if need be.
func (r *runner) base(ctx context.Context, seed int64) (string, error) {
	if r.trained[seed] == "" {
		clip, _ := find("clip")
		if _, err := r.run(ctx, clip, seed); err != nil {
			return "", err
		}
	}
	return r.trained[seed], nil
}
