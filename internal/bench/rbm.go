package bench

import (
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// RBMConfig is the size of a restricted Boltzmann machine and of its batches.
type RBMConfig struct{ Visible, Hidden, Batch int }

// rbmBatches is how many batches of images there are, which are used in turn: more than caches hold.
const rbmBatches = 60

// RBMStep makes a step of CD-1 with the settings of Hinton's rbm.m: momentum, and a little weight decay. Its images are like MNIST's in that a fifth
// of the pixels are not black.
func RBMStep(cfg RBMConfig) (step func() error, sess *graph.Session, err error) {
	g := graph.New(graph.Config{Seed: 42})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, cfg.Visible)
	r := rbm.New(g.Scope().Sub("rbm"), x, rbm.Config{Hidden: cfg.Hidden, LearningRate: 0.1, Momentum: 0.5, WeightDecay: 0.0002})
	update := r.Step(g.Scope().NameScope("train"))
	sess, err = graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, nil, err
	}
	if err := sess.Init(); err != nil {
		return nil, nil, err
	}
	random := rand.New(rand.NewPCG(1, 2))
	batches := make([]graph.Feeds, rbmBatches)
	for i := range batches {
		pixels := make([]float32, cfg.Batch*cfg.Visible)
		for k := range pixels {
			pixels[k] = max(0, 5*random.Float32()-4)
		}
		batches[i] = graph.Feeds{x: tensor.New(tensor.WithShape(cfg.Batch, cfg.Visible), tensor.WithBacking(pixels))}
	}
	next := 0
	return func() error {
		_, err := sess.Run(batches[next], update)
		next = (next + 1) % len(batches)
		return err
	}, sess, nil
}
