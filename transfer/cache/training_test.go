package cache_test

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// net is a network whose lower part is not trained.
type net struct {
	sess           *graph.Session
	x, y, training *gorgonia.Node
	features       gorgonia.Nodes
	loss, step     *gorgonia.Node
}

// lowers build the frozen layers on pictures [batch, 8, 8, 1]; they stand in scopes called frozen.
var lowers = map[string]func(s *graph.Scope, x, training *gorgonia.Node) gorgonia.Nodes{
	"dense": func(s *graph.Scope, x, training *gorgonia.Node) gorgonia.Nodes {
		h := ops.Dense(s.Sub("frozen1"), ops.Flatten(s, x), 40, ops.DenseConfig{Activation: ops.ReLU})
		h = ops.Dropout(s, h, 0.3, training)
		return gorgonia.Nodes{ops.Dense(s.Sub("frozen2"), h, 30, ops.DenseConfig{Activation: ops.ReLU})}
	},
	"convolutions": func(s *graph.Scope, x, training *gorgonia.Node) gorgonia.Nodes {
		h := ops.Conv2D(s.Sub("frozen1"), x, 8, [2]int{3, 3}, ops.Conv2DConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("frozen1"), h, nil, ops.BatchNormConfig{Frozen: true}))
		h = ops.Conv2D(s.Sub("frozen2"), h, 6, [2]int{3, 3}, ops.Conv2DConfig{NoBias: true})
		h = ops.ReLU(s, ops.BatchNorm(s.Sub("frozen2"), h, training, ops.BatchNormConfig{}))
		return gorgonia.Nodes{ops.MaxPool2D(s, h, ops.MaxPool2DConfig{})}
	},
	"two endpoints": func(s *graph.Scope, x, training *gorgonia.Node) gorgonia.Nodes {
		h := ops.Conv2D(s.Sub("frozen1"), x, 4, [2]int{3, 3}, ops.Conv2DConfig{Activation: ops.ReLU})
		low := ops.MaxPool2D(s, h, ops.MaxPool2DConfig{})
		h = ops.Conv2D(s.Sub("frozen2"), low, 5, [2]int{3, 3}, ops.Conv2DConfig{Activation: ops.ReLU})
		return gorgonia.Nodes{low, ops.GlobalAvgPool(s, h, ops.GlobalPoolConfig{})}
	},
}

// build makes a net of which the optimizer is given what is not frozen. lowerTraining is the flag of the frozen layers.
func build(t testing.TB, lower string, dtype tensor.Dtype) *net {
	t.Helper()
	g := graph.New(graph.Config{Seed: 3, Dtype: dtype})
	s := g.Scope()
	n := &net{
		x:        graph.Placeholder(s, "X", dtype, -1, 8, 8, 1),
		y:        graph.Placeholder(s, "y", tensor.Int64, -1),
		training: graph.PlaceholderWithDefault(s, "frozen_training", false),
	}
	n.features = lowers[lower](s, n.x, n.training)
	h := ops.Flatten(s, n.features[0])
	for _, f := range n.features[1:] {
		h = ops.Concat(s, 1, h, ops.Flatten(s, f))
	}
	h = ops.Dense(s.Sub("hidden"), h, 20, ops.DenseConfig{NoBias: true})
	h = ops.ReLU(s, ops.BatchNorm(s.Sub("hidden"), h, graph.Const(s, true), ops.BatchNormConfig{}))
	n.loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, n.y, ops.Dense(s.Sub("out"), h, 10, ops.DenseConfig{})))
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9})
	updates := g.UpdatesOf(n.loss)
	var upper gorgonia.Nodes
	for _, u := range updates {
		if name := g.NameOf(u); name[:min(len(name), 6)] != "frozen" {
			upper = append(upper, u)
		}
	}
	n.step = opt.Minimize(s.NameScope("train").After(upper...), n.loss, g.Trainable("hidden", "out"))
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	n.sess = sess
	moveStatistics(t, sess)
	return n
}

// moveStatistics gives batch norms statistics that are not those they begin with.
func moveStatistics(t testing.TB, sess *graph.Session) {
	t.Helper()
	r := rand.New(rand.NewSource(5))
	for _, v := range sess.Graph().Variables() {
		name := v.Name()
		if len(name) < 6 || name[:6] != "frozen" {
			continue
		}
		value, err := sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		switch x := value.Data().(type) {
		case []float32:
			for i := range x {
				x[i] += 0.2 * r.Float32()
			}
		case []float64:
			for i := range x {
				x[i] += 0.2 * r.Float64()
			}
		}
		if err := sess.SetValue(v, value); err != nil {
			t.Fatal(err)
		}
	}
}

// digits are 300 pictures [n, 8, 8, 1].
func digits(t testing.TB, dtype tensor.Dtype) *dataset.Set {
	t.Helper()
	all, err := dataset.AllDigits()
	if err != nil {
		t.Fatal(err)
	}
	set, err := all.Take(300)
	if err != nil {
		t.Fatal(err)
	}
	x := append([]float32(nil), set.X.Data().([]float32)...)
	var backing any = x
	if dtype == tensor.Float64 {
		wide := make([]float64, len(x))
		for i, v := range x {
			wide[i] = float64(v)
		}
		backing = wide
	}
	return &dataset.Set{X: tensor.New(tensor.WithShape(300, 8, 8, 1), tensor.WithBacking(backing)), Y: set.Y, Name: "digits"}
}

// Training on activations gives the losses of computing them in every step, bit for bit.
func TestTrainsAlike(t *testing.T) {
	for lower := range lowers {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, size := range []int{32, 7} {
				t.Run(lower+" "+dtype.Name(), func(t *testing.T) {
					set := digits(t, dtype)
					computed := build(t, lower, dtype)
					want := fit(t, computed, training.FitConfig{X: computed.x}, set, size)

					cached := build(t, lower, dtype)
					a := open(t, cached, cache.Config{Source: set, BatchSize: 50})
					var src dataset.Source = a
					if dtype == tensor.Float64 {
						var err error
						if src, err = a.Set(); err != nil {
							t.Fatal(err)
						}
					}
					got := fit(t, cached, training.FitConfig{Feed: a.Feed}, src, size)
					sameLosses(t, got, want)
				})
			}
		}
	}
}

// open caches the features of a net.
func open(t testing.TB, n *net, cfg cache.Config) *cache.Activations {
	t.Helper()
	cfg.Nodes, cfg.X = n.features, n.x
	a, err := cache.Open(context.Background(), n.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// fit trains for two epochs and returns the loss of every step.
func fit(t testing.TB, n *net, cfg training.FitConfig, src dataset.Source, batchSize int) []float64 {
	t.Helper()
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: batchSize, Seed: 4, Epochs: -1})
	defer b.Close()
	cfg.Step, cfg.Loss, cfg.Y, cfg.Data, cfg.Epochs, cfg.StepLosses = n.step, n.loss, n.y, b, 2, true
	h, err := training.Fit(context.Background(), n.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h.Losses
}

func sameLosses(t *testing.T, got, want []float64) {
	t.Helper()
	if len(got) != len(want) || len(want) < 2 || want[0] == want[len(want)-1] {
		t.Fatalf("%d losses, want %d that change", len(got), len(want))
	}
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Fatalf("loss %d is %v from the cache, %v computed", i, got[i], want[i])
		}
	}
}
