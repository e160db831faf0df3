package hooks_test

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// net is a small classifier of the digits with what a training has state for: batch normalisation,
// dropout, Adam with a schedule.
type net struct {
	g                                *graph.Graph
	x, y, training                   *gorgonia.Node
	step, loss, accuracy, globalStep *gorgonia.Node
}

func newNet() *net {
	g := graph.New(graph.Config{Seed: 7})
	s := g.Scope()
	n := &net{g: g}
	n.x = graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	n.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	n.training = graph.PlaceholderWithDefault(s, "training", false)
	l := s.Sub("hidden")
	h := ops.Dense(l, n.x, 30, ops.DenseConfig{Kernel: initializers.He(), NoBias: true})
	h = ops.ELU(l, ops.BatchNorm(l, h, n.training, ops.BatchNormConfig{Momentum: 0.9}), 1)
	h = ops.Dropout(l, h, 0.2, n.training)
	logits := ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: initializers.He()})
	n.loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, n.y, logits))
	n.accuracy = ops.Accuracy(s.NameScope("eval"), n.y, logits)
	n.globalStep = training.GlobalStep(s)
	t := s.NameScope("train").After(g.UpdatesOf(n.loss)...)
	passed := ops.Mul(t, ops.Cast(t, n.globalStep, tensor.Float32), graph.Const(t, float32(0.01)))
	rate := ops.Div(t, graph.Const(t, float32(0.01)), ops.AddScalar(t, passed, 1)) // inverse time decay
	n.step = training.Adam(training.AdamConfig{Schedule: rate, GlobalStep: n.globalStep}).Minimize(t, n.loss, g.Trainable())
	return n
}

func (n *net) config(d training.Data) training.FitConfig {
	return training.FitConfig{
		Step: n.step, Loss: n.loss, Metrics: map[string]*gorgonia.Node{"accuracy": n.accuracy},
		Data: d, X: n.x, Y: n.y, Feeds: graph.Feeds{n.training: true}, GlobalStep: n.globalStep,
	}
}

func (n *net) open(t testing.TB) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(n.g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

// newNoisy makes shuffled batches with random noise on the examples, from a pipeline where there is
// noise.
func newNoisy(set *dataset.Set, noise float32) *dataset.BatchIterator {
	cfg := dataset.BatchesConfig{X: set.X, Y: set.Y, BatchSize: 50, Seed: 3}
	if noise > 0 {
		cfg.Map = []dataset.Transform{func(e *dataset.Example) error {
			for i := range e.X {
				e.X[i] += noise * float32(e.Rand.NormFloat64())
			}
			return nil
		}}
	}
	return dataset.Batches(cfg)
}

// digits returns the embedded images, for training and validation.
func digits(t testing.TB) (train, validation *dataset.Set) {
	t.Helper()
	train, validation, _, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	return train, validation
}

// wantError checks that err says each of the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the error %q does not say %q", err, p)
		}
	}
}
