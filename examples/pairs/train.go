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
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/cache"
	"github.com/plexaura/plexaura/transfer/pairs"
)

// outcome is what a training gives.
type outcome struct {
	accuracy float64 // share of the test pairs or images
	took     time.Duration
}

// learnPairs trains a network on pairs, and returns its session.
func (o options) learnPairs(ctx context.Context, data *images, kind string, seed int64) (sess *graph.Session, got outcome, err error) {
	m := pairModel(data.pixels(), kind, seed)
	train, err := pairs.New(data.paired, pairs.Config{Seed: seed})
	if err != nil {
		return nil, got, err
	}
	test, err := pairs.New(data.test, pairs.Config{Seed: seed, Fixed: true})
	if err != nil {
		return nil, got, err
	}
	if sess, err = start(m, nil); err != nil {
		return nil, got, err
	}
	got, err = o.fit(ctx, sess, m, m.x, train, o.pairBatch, o.pairEpochs, seed)
	if err == nil {
		got.accuracy, err = m.test(ctx, sess, test)
	}
	if err != nil {
		sess.Close()
		return nil, got, err
	}
	return sess, got, nil
}

// reuse trains a classifier on the hidden layers of a network of pairs: first the outputs alone, on values that are computed once; then all.
func (o options) reuse(ctx context.Context, data *images, pretrained *graph.Session, kind string, seed int64) (frozen, tuned outcome, err error) {
	m := classifier(data.pixels(), kind, seed)
	transfer.FreezeBelow(m.g, m.hidden)
	m.minimize()
	sess, err := start(m, pretrained)
	if err != nil {
		return frozen, tuned, err
	}
	defer sess.Close()
	begin := time.Now()
	activations, err := cache.Open(ctx, sess, cache.Config{Nodes: gorgonia.Nodes{m.hidden}, X: m.x, Source: data.labelled})
	if err != nil {
		return frozen, tuned, err
	}
	defer activations.Close()
	set, err := activations.Set()
	if err != nil {
		return frozen, tuned, err
	}
	caching := time.Since(begin)
	if frozen, err = o.fit(ctx, sess, m, m.hidden, set, o.batch, o.epochs, seed); err != nil {
		return frozen, tuned, err
	}
	frozen.took += caching
	if frozen.accuracy, err = m.test(ctx, sess, data.test); err != nil {
		return frozen, tuned, err
	}
	transfer.Unfreeze(m.g)
	m.minimize()
	if err = sess.Init(); err != nil { // the new optimizer's variables
		return frozen, tuned, err
	}
	if tuned, err = o.fit(ctx, sess, m, m.x, data.labelled, o.batch, o.epochs, seed); err == nil {
		tuned.accuracy, err = m.test(ctx, sess, data.test)
	}
	return frozen, tuned, err
}

// scratch trains the classifier with nothing reused.
func (o options) scratch(ctx context.Context, data *images, seed int64) (got outcome, err error) {
	m := classifier(data.pixels(), shared, seed)
	m.minimize()
	sess, err := start(m, nil)
	if err != nil {
		return got, err
	}
	defer sess.Close()
	if got, err = o.fit(ctx, sess, m, m.x, data.labelled, o.batch, o.epochs, seed); err == nil {
		got.accuracy, err = m.test(ctx, sess, data.test)
	}
	return got, err
}

// fit trains for a number of epochs. in is what is fed the examples, or what stands for them.
func (o options) fit(ctx context.Context, sess *graph.Session, m *model, in *gorgonia.Node, src dataset.Source, batch, epochs int, seed int64) (outcome, error) {
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: batch, Seed: seed, Epochs: -1})
	defer b.Close()
	var take []training.Hook
	if o.verbose {
		take = append(take, &hooks.Progress{Out: os.Stderr})
	}
	begin := time.Now()
	_, err := training.Fit(ctx, sess, training.FitConfig{
		Step: m.step, Loss: m.loss, Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy}, X: in, Y: m.y, Data: b, Epochs: epochs, Hooks: take,
	})
	return outcome{took: time.Since(begin)}, err
}

// test is the accuracy on a source.
func (m *model) test(ctx context.Context, sess *graph.Session, src dataset.Source) (float64, error) {
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: 1000, NoShuffle: true})
	defer b.Close()
	result, err := training.Evaluate(ctx, sess, training.EvaluateConfig{Data: b, X: m.x, Y: m.y, Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy}})
	return result["accuracy"], err
}

// start opens a session in which variables have the values that they have in another one, or first values.
func start(m *model, from *graph.Session) (*graph.Session, error) {
	sess, err := graph.NewSession(m.g, graph.SessionConfig{From: from})
	if err != nil {
		return nil, err
	}
	if err := sess.Init(); err != nil {
		sess.Close()
		return nil, err
	}
	return sess, nil
}
