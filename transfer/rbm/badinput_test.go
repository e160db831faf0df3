package rbm_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/plots"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// A wrong config, or x, is an error of the graph, and what is built on the machine adds none.
func TestBuildErrors(t *testing.T) {
	nan := math.NaN()
	good := func(c rbm.Config) rbm.Config {
		c.Hidden, c.LearningRate = 3, 0.1
		return c
	}
	input := func(dtype tensor.Dtype, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node { return graph.Placeholder(s, "x", dtype, shape...) }
	}
	matrix := input(tensor.Float32, -1, 4)
	for _, c := range []struct {
		x     func(s *graph.Scope) *gorgonia.Node
		cfg   rbm.Config
		words []string
	}{
		{matrix, rbm.Config{LearningRate: 0.1}, []string{"Hidden is 0"}},
		{matrix, rbm.Config{Hidden: -1, LearningRate: 0.1}, []string{"Hidden is -1"}},
		{matrix, rbm.Config{Hidden: 3, LearningRate: -1}, []string{"LearningRate is -1"}},
		{matrix, rbm.Config{Hidden: 3, LearningRate: nan}, []string{"LearningRate is NaN"}},
		{matrix, rbm.Config{Hidden: 3, LearningRate: math.Inf(1)}, []string{"LearningRate is +Inf"}},
		{matrix, good(rbm.Config{Optimizer: training.Adam(training.AdamConfig{})}), []string{"Optimizer", "one or the other"}},
		{matrix, good(rbm.Config{Visible: 7}), []string{"Units(7)", "rbm.Gaussian"}},
		{matrix, good(rbm.Config{Momentum: 1}), []string{"Momentum is 1"}},
		{matrix, good(rbm.Config{Momentum: nan}), []string{"Momentum is NaN"}},
		{matrix, good(rbm.Config{WeightDecay: -1}), []string{"WeightDecay is -1"}},
		{matrix, good(rbm.Config{WeightDecay: nan}), []string{"WeightDecay is NaN"}},
		{matrix, good(rbm.Config{Steps: -1}), []string{"Steps is -1"}},
		{matrix, good(rbm.Config{Particles: -2}), []string{"Particles is -2"}},
		{matrix, good(rbm.Config{Sparsity: rbm.Sparsity{Target: 1, Cost: 1}}), []string{"Sparsity", "Target is 1"}},
		{matrix, good(rbm.Config{Sparsity: rbm.Sparsity{Target: nan}}), []string{"Target is NaN"}},
		{matrix, good(rbm.Config{Sparsity: rbm.Sparsity{Target: 0.1}}), []string{"Cost is 0"}},
		{matrix, good(rbm.Config{Sparsity: rbm.Sparsity{Cost: 0.1}}), []string{"Target is 0"}},
		{matrix, good(rbm.Config{Sparsity: rbm.Sparsity{Target: 0.1, Cost: 1, Decay: 1}}), []string{"Decay is 1"}},
		{func(*graph.Scope) *gorgonia.Node { return nil }, good(rbm.Config{}), []string{"x is nil"}},
		{input(tensor.Float32, -1, 2, 2), good(rbm.Config{}), []string{"float32[?, 2, 2]", "ops.Flatten"}},
		{input(tensor.Float32, -1, -1), good(rbm.Config{}), []string{"must be known"}},
		{input(tensor.Int, -1, 4), good(rbm.Config{}), []string{"int", "ops.Cast"}},
		{func(s *graph.Scope) *gorgonia.Node {
			return ops.Scale(s, graph.Placeholder(s, "labels", tensor.Int, -1, 4), 2)
		}, good(rbm.Config{}), []string{"Scale"}},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		r := rbm.New(s.Sub("rbm"), c.x(s), c.cfg)
		wantError(t, g.Err(), c.words...)
		before := g.Err()
		for _, n := range []*gorgonia.Node{
			r.Step(s), r.ReconstructionError, r.MeanFreeEnergy, ops.Square(s, r.Features), r.Hidden(s, r.X), r.Visible(s, r.Features), r.FreeEnergy(s, r.X),
			r.Reconstruct(s, r.X), r.Sample(s, r.X, 1),
		} {
			if !graph.IsBad(n) {
				t.Errorf("%q: a node of it is not bad", c.words)
			}
		}
		if g.Err() != before {
			t.Errorf("%q: another error followed: %v", c.words, g.Err())
		}
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	rbm.New(s, matrix(s), good(rbm.Config{}))
	rbm.New(s, matrix(s), good(rbm.Config{}))
	wantError(t, g.Err(), "kernel", "its own s.Sub")

	g = graph.New(graph.Config{})
	r := rbm.New(g.Scope(), matrix(g.Scope()), rbm.Config{Hidden: 3})
	if g.Err() != nil {
		t.Fatal(g.Err()) // to use a machine takes no rate
	}
	r.Step(g.Scope())
	wantError(t, g.Err(), "LearningRate is 0", "Optimizer")
}

// Methods of no machine are errors that say so, of the graph or their own.
func TestNoMachine(t *testing.T) {
	for _, r := range []*rbm.RBM{nil, {}} {
		for name, build := range map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{
			"Hidden": r.Hidden, "Visible": r.Visible, "Reconstruct": r.Reconstruct, "FreeEnergy": r.FreeEnergy,
			"Step":   func(s *graph.Scope, _ *gorgonia.Node) *gorgonia.Node { return r.Step(s) },
			"Sample": func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return r.Sample(s, x, 1) },
		} {
			g := graph.New(graph.Config{})
			s := g.Scope()
			if n := build(s, graph.Placeholder(s, "x", tensor.Float32, -1, 4)); !graph.IsBad(n) {
				t.Errorf("%s gives a node", name)
			}
			wantError(t, g.Err(), name, "the machine is nil", "rbm.New")
		}
		_, filters := r.Filters(nil, plots.ImageGridConfig{})
		_, reconstructions := r.Reconstructions(nil, nil, plots.ImageGridConfig{})
		_, gap := r.FreeEnergyGap(context.Background(), nil, rbm.GapConfig{})
		for name, err := range map[string]error{"Filters": filters, "Reconstructions": reconstructions, "FreeEnergyGap": gap} {
			wantError(t, err, "rbm: "+name, "the machine is nil")
		}
	}
}

