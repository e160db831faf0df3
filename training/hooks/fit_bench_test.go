package hooks_test

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// mlp is the net of 784-300-100-10 units that training is timed with, and its data: 50 random images a batch.
type mlp struct {
	sess             *graph.Session
	x, y, step, loss *gorgonia.Node
	data             *dataset.BatchIterator
}

func newMLP(b *testing.B) *mlp {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	m := &mlp{}
	m.x = graph.Placeholder(s, "X", tensor.Float32, -1, 784)
	m.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	h := m.x
	for i, units := range []int{300, 100} {
		l := s.Sub(fmt.Sprintf("hidden%d", i+1))
		h = ops.ELU(l, ops.Dense(l, h, units, ops.DenseConfig{Kernel: initializers.He()}), 1)
	}
	logits := ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{Kernel: initializers.He()})
	m.loss = ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, m.y, logits))
	m.step = training.GradientDescent(training.GradientDescentConfig{LearningRate: 1e-4}).Minimize(s.NameScope("train"), m.loss, g.Trainable())
	const n = 5000
	x, y := make([]float32, n*784), make([]int64, n)
	for i := range x {
		x[i] = float32(i*7919%1000) / 1000
	}
	for i := range y {
		y[i] = int64(i % 10)
	}
	m.data = dataset.Batches(dataset.BatchesConfig{
		X: tensor.New(tensor.WithShape(n, 784), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)), BatchSize: 50,
	})
	var err error
	if m.sess, err = graph.NewSession(g, graph.SessionConfig{}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { m.sess.Close() })
	if err := m.sess.Init(); err != nil {
		b.Fatal(err)
	}
	return m
}

// BenchmarkFit has a step of the bare loop beside one of Fit, without hooks and with some.
func BenchmarkFit(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		m := newMLP(b)
		b.ReportAllocs()
		b.ResetTimer()
		feeds := graph.Feeds{}
		sum := 0.
		for range b.N {
			if !m.data.Next() {
				m.data.Reset()
				m.data.Next()
			}
			feeds[m.x], feeds[m.y] = m.data.X(), m.data.Y()
			out, err := m.sess.Run(feeds, m.step, m.loss)
			if err != nil {
				b.Fatal(err)
			}
			sum += out.Float(1)
		}
	})
	fit := func(hooks func(dir string) []training.Hook) func(b *testing.B) {
		return func(b *testing.B) {
			m := newMLP(b)
			b.ReportAllocs()
			cfg := training.FitConfig{Step: m.step, Loss: m.loss, Data: m.data, X: m.x, Y: m.y, Steps: b.N, Hooks: hooks(b.TempDir())}
			b.ResetTimer()
			if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("Fit", fit(func(string) []training.Hook { return nil }))
	b.Run("hooks", fit(func(dir string) []training.Hook {
		return []training.Hook{
			&hooks.Progress{Out: io.Discard, Draw: true}, &hooks.CSVLog{Path: filepath.Join(dir, "log.csv")},
			&hooks.EarlyStopping{Monitor: "loss"}, &hooks.TimeLimit{Limit: time.Hour}, &hooks.Interrupt{},
		}
	}))
	b.Run("hooks and NaNGuard", fit(func(dir string) []training.Hook {
		return []training.Hook{&hooks.Progress{Out: io.Discard, Draw: true}, &hooks.CSVLog{Path: filepath.Join(dir, "log.csv")}, &hooks.NaNGuard{}}
	}))
}

// BenchmarkOverhead has a step of next to no work, so that the difference to the bare loop is what Fit and hooks take for themselves.
func BenchmarkOverhead(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		m, d := newToy(b), &same{x: tensor.New(tensor.FromScalar(1.))}
		b.ReportAllocs()
		feeds := graph.Feeds{}
		for range b.N {
			d.Next()
			feeds[m.x] = d.X()
			if _, err := m.sess.Run(feeds, m.step, m.product); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, tt := range []struct {
		name string
		list func(dir string) []training.Hook
	}{
		{"Fit", func(string) []training.Hook { return nil }},
		{"hooks", func(dir string) []training.Hook {
			return []training.Hook{
				&hooks.Progress{Out: io.Discard, Draw: true}, &hooks.CSVLog{Path: filepath.Join(dir, "log.csv")},
				&hooks.Checkpoint{Path: filepath.Join(dir, "m"), Every: time.Hour}, &hooks.EarlyStopping{}, &hooks.TimeLimit{Limit: time.Hour},
			}
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			m := newToy(b)
			cfg := m.config(0, tt.list(b.TempDir())...)
			cfg.Data, cfg.Steps = &same{x: tensor.New(tensor.FromScalar(1.))}, b.N
			b.ReportAllocs()
			b.ResetTimer()
			if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// same is Data of one batch, again and again, without an end.
type same struct{ x *tensor.Dense }

func (d *same) Next() bool       { return true }
func (d *same) X() tensor.Tensor { return d.x }
func (d *same) Y() tensor.Tensor { return nil }
func (d *same) Err() error       { return nil }
func (d *same) Reset()           {}
