package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// plain is the network of exercise 8, of which the later ones are variants.
var plain = design{name: "plain", about: "5 x 100, ELU", published: ".973-.989", layers: 5, units: 100, activation: ops.ELUWith(1), batch: 20}

// lower are the networks of exercise 8. Units, activation and batch size of the others were found by random search in the book.
var lower = []design{
	plain,
	tuned("tuned", "5 x 140, leaky ReLU, batches of 500", ".973-.989", false, 0),
	tuned("batch-norm", "... with batch normalisation", ".994-.995", true, 0),
	tuned("dropout", "... with dropout of one half", ".989", false, 0.5),
}

func tuned(name, about, published string, batchNorm bool, dropout float64) design {
	return design{name, about, published, 5, 140, ops.LeakyReLUWith(0.1), batchNorm, dropout, 500}
}

// base returns what exercise 9 starts from, a checkpoint for each seed: those of one of the networks of exercise 8, or the one that -from names.
func (o options) base(ctx context.Context, data half, dir string, r *report) (checkpoints []string, err error) {
	if slices.ContainsFunc(lower, func(d design) bool { return d.name == o.from }) {
		return o.exercise8(ctx, data, dir, r)
	}
	accuracy, err := restored(o.from, data)
	if err != nil {
		return nil, err
	}
	r.printf("%s: test accuracy %s on the classes 0 to 4\n", filepath.Base(o.from), share(accuracy))
	return slices.Repeat([]string{o.from}, o.seeds), nil
}

// exercise8 trains all networks on the classes 0 to 4 and returns the checkpoints of that which -from names.
func (o options) exercise8(ctx context.Context, data half, dir string, r *report) (checkpoints []string, err error) {
	r.head("Exercise 8, classes 0 to 4")
	for _, d := range lower {
		var all []*outcome
		for i := range o.seeds {
			got, path, err := o.learn(ctx, d, data, o.seed+int64(i), dir)
			if err != nil {
				return nil, fmt.Errorf("%s, seed %d: %w", d.name, o.seed+int64(i), err)
			}
			all = append(all, got)
			if d.name == o.from {
				checkpoints = append(checkpoints, path)
			}
		}
		r.row(d.name, d.about, d.published, all)
	}
	return checkpoints, nil
}

// learn trains a network from scratch and saves it with its graph as TensorFlow does.
func (o options) learn(ctx context.Context, d design, data half, seed int64, dir string) (*outcome, string, error) {
	m := d.build(data.train.X.Shape()[1], seed)
	sess, err := start(m)
	if err != nil {
		return nil, "", err
	}
	defer sess.Close()
	got, err := o.fit(ctx, sess, m, lesson{m.x, data, d.batch, seed})
	if err != nil {
		return nil, "", err
	}
	saver := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{})
	path, err := tensorflow.Save(sess, saver, filepath.Join(dir, fmt.Sprintf("%s_%d.ckpt", d.name, seed)), tensorflow.ExportConfig{})
	return got, path, err
}

// restored tells how well the network of a checkpoint knows the classes 0 to 4.
func restored(checkpoint string, data half) (float64, error) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	net, err := transfer.Import(s, checkpoint, network.Config{Outputs: []string{"Y_proba"}})
	if err != nil {
		return 0, err
	}
	defer net.Close()
	x, err := net.Node("X")
	if err != nil {
		return 0, err
	}
	y := graph.Placeholder(s, "labels", tensor.Int64, -1)
	accuracy := ops.Accuracy(s, y, net.Outputs[0].Node)
	sess, err := start(&model{g: g})
	if err != nil {
		return 0, err
	}
	defer sess.Close()
	values, err := sess.Run(graph.Feeds{x: data.test.X, y: data.test.Y}, accuracy)
	if err != nil {
		return 0, err
	}
	return values.Float(0), nil
}
