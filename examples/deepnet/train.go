package main

import (
	"context"
	"fmt"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// result is what the table says of a variant.
type result struct {
	name     string
	norms    []float64 // of the gradients before the first step, a layer
	before   float64   // loss of the first batch
	loss     float64   // mean loss of the last epoch
	accuracy float64   // on the test images
}

// train builds and trains a variant.
func train(v variant, o options, data *images, bar *training.Progress) (*result, error) {
	m := build(v, o, data.train.X.Shape()[1])
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return nil, err
	}
	r := &result{name: v.name}
	first, err := data.train.Take(min(200, data.train.Len()))
	if err != nil {
		return nil, err
	}
	out, err := sess.Run(graph.Feeds{m.x: first.X, m.y: first.Y, m.training: true}, append(m.norms, m.loss)...)
	if err != nil {
		return nil, err
	}
	for i := range m.norms {
		r.norms = append(r.norms, out.Float(i))
	}
	r.before = out.Float(len(m.norms))

	batches := dataset.Batches(dataset.BatchesConfig{X: data.train.X, Y: data.train.Y, BatchSize: o.batch, Seed: o.seed})
	bar.Start(fmt.Sprintf("%-*s", nameWidth, v.name), o.epochs*batches.Steps())
	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: m.step, Loss: m.loss, X: m.x, Y: m.y, Feeds: graph.Feeds{m.training: true}, Data: batches, Epochs: o.epochs,
		// One bar for all epochs; hooks.Progress has one for each.
		Hooks: []training.Hook{&hooks.Func{EverySteps: 1, Do: func(l *training.Loop) error {
			bar.Update(l.Step(), "loss %.4g", l.Loss())
			return nil
		}}},
	})
	if err != nil {
		return nil, err
	}
	r.loss, _ = history.Last("loss")
	if out, err = sess.Run(graph.Feeds{m.x: data.test.X, m.y: data.test.Y}, m.accuracy); err != nil {
		return nil, err
	}
	r.accuracy = out.Float(0)
	return r, nil
}
