package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// model is a classifier, of which the hidden layers have learnt from images without labels, or nothing has.
type model struct {
	sess      *graph.Session
	x, y      *gorgonia.Node
	accuracy  *gorgonia.Node
	steps     []*gorgonia.Node   // training steps, one after the other: of the outputs on hidden layers that have learnt, then of all
	unlabeled *training.Snapshot // what was learnt without labels
	report    *pretrain.Report   // on that; nil where nothing was
	took      time.Duration
}

// layerName is the name of a hidden layer, counted from 0.
func layerName(i int) string { return fmt.Sprintf("layer%d", i+1) }

// learn builds a classifier and trains its hidden layers as the method says.
func (o options) learn(ctx context.Context, m method, data *images, seed int64) (*model, error) {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	k := &model{x: graph.Placeholder(s, "X", tensor.Float32, -1, data.pixels()), y: graph.Placeholder(s, "y", tensor.Int64, -1)}
	hidden, stack, err := m.hidden(s, k.x, o.units())
	if err != nil {
		return nil, err
	}
	if k.sess, err = graph.NewSession(g, graph.SessionConfig{}); err != nil {
		return nil, err
	}
	start := time.Now()
	if stack != nil {
		cfg := pretrain.Config{Data: data.train, Validation: data.validation, Epochs: []int{o.epochs}, Patience: 3, Seed: seed}
		if o.verbose {
			cfg.Log = os.Stderr
		}
		if k.report, err = stack.Pretrain(ctx, k.sess, cfg); err != nil {
			return nil, err
		}
	}
	if m.rotations {
		if err := o.rotate(ctx, k, hidden, data, seed); err != nil {
			return nil, err
		}
	}
	k.took = time.Since(start)
	transfer.Cut(g, hidden) // what stands above the hidden layers, or serves the reconstruction
	k.classify(g, s, hidden, stack != nil || m.rotations)
	if err := g.Err(); err != nil {
		return nil, err
	}
	if err := k.sess.Init(); err != nil {
		return nil, err
	}
	k.unlabeled = training.NewSnapshot(g, g.Variables())
	return k, k.unlabeled.Take(k.sess)
}

// classify puts outputs on the hidden layers.
func (k *model) classify(g *graph.Graph, s *graph.Scope, hidden *gorgonia.Node, learnt bool) {
	logits := transfer.Head(s.Sub("head"), hidden, classes, transfer.HeadConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, k.y, logits))
	k.accuracy = ops.Accuracy(s, k.y, logits)
	if learnt {
		k.steps = append(k.steps, adam().Minimize(s.NameScope("train_head"), loss, g.Trainable("head/")))
	}
	k.steps = append(k.steps, adam().Minimize(s.NameScope("train"), loss, g.Trainable()))
}

// labelled goes back to what was learnt without labels, trains on images with labels, and returns the share of the test images that is classified
// rightly.
func (k *model) labelled(ctx context.Context, o options, few, test *dataset.Set, seed int64) (float64, error) {
	if err := k.unlabeled.Restore(k.sess); err != nil {
		return 0, err
	}
	for _, step := range k.steps {
		b := dataset.Batches(dataset.BatchesConfig{X: few.X, Y: few.Y, BatchSize: min(50, few.Len()), Seed: seed, Epochs: -1})
		_, err := training.Fit(ctx, k.sess, training.FitConfig{Step: step, Data: b, X: k.x, Y: k.y, Steps: o.steps()})
		b.Close()
		if err != nil {
			return 0, err
		}
	}
	score, err := training.Evaluate(ctx, k.sess, training.EvaluateConfig{
		X: k.x, Y: k.y, Metrics: map[string]*gorgonia.Node{"accuracy": k.accuracy},
		Data: dataset.Batches(dataset.BatchesConfig{X: test.X, Y: test.Y, BatchSize: 1000, NoShuffle: true}),
	})
	return score["accuracy"], err
}
