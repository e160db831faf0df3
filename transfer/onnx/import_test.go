package onnx

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// input describes a float32 input; a size of -1 is one that is not known.
func input(name string, sizes ...int) []byte {
	var shape []byte
	for _, n := range sizes {
		d := message(1, n)
		if n < 0 {
			d = message(2, "n")
		}
		shape = append(shape, message(1, d)...)
	}
	return message(1, name, 2, message(1, message(1, 1, 2, shape)))
}

// floats is a stored tensor.
func floats(name string, shape []int, values ...float32) []byte {
	var b []byte
	for _, n := range shape {
		b = append(b, message(1, n)...)
	}
	return append(b, message(2, 1, 8, name, 9, packed(values...))...)
}

// parsed is a model of a graph's fields.
func parsed(t *testing.T, fields ...interface{}) *Model {
	t.Helper()
	m, err := Parse(message(1, 8, 8, message(2, 13), 7, message(fields...)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// run fetches all outputs of a network.
func run(t *testing.T, g *graph.Graph, n *network.Network, feeds graph.Feeds) graph.Values {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	var fetches gorgonia.Nodes
	for _, out := range n.Outputs {
		fetches = append(fetches, out.Node)
	}
	out, err := sess.Run(feeds, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func dense(shape []int, values ...float32) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
}

// A part of a model: what another output needs is not built, nor must it be supported.
func TestImportPart(t *testing.T) {
	m := parsed(t,
		1, message(1, "x", 1, "w", 2, "h", 3, "fc", 4, "MatMul"), 1, message(1, "h", 2, "r", 2, "r2", 3, "fc", 4, "Split", 5, message(1, "axis", 3, 1)),
		1, message(1, "r", 2, "y", 4, "Foo"), 1, message(1, "r2", 1, "z", 2, "sum", 4, "Add"),
		5, floats("w", []int{2, 2}, 1, 2, 3, 4), 11, input("x", -1, 2), 11, input("z", -1, 1), 12, message(1, "y"), 12, message(1, "sum"))
	if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), "Foo (1)") {
		t.Errorf("the whole: got %v", err)
	}
	g := graph.New(graph.Config{})
	n, err := m.Import(g.Scope(), network.Config{Outputs: []string{"r", "h"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Inputs) != 1 || n.Inputs[0].Name != "x" || len(n.Outputs) != 2 || n.Outputs[0].Name != "r" {
		t.Errorf("inputs %v, outputs %v", n.Inputs, n.Outputs)
	}
	out := run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{1, 2}, 1, 10)})
	if !slices.Equal(out.Float32s(0), []float32{31}) || !slices.Equal(out.Float32s(1), []float32{31, 42}) {
		t.Errorf("got %v", out)
	}
	if _, err := n.Node("sum"); err == nil {
		t.Error("no error for a value that is not built")
	}

	g = graph.New(graph.Config{})
	h := graph.Placeholder(g.Scope(), "mine", tensor.Float32, -1, 2)
	n, err = m.Import(g.Scope().Sub("net"), network.Config{Outputs: []string{"sum"}, Inputs: map[string]*gorgonia.Node{"h": h}})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Inputs) != 2 || n.Inputs[0].Name != "z" || n.Inputs[1].Node != h || len(g.ModelVariables()) != 0 {
		t.Errorf("inputs %v, variables %v", n.Inputs, g.ModelVariables())
	}
	out = run(t, g, n, graph.Feeds{h: dense([]int{1, 2}, 5, 6), n.Inputs[0].Node: dense([]int{1, 1}, 100)})
	if !slices.Equal(out.Float32s(0), []float32{106}) {
		t.Errorf("got %v", out)
	}
	// A weight may be given too, and an inner value that is wanted itself.
	g = graph.New(graph.Config{})
	w, r2 := graph.Const(g.Scope(), dense([]int{2, 2}, 1, 0, 0, 1)), graph.Const(g.Scope(), dense([]int{1, 1}, 7))
	n, err = m.Import(g.Scope(), network.Config{Outputs: []string{"r", "r2"}, Inputs: map[string]*gorgonia.Node{"w": w, "r2": r2}})
	if err != nil {
		t.Fatal(err)
	}
	out = run(t, g, n, graph.Feeds{n.Inputs[0].Node: dense([]int{1, 2}, 1, 10)})
	if !slices.Equal(out.Float32s(0), []float32{1}) || !slices.Equal(out.Float32s(1), []float32{7}) {
		t.Errorf("got %v", out)
	}

	wrong := graph.Placeholder(g.Scope(), "wrong", tensor.Float32)
	for want, cfg := range map[string]network.Config{
		`no value "q"`: {Outputs: []string{"q"}}, `no input "q"`: {Inputs: map[string]*gorgonia.Node{"q": h}}, `"x" is nil`: {Inputs: map[string]*gorgonia.Node{"x": nil}},
		"want a scalar bool": {Training: wrong},
	} {
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// Layers follow Training: batch norm's statistics move by its momentum, and dropout drops.
func TestImportTraining(t *testing.T) {
	m := parsed(t,
		1, message(1, "x", 1, "g", 1, "b", 1, "m", 1, "v", 2, "n", 3, "bn", 4, "BatchNormalization", 5, message(1, "momentum", 2, float32(0.5)), 5, message(1, "epsilon", 2, float32(0))),
		1, message(1, "n", 2, "y", 3, "drop", 4, "Dropout", 5, message(1, "ratio", 2, float32(0.25))),
		5, floats("g", []int{1}, 2), 5, floats("b", []int{1}, 1), 5, floats("m", []int{1}, 10), 5, floats("v", []int{1}, 4), 11, input("x", -1, 1), 12, message(1, "y"), 12, message(1, "n"))
	g := graph.New(graph.Config{})
	s := g.Scope()
	training := graph.PlaceholderWithDefault(s, "training", false)
	n, err := m.Import(s, network.Config{Training: training})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	x := graph.Feeds{n.Inputs[0].Node: dense([]int{4, 1}, 1, 3, 1, 3)} // mean 2, variance 1
	out, err := sess.Run(x, n.Outputs[0].Node)
	if err != nil || !slices.Equal(out.Float32s(0), []float32{-8, -6, -8, -6}) {
		t.Errorf("inference: %v, %v", out, err)
	}
	x[training] = true
	out, err = sess.Run(x, append(g.Collection(graph.UpdateOps), n.Outputs[0].Node, n.Outputs[1].Node)...)
	if err != nil {
		t.Fatal(err)
	}
	dropped, normalised := out.Float32s(len(out)-2), out.Float32s(len(out)-1)
	for i, want := range []float32{-1, 3, -1, 3} {
		if math.Abs(float64(normalised[i]-want)) > 1e-6 {
			t.Errorf("batch norm in training gives %v", normalised)
		}
		if d := dropped[i]; d != 0 && math.Abs(float64(d-want/0.75)) > 1e-6 {
			t.Errorf("dropout in training gives %v of %v", dropped, normalised)
		}
	}
	for name, want := range map[string]float32{"bn/moving_mean": 6, "bn/moving_variance": 2.5} {
		v, err := sess.Value(g.Node(name))
		if err != nil || (graph.Values{v}).Float32s(0)[0] != want {
			t.Errorf("%s is %v, %v; want %v", name, v, err, want)
		}
	}
}
