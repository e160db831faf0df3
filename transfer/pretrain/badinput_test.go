package pretrain_test

import (
	"context"
	"math"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// set is a set of rows of 64 numbers, each by a function.
func set(t *testing.T, rows int, value func(row, column int) float32) *dataset.Set {
	t.Helper()
	x := make([]float32, rows*64)
	for i := range x {
		x[i] = value(i/64, i%64)
	}
	return &dataset.Set{X: tensor.New(tensor.WithShape(rows, 64), tensor.WithBacking(x))}
}

// TestBadData: what nothing can be learnt from is an error that says where it is.
func TestBadData(t *testing.T) {
	good := set(t, 6, func(row, column int) float32 { return float32(row*column) / 400 })
	poisoned := func(v float64) *dataset.Set {
		return set(t, 600, func(row, column int) float32 {
			if row == 555 && column == 7 {
				return float32(v)
			}
			return float32(row)
		})
	}
	narrow, err := dataset.FromSlices([][]float32{{1, 2}, {3, 4}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for want, cfg := range map[string]pretrain.Config{
		"Data is nil":                                   {},
		"Data: value 7 of example 555 is NaN":           {Data: poisoned(math.NaN())},
		"Data: value 7 of example 555 is +Inf":          {Data: poisoned(math.Inf(1))},
		"Validation: value 7 of example 555 is -Inf":    {Data: good, Validation: poisoned(math.Inf(-1))},
		"Data: there is one example":                    {Data: set(t, 1, func(int, int) float32 { return 1 })},
		"all 9 examples are the same":                   {Data: set(t, 9, func(_, column int) float32 { return float32(column) })},
		"the examples are float32 (2, 2); want float32": {Data: narrow},
		"Data: the examples are float64":                {Data: float64s(t, good)},
		"Data: dataset":                                 {Data: &dataset.Set{}},
		"X: wanted":                                     {Data: &dataset.Set{X: tensor.New(tensor.WithShape(0, 64), tensor.Of(tensor.Float32))}},
		"Epochs has 3 numbers for 2 layers":             {Data: good, Epochs: []int{1, 2, 3}},
		"Epochs: number 1 is 0":                         {Data: good, Epochs: []int{1, 0}},
		"BatchSize is -1":                               {Data: good, BatchSize: -1},
		"Patience is -2":                                {Data: good, Patience: -2},
		"CheckpointEvery is -1ns":                       {Data: good, CheckpointEvery: -1},
		"FreeEnergyGap is NaN":                          {Data: good, FreeEnergyGap: math.NaN()},
		"FreeEnergyGap is 2 without Validation":         {Data: good, FreeEnergyGap: 2},
		"of example 0 is -":                             {Data: good, Epochs: []int{1}},
	} {
		layers := two()
		layers[0] = autoencoder.Layer{Units: 20, Activation: ops.Tanh} // whose values are not those of a cross-entropy
		n := build(t, tensor.Float32, layers...)
		_, err := n.stack.Pretrain(ctx, n.sess, cfg)
		wantError(t, err, "pretrain: ", want)
	}
	// Validation data are measured on only, so one example will do, and so will equal ones.
	for _, rows := range []int{1, 3} {
		n := build(t, tensor.Float32, autoencoder.Layer{Units: 3})
		same := set(t, rows, func(_, column int) float32 { return float32(column) / 64 })
		if _, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: good, Validation: same, Epochs: []int{1}}); err != nil {
			t.Errorf("with %d equal examples of validation: %v", rows, err)
		}
	}
	// A feature that is the same in all examples is not unusual.
	n := build(t, tensor.Float32, autoencoder.Layer{Units: 3})
	if _, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: good, Epochs: []int{1}}); err != nil {
		t.Errorf("with the constant feature 0: %v", err)
	}
}

func TestBadStacks(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 64)
	layer := autoencoder.Layer{Units: 3}
	fails := func(want string, x *gorgonia.Node, layers ...pretrain.Layer) {
		t.Helper()
		st, err := pretrain.Build(s, x, layers...)
		if st != nil {
			t.Errorf("%v comes with a stack", err)
		}
		wantError(t, err, "pretrain: Build", want)
	}
	fails("x is nil", nil, layer)
	fails("there are no layers", x)
	fails("layer1: the layer is nil", x, nil)
	fails("built no Output, Error or Step", x, spoilt(func(b *pretrain.Built) { b.Step = nil }))
	g = graph.New(graph.Config{})
	s = g.Scope()
	x = graph.Placeholder(s, "x", tensor.Float32, -1, 64)
	fails("reconstruction is float32[?, 3]; want a scalar", x, spoilt(func(b *pretrain.Built) { b.Error = b.Output }))
	fails("is taken", x, layer) // by the failed stack

	n := build(t, tensor.Float32, layer)
	other := build(t, tensor.Float32, layer)
	good, _ := digits(t)
	_, err := n.stack.Pretrain(ctx, nil, pretrain.Config{Data: good})
	wantError(t, err, "the session is nil")
	_, err = new(pretrain.Stack).Pretrain(ctx, n.sess, pretrain.Config{Data: good})
	wantError(t, err, "pretrain: the stack has no layers")
	_, err = n.stack.Pretrain(ctx, other.sess, pretrain.Config{Data: good})
	wantError(t, err, "another graph")
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := n.stack.Pretrain(cancelled, n.sess, pretrain.Config{Data: good}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled training ends with %v", err)
	}
	// A rate that is far too large is an error that names the place, and comes with the report.
	diverging := autoencoder.Layer{Units: 30, Activation: ops.ReLU, Optimizer: func() training.Optimizer {
		return training.GradientDescent(training.GradientDescentConfig{LearningRate: 1e6})
	}}
	n = build(t, tensor.Float32, diverging)
	r, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: good})
	wantError(t, err, "pretrain: layer1: ", "NaNGuard")
	if len(r.Layers) != 1 || r.Layers[0].Stopped == "" {
		t.Errorf("the report is\n%v", r)
	}
}

// Methods of no stack give nothing, and what would be built on it is an error of the graph.
func TestNoStack(t *testing.T) {
	for _, st := range []*pretrain.Stack{nil, {}} {
		if st.Input() != nil || st.Output() != nil || st.Names() != nil || st.Endpoint("layer1") != nil || st.Layer("layer1") != nil || st.Variables() != nil {
			t.Error("no stack has something")
		}
		if st.String() != "no stack" || st.SimpleRender()["text/plain"] != "no stack" {
			t.Errorf("no stack is %q", st)
		}
		for name, build := range map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{"Encode": st.Encode, "Decode": st.Decode} {
			g := graph.New(graph.Config{})
			s := g.Scope()
			if n := build(s, graph.Placeholder(s, "x", tensor.Float32, -1, 64)); !graph.IsBad(n) {
				t.Errorf("%s of no stack gives a node", name)
			}
			wantError(t, g.Err(), name, "the stack has no layers")
		}
		_, err := st.Pretrain(ctx, nil, pretrain.Config{})
		wantError(t, err, "pretrain: the stack has no layers")
	}
}

// spoilt is a layer of which something is wrong.
type spoilt func(b *pretrain.Built)

func (f spoilt) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	b, err := autoencoder.Layer{Units: 3}.Build(s, x)
	if err == nil {
		f(b)
	}
	return b, err
}
