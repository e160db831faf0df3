package onnx

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

func TestExportBadInput(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 4)
	y := ops.Dense(s.Sub("fc"), x, 3, ops.DenseConfig{})
	drawn := ops.Add(s, ops.RandomNormal(s, 0, 1, ops.RandomConfig{}, 4), ops.Cumprod(s, ops.Cumprod(s, x, 0, ops.CumulativeConfig{}), 0, ops.CumulativeConfig{}))
	effect := graph.Group(s, y)
	other := graph.Placeholder(graph.New(graph.Config{}).Scope(), "other", tensor.Float32, 2)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	bare, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sess    *graph.Session
		outputs gorgonia.Nodes
		cfg     ExportConfig
		want    string
	}{
		"session":      {nil, gorgonia.Nodes{y}, ExportConfig{}, "the session is nil"},
		"none":         {sess, nil, ExportConfig{}, "no outputs"},
		"nil":          {sess, gorgonia.Nodes{nil}, ExportConfig{}, "one of the outputs is nil"},
		"other graph":  {sess, gorgonia.Nodes{other}, ExportConfig{}, "of another graph"},
		"twice":        {sess, gorgonia.Nodes{y, y}, ExportConfig{}, "comes twice"},
		"effect":       {sess, gorgonia.Nodes{effect}, ExportConfig{}, "has no value"},
		"format":       {sess, gorgonia.Nodes{y}, ExportConfig{DataFormat: 7}, "DataFormat"},
		"not there":    {bare, gorgonia.Nodes{y}, ExportConfig{}, "has no value: call sess.Init()"},
		"input":        {sess, gorgonia.Nodes{y}, ExportConfig{Inputs: gorgonia.Nodes{other}}, "one of the inputs"},
		"inputs":       {sess, gorgonia.Nodes{y}, ExportConfig{Inputs: gorgonia.Nodes{x, x}}, "comes twice"},
		"not an input": {sess, gorgonia.Nodes{y}, ExportConfig{Inputs: gorgonia.Nodes{}}, "need the placeholder x"},
		"constant":     {sess, gorgonia.Nodes{y}, ExportConfig{Constants: graph.Feeds{y: 1}}, "no placeholder"},
		"unsupported":  {sess, gorgonia.Nodes{drawn}, ExportConfig{}, "Cumprod (2), RandomNormal (1)"},
	} {
		if _, err := Export(c.sess, c.outputs, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	sess.Close()
	if _, err := Export(sess, gorgonia.Nodes{y}, ExportConfig{}); err == nil {
		t.Error("no error for a session that is closed")
	}
}

// Inputs that cut the graph, constants, outputs that are inputs, and NaN.
func TestExportParts(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	rate := graph.Placeholder(s, "rate", tensor.Float32)
	hidden := ops.ReLU(s, ops.Dense(s.Sub("a"), x, 3, ops.DenseConfig{}))
	w := graph.Variable(s, "w", tensor.Shape{3}, graph.VariableConfig{})
	y := ops.Mul(s, ops.Mul(s, hidden, w), rate)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	if err := sess.SetValue(w, []float32{1, float32(math.NaN()), 3}); err != nil {
		t.Fatal(err)
	}
	m, err := Export(sess, gorgonia.Nodes{y, hidden, w, rate}, ExportConfig{Inputs: gorgonia.Nodes{hidden}, Constants: graph.Feeds{rate: 2}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range append(m.Graph.Inputs, m.Graph.Outputs...) {
		names = append(names, v.Name)
	}
	if got, want := strings.Join(names, " "), "relu_1 Mul_1 relu w rate"; got != want {
		t.Errorf("the input and the outputs are %s; want %s", got, want)
	}
	for _, v := range m.Graph.Initializers {
		if strings.HasPrefix(v.Name, "a/") {
			t.Errorf("%s is in the model, which does not need it", v.Name)
		}
		x, err := v.Read()
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Shape) == 1 && !math.IsNaN(float64(x.Data().([]float32)[1])) {
			t.Errorf("%s is %v; want NaN in it", v.Name, x)
		}
	}
}
