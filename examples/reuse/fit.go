package main

import (
	"context"
	"os"
	"time"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// outcome is what a training gives.
type outcome struct {
	accuracy float64 // share of the test images
	epochs   int     // until it was stopped, 20 after the best one
	took     time.Duration
	losses   []float64 // of every step, and then on the validation images after every epoch
}

// lesson is one training of a network.
type lesson struct {
	in    *gorgonia.Node // what is fed the images, or what stands for them
	data  half
	batch int
	seed  int64
}

// fit trains until the validation loss has not fallen in 20 epochs, goes back to the weights with which it was least, and tests them.
func (o options) fit(ctx context.Context, sess *graph.Session, m *model, l lesson) (*outcome, error) {
	inOrder := func(set *dataset.Set) *dataset.BatchIterator {
		return dataset.Batches(dataset.BatchesConfig{X: set.X, Y: set.Y, BatchSize: 1000, NoShuffle: true})
	}
	// The book stops when the loss did not fall for the 21st time.
	take := []training.Hook{&hooks.Evaluation{Data: inOrder(l.data.validation)}, &hooks.EarlyStopping{Patience: 21}}
	if o.verbose {
		take = append(take, &hooks.Progress{Out: os.Stderr})
	}
	start := time.Now()
	history, err := training.Fit(ctx, sess, training.FitConfig{
		Step: m.step, Loss: m.loss, X: l.in, Y: m.y, Feeds: m.feeds(), Epochs: o.epochs, StepLosses: true, Hooks: take,
		Data: dataset.Batches(dataset.BatchesConfig{X: l.data.train.X, Y: l.data.train.Y, BatchSize: l.batch, Seed: l.seed}),
	})
	if err != nil {
		return nil, err
	}
	got := &outcome{took: time.Since(start), epochs: len(history.Epochs)}
	_, validation := history.Series("validation/loss")
	got.losses = append(history.Losses, validation...)
	test, err := training.Evaluate(ctx, sess, training.EvaluateConfig{
		Data: inOrder(l.data.test), X: m.x, Y: m.y, Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy},
	})
	got.accuracy = test["accuracy"]
	return got, err
}

// start opens a session in which all variables have their first values.
func start(m *model) (*graph.Session, error) {
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	if err := sess.Init(); err != nil {
		sess.Close()
		return nil, err
	}
	return sess, nil
}
