package autoencoder_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

var ctx = context.Background()

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("got no error; want %q", parts)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got %v; want %q", err, part)
		}
	}
}

// TestBadLayers: what cannot be built is an error that says what is wanted.
func TestBadLayers(t *testing.T) {
	rows, maps := []int{-1, 6}, []int{-1, 4, 5, 2}
	for _, c := range []struct {
		want  string
		shape []int
		layer pretrain.Layer
	}{
		{"Units is 0; want a positive number", rows, autoencoder.Layer{}},
		{"Units is -3", rows, autoencoder.Layer{Units: -3}},
		{"want float32 or float64 [batch, features]", maps, autoencoder.Layer{Units: 3}},
		{"the number of features must be known", []int{-1, -1}, autoencoder.Layer{Units: 3}},
		{"Loss is Loss(7)", rows, autoencoder.Layer{Units: 3, Loss: 7}},
		{"with CrossEntropy the reconstruction is a sigmoid", rows, autoencoder.Layer{Units: 3, Loss: autoencoder.CrossEntropy, Output: ops.Tanh}},
		{"Contractive is NaN", rows, autoencoder.Layer{Units: 3, Contractive: math.NaN()}},
		{"Contractive is -1", rows, autoencoder.Layer{Units: 3, Contractive: -1}},
		{"has no closed form", rows, autoencoder.Layer{Units: 3, Contractive: 1, Activation: ops.Softmax}},
		{"Sparsity.Target is 1", rows, autoencoder.Layer{Units: 3, Sparsity: autoencoder.Sparsity{Target: 1, Weight: 1}}},
		{"Sparsity.Weight is +Inf", rows, autoencoder.Layer{Units: 3, Sparsity: autoencoder.Sparsity{Weight: math.Inf(1)}}},
		{"gives values of -1 to 1", rows, autoencoder.Layer{Units: 3, Sparsity: autoencoder.Sparsity{Weight: 1}, Activation: ops.Tanh}},
		{"rate is 1.5", rows, autoencoder.Layer{Units: 3, Corrupt: autoencoder.Masking(1.5)}},
		{"stddev is -1", rows, autoencoder.Layer{Units: 3, Corrupt: autoencoder.Gaussian(-1)}},
		{"Contractive is -1", maps, autoencoder.ConvLayer{Filters: 3, Strides: [2]int{2, 5}, Contractive: -1}},
		{"has no closed form", maps, autoencoder.ConvLayer{Filters: 3, Strides: [2]int{2, 5}, Contractive: 1, Activation: ops.Softmax}},
		{"Filters is 0", maps, autoencoder.ConvLayer{}},
		{"want height and width to be multiples of it", maps, autoencoder.ConvLayer{Filters: 3}},
		{"[batch, height, width, channels]", rows, autoencoder.ConvLayer{Filters: 3}},
		{"the number of channels must be known", []int{-1, 4, 4, -1}, autoencoder.ConvLayer{Filters: 3}},
		{"Strides [2 -2]", maps, autoencoder.ConvLayer{Filters: 3, Strides: [2]int{2, -2}}},
	} {
		g := graph.New(graph.Config{})
		x := graph.Placeholder(g.Scope(), "x", tensor.Float32, c.shape...)
		_, err := pretrain.Build(g.Scope(), x, c.layer)
		wantError(t, err, "pretrain: Build: layer1", c.want)
	}
}

func TestBadAutoencoders(t *testing.T) {
	build := func(f func(s *graph.Scope, x *gorgonia.Node) error) error {
		g := graph.New(graph.Config{})
		return f(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 6))
	}
	config := func(cfg autoencoder.Config) error {
		return build(func(s *graph.Scope, x *gorgonia.Node) error {
			_, err := autoencoder.New(s, x, cfg)
			return err
		})
	}
	wantError(t, config(autoencoder.Config{}), "autoencoder: New: Units is empty")
	wantError(t, config(autoencoder.Config{Units: []int{5, 0}}), "autoencoder: New", "layer2: Units is 0")

	unroll := func(layer pretrain.Layer, cfg autoencoder.UnrollConfig) error {
		return build(func(s *graph.Scope, x *gorgonia.Node) error {
			stack, err := pretrain.Build(s, x, layer)
			if err != nil {
				t.Fatal(err)
			}
			_, err = autoencoder.Unroll(s, stack, cfg)
			return err
		})
	}
	plain := autoencoder.Layer{Units: 3}
	wantError(t, unroll(plain, autoencoder.UnrollConfig{Loss: autoencoder.CrossEntropy}),
		"autoencoder: Unroll", "CrossEntropy wants a reconstruction by ops.Sigmoid", "Output: ops.Sigmoid")
	wantError(t, unroll(plain, autoencoder.UnrollConfig{Loss: 5}), "Loss is Loss(5)")
	wantError(t, unroll(plain, autoencoder.UnrollConfig{Sparsity: autoencoder.Sparsity{Weight: -1}}), "Sparsity.Weight is -1")
	wantError(t, unroll(oneWay{plain}, autoencoder.UnrollConfig{}), "layer1 has no way back")

	variational := func(cfg autoencoder.VariationalConfig) error {
		return build(func(s *graph.Scope, x *gorgonia.Node) error {
			_, err := autoencoder.NewVariational(s, x, cfg)
			return err
		})
	}
	wantError(t, variational(autoencoder.VariationalConfig{}), "autoencoder: NewVariational: Code is 0")
	wantError(t, variational(autoencoder.VariationalConfig{Code: 2, Beta: -1}), "Beta is -1")
	wantError(t, variational(autoencoder.VariationalConfig{Code: 2, Loss: -1}), "Loss is Loss(-1)")
	wantError(t, variational(autoencoder.VariationalConfig{Code: 2, Hidden: []int{0}}), "hidden1", "units is 0")
	wantError(t, build(func(s *graph.Scope, x *gorgonia.Node) error {
		_, err := autoencoder.NewVariational(s, nil, autoencoder.VariationalConfig{Code: 2})
		return err
	}), "x is nil")
}

// oneWay is a layer that leads not back.
type oneWay struct{ pretrain.Layer }

func (l oneWay) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	b, err := l.Layer.Build(s, x)
	if b != nil {
		b.Decode = nil
	}
	return b, err
}

// TestBadData: data that a loss is not made for are an error before anything is trained.
func TestBadData(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	stack, err := pretrain.Build(s, x, autoencoder.Layer{Units: 1, Loss: autoencoder.CrossEntropy})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	set, err := dataset.FromSlices([][]float32{{0, 1}, {0.5, 0}, {0, 1.5}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = stack.Pretrain(ctx, sess, pretrain.Config{Data: set})
	wantError(t, err, "pretrain: layer1: Data: value 1 of example 2 is 1.5; want 0 to 1")
}

// TestNoOptimizer: a function that makes none is an error, not a panic.
func TestNoOptimizer(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 64)
	stack, err := pretrain.Build(g.Scope(), x, autoencoder.Layer{Units: 1, Optimizer: func() training.Optimizer { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	train, _ := digits(t)
	_, err = stack.Pretrain(ctx, session(t, g), pretrain.Config{Data: train})
	wantError(t, err, "pretrain: layer1", "Optimizer returned nil")
}
