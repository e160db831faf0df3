package main

import (
	"context"
	"os"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/cache"
	"github.com/plexaura/plexaura/transfer/corrupt"
)

// replace puts another word in place of one, drawn as often as it occurs, so that a bad sentence is not known by rare words.
func (d *texts) replace() dataset.Transform {
	return corrupt.ReplaceWords(d.vocabulary, corrupt.ReplaceConfig{ByCount: true})
}

// detect trains a classifier of good and bad sentences, and returns its accuracy.
func (o options) detect(ctx context.Context, data *texts, encoder string, seed int64) (float64, error) {
	train, err := corrupt.Detect(data.train, data.replace())
	if err != nil {
		return 0, err
	}
	test, err := corrupt.Detect(data.test, data.replace())
	if err != nil {
		return 0, err
	}
	m := classifier(encoder, o.length, data.vocabulary.Len(), seed)
	m.minimize()
	sess, err := start(m, nil)
	if err != nil {
		return 0, err
	}
	defer sess.Close()
	if err := o.fit(ctx, sess, m, m.x, train, o.epochs, seed); err != nil {
		return 0, err
	}
	return m.test(ctx, sess, test)
}

// rank trains a network to score good sentences above bad ones, and returns its session and the share of bad ones below.
func (o options) rank(ctx context.Context, data *texts, encoder string, seed int64) (*graph.Session, float64, error) {
	train, err := corrupt.Ranked(data.train, o.corruptions, data.replace())
	if err != nil {
		return nil, 0, err
	}
	test, err := corrupt.Ranked(data.test, o.corruptions, data.replace())
	if err != nil {
		return nil, 0, err
	}
	m := ranker(encoder, 1+o.corruptions, o.length, data.vocabulary.Len(), seed)
	m.minimize()
	sess, err := start(m, nil)
	if err != nil {
		return nil, 0, err
	}
	accuracy := 0.0
	if err = o.fit(ctx, sess, m, m.x, train, o.epochs, seed); err == nil {
		accuracy, err = m.test(ctx, sess, test)
	}
	if err != nil {
		sess.Close()
		return nil, 0, err
	}
	return sess, accuracy, nil
}

// starts are what the encoder of a filter begins as.
var starts = []string{scratch, frozen, unfrozen}

const (
	scratch  = "from scratch"
	frozen   = "reused, frozen"
	unfrozen = "reused, trained on"
)

// filterMail trains a filter of few mails, and returns its accuracy on the test mails.
func (o options) filterMail(ctx context.Context, data *texts, few dataset.Source, encoder, begin string, ranker *graph.Session, seed int64) (float64, error) {
	m := classifier(encoder, o.mailLength, data.vocabulary.Len(), seed)
	if begin == scratch {
		ranker = nil
	}
	if begin == frozen {
		transfer.FreezeBelow(m.g, m.encoding)
	}
	m.minimize()
	sess, err := start(m, ranker)
	if err != nil {
		return 0, err
	}
	defer sess.Close()
	in := m.x
	if begin == frozen {
		activations, err := cache.Open(ctx, sess, cache.Config{Nodes: gorgonia.Nodes{m.encoding}, X: m.x, Source: few})
		if err != nil {
			return 0, err
		}
		defer activations.Close()
		set, err := activations.Set()
		if err != nil {
			return 0, err
		}
		in, few = m.encoding, set
	}
	if err := o.fit(ctx, sess, m, in, few, o.mailEpochs, seed); err != nil {
		return 0, err
	}
	return m.test(ctx, sess, data.mails.test)
}

// fit trains for a number of epochs. in is what is fed the examples, or what stands for them.
func (o options) fit(ctx context.Context, sess *graph.Session, m *model, in *gorgonia.Node, src dataset.Source, epochs int, seed int64) error {
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: min(50, max(5, src.Len()/10)), Seed: seed, Epochs: -1})
	defer b.Close()
	cfg := training.FitConfig{Step: m.step, Loss: m.loss, Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy}, X: in, Data: b, Epochs: epochs}
	if labelled(src) {
		cfg.Y = m.y
	}
	if o.verbose {
		cfg.Hooks = append(cfg.Hooks, &hooks.Progress{Out: os.Stderr})
	}
	_, err := training.Fit(ctx, sess, cfg)
	return err
}

// test is the accuracy on a source. What is drawn for it is the same for all networks.
func (m *model) test(ctx context.Context, sess *graph.Session, src dataset.Source) (float64, error) {
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: 200, NoShuffle: true})
	defer b.Close()
	cfg := training.EvaluateConfig{Data: b, X: m.x, Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy}}
	if labelled(src) {
		cfg.Y = m.y
	}
	result, err := training.Evaluate(ctx, sess, cfg)
	return result["accuracy"], err
}

// labelled tells whether examples have labels; those that are ranked have none.
func labelled(src dataset.Source) bool {
	l, ok := src.(dataset.Labelled)
	return ok && l.Labels() != nil
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
