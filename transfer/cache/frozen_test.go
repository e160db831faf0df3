package cache_test

import (
	"context"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/cache"
)

// Layers that transfer.Freeze has frozen can be cached although the training flag, which the head above needs, is true.
func TestFrozenLayers(t *testing.T) {
	set := digits(t, tensor.Float32)
	build := func() *net {
		g := graph.New(graph.Config{Seed: 3})
		s := g.Scope()
		n := &net{
			x:        graph.Placeholder(s, "X", tensor.Float32, -1, 8, 8, 1),
			y:        graph.Placeholder(s, "y", tensor.Int64, -1),
			training: graph.PlaceholderWithDefault(s, "is_training", true),
		}
		h := ops.Conv2D(s.Sub("frozen1"), n.x, 8, [2]int{3, 3}, ops.Conv2DConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("frozen1"), h, n.training, ops.BatchNormConfig{}))
		h = ops.Dropout(s.Sub("frozen1"), h, 0.3, n.training)
		h = ops.Conv2D(s.Sub("frozen2"), h, 6, [2]int{3, 3}, ops.Conv2DConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("frozen2"), h, n.training, ops.BatchNormConfig{}))
		n.features = gorgonia.Nodes{h}
		h = ops.Dense(s.Sub("hidden"), ops.Flatten(s, h), 20, ops.DenseConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("hidden"), h, n.training, ops.BatchNormConfig{}))
		h = ops.Dropout(s.Sub("hidden"), h, 0.2, n.training)
		n.loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, n.y, ops.Dense(s.Sub("out"), h, 10, ops.DenseConfig{})))
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { sess.Close() })
		n.sess = sess
		return n
	}
	prepared := func() *net {
		n := build()
		g := n.sess.Graph()
		transfer.FreezeBelow(g, n.features...)
		opt := training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9})
		n.step = opt.Minimize(g.Scope().NameScope("train").After(g.UpdatesOf(n.loss)...), n.loss, g.Trainable())
		if err := n.sess.Init(); err != nil {
			t.Fatal(err)
		}
		moveStatistics(t, n.sess)
		return n
	}
	computed, cached := prepared(), prepared()
	a := open(t, cached, cache.Config{Source: set, Feeds: graph.Feeds{cached.training: true}})
	sameLosses(t, fit(t, cached, training.FitConfig{Feed: a.Feed}, a, 32), fit(t, computed, training.FitConfig{X: computed.x}, set, 32))

	loose := build()
	if err := loose.sess.Init(); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Open(context.Background(), loose.sess, cache.Config{Nodes: loose.features, X: loose.x, Source: set}); err == nil {
		t.Error("layers that are not frozen were cached in training")
	}
}