// A batch that is no data fails the Run, and nothing has changed by then.
func TestBatchErrors(t *testing.T) {
	for _, c := range []struct {
		units rbm.Units
		bad   float64
		words []string
	}{
		{rbm.Bernoulli, 255, []string{"example 2", "255 at feature 1", "divide grey levels by 255"}},
		{rbm.Bernoulli, -0.5, []string{"-0.5"}},
		{rbm.Bernoulli, math.NaN(), []string{"NaN", "Bernoulli"}},
		{rbm.Bernoulli, math.Inf(1), []string{"+Inf"}},
		{rbm.Gaussian, math.NaN(), []string{"example 2", "NaN at feature 1", "finite"}},
		{rbm.Gaussian, math.Inf(-1), []string{"-Inf"}},
	} {
		for _, dtype := range dtypes {
			for _, particles := range []int{0, 5} {
				m := newMachine(t, dtype, 4, 1, rbm.Config{
					Hidden: 3, Visible: c.units, LearningRate: 0.1, Momentum: 0.5, Particles: particles, Sparsity: rbm.Sparsity{Target: 0.1, Cost: 0.1},
				})
				vars := m.sess.Graph().Variables()
				read := func() (all []float64) {
					for _, v := range vars {
						if graph.SpecOf(v).IsFloat() {
							all = append(all, m.value(v)...)
						}
					}
					return all
				}
				x := fractions(0.618, 0, 12)
				x[9] = c.bad
				before := read()
				_, err := m.sess.Run(graph.Feeds{m.X: dense(dtype, x, 3, 4)}, m.step)
				wantError(t, err, append(c.words, "rbm/CheckData")...)
				if !slices.Equal(before, read()) {
					t.Errorf("%v, %v: a step that failed changed something", c.units, c.bad)
				}
			}
		}
	}
	m := newMachine(t, tensor.Float32, 4, 1, rbm.Config{Hidden: 3, LearningRate: 0.1})
	_, err := m.sess.Run(graph.Feeds{m.X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(0, 4))}, m.step)
	wantError(t, err, "empty")
	_, err = m.sess.Run(graph.Feeds{m.X: dense(tensor.Float32, make([]float64, 10), 2, 5)}, m.step)
	wantError(t, err, "x", "[2, 5]")
	m.run(graph.Feeds{m.X: dense(tensor.Float32, []float64{0, 1, 1, 0}, 1, 4)}, m.step)
}

// A cancelled context ends the look at all examples that comes before the first step.
func TestLayerCancelled(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, 2)
	built, err := rbm.Layer{Hidden: 3, LearningRate: 0.1}.Build(g.Scope().Sub("layer1"), x)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	set := &dataset.Set{X: tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{0, 1, 1, 0}))}
	if err := built.Begin(ctx, nil, dataset.Map(set)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v; want %v", err, context.Canceled)
	}
}
