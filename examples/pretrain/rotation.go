package main

import (
	"context"
	"os"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/corrupt"
)

// turns is by how many quarters an image may be turned.
const turns = 4

// rotate trains hidden layers to tell by how many quarters an image was turned, for which one has to know what is in it (Gidaris, Singh and
// Komodakis, "Unsupervised representation learning by predicting image rotations", 2018).
func (o options) rotate(ctx context.Context, k *model, hidden *gorgonia.Node, data *images, seed int64) error {
	g := k.sess.Graph()
	s := g.Scope().Sub("rotation")
	y := graph.Placeholder(s, "turn", tensor.Int64, -1)
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, transfer.Head(s, hidden, turns, transfer.HeadConfig{})))
	step := adam().Minimize(s.NameScope("train"), loss, g.Trainable())
	if err := k.sess.Init(); err != nil {
		return err
	}
	train, err := data.turned(data.train)
	if err != nil {
		return err
	}
	validation, err := data.turned(data.validation)
	if err != nil {
		return err
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: train, BatchSize: 100, Seed: seed, Epochs: -1})
	defer b.Close()
	held := dataset.Batches(dataset.BatchesConfig{Source: validation, BatchSize: 100, NoShuffle: true})
	defer held.Close()
	take := []training.Hook{&hooks.Evaluation{Data: held}, &hooks.EarlyStopping{Patience: 3}}
	if o.verbose {
		take = append(take, &hooks.Progress{Out: os.Stderr})
	}
	_, err = training.Fit(ctx, k.sess, training.FitConfig{Step: step, Loss: loss, Data: b, X: k.x, Y: y, Epochs: o.epochs, Hooks: take})
	return err
}

// turned are images in all four turns, flat as the network takes them.
func (d *images) turned(set *dataset.Set) (dataset.Source, error) {
	square, err := set.Reshape(d.side(), d.side(), 1)
	if err != nil {
		return nil, err
	}
	src, err := corrupt.Rotations(square)
	if err != nil {
		return nil, err
	}
	return dataset.Map(src, func(e *dataset.Example) error {
		e.Shape = append(e.Shape[:0], len(e.X))
		return nil
	}), nil
}
