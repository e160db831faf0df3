package tensorflow_test

import (
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// written writes a .meta of outputs, and returns its path and its nodes by their names.
func written(t *testing.T, g *graph.Graph, outputs ...*gorgonia.Node) (path string, nodes map[string]tffile.NodeDef) {
	t.Helper()
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "graph.meta")
	if err := tensorflow.WriteMeta(path, g, tensorflow.ExportConfig{Outputs: outputs}); err != nil {
		t.Fatal(err)
	}
	meta := readMeta(t, path)
	validate(t, meta.Graph)
	nodes = map[string]tffile.NodeDef{}
	for _, n := range meta.Graph.Nodes {
		nodes[n.Name] = n
	}
	return path, nodes
}

// An assertion is one of TensorFlow, before what was built after it.
func TestWriteAssert(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	ok := ops.Assert(s, ops.Less(s, x, graph.Const(s, float32(3))), "x explodes", x)
	y := ops.Neg(s.After(ok), x)
	path, nodes := written(t, g, y)
	assert, negative := nodes[g.NameOf(ok)], nodes[g.NameOf(y)]
	if assert.Op != "Assert" || len(assert.Inputs) != 3 || nodes[assert.Inputs[0]].Op != "All" || assert.Inputs[2] != "x" || len(negative.Inputs) != 2 {
		t.Fatalf("got %v and %v", assert, negative)
	}
	if before := nodes[strings.TrimPrefix(negative.Inputs[1], "^")]; before.Op != "NoOp" || !slices.Contains(before.Inputs, "^"+assert.Name) {
		t.Errorf("%v runs after %v; want it to run after the assertion", negative, before)
	}
	if got := assert.Attrs["T"].Value; !reflect.DeepEqual(got, []tffile.DType{tffile.String, tffile.Float32}) {
		t.Errorf("the data are %v", got)
	}
	if m, _ := nodes[assert.Inputs[1]].Attrs["value"].Value.(*tffile.Tensor); m == nil || !slices.Equal(m.Strings, []string{"x explodes"}) {
		t.Errorf("the message is %v", m)
	}
	read, out := imported(t, path, g.NameOf(y))
	x2, _ := read.Graph().Lookup("x")
	if _, err := read.Run(graph.Feeds{x2: numbers(3, 2)}, out...); err != nil {
		t.Error(err)
	}
}

// Rows are added to a variable by an op that writes it.
func TestWriteAssignScatterAdd(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", tensor.Shape{3, 2}, graph.VariableConfig{})
	rows := graph.Placeholder(s, "rows", tensor.Int32, -1)
	add := ops.AssignScatterAdd(s, v, rows, graph.Const(s, [][]float32{{1, 2}, {10, 20}}))
	path, nodes := written(t, g, add)
	if n := nodes[g.NameOf(add)]; n.Op != "ScatterAdd" || !strings.HasPrefix(n.Inputs[0], "v") {
		t.Errorf("got %v", n)
	}
	read, out := imported(t, path, g.NameOf(add))
	rows2, _ := read.Graph().Lookup("rows")
	v2, _ := read.Graph().Lookup("v")
	zeros := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]float32, 6)))
	if err := read.SetValue(v2, zeros); err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]float32{{10, 20, 0, 0, 1, 2}, {20, 40, 0, 0, 2, 4}} {
		got, err := read.Run(graph.Feeds{rows2: []int32{2, 0}}, out...)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Float32s(0), want) {
			t.Errorf("got %v; want %v", got.Float32s(0), want)
		}
	}
}

// Gamma variables have mean alpha/beta and variance alpha/beta^2, whichever shape alpha and beta have.
func TestWriteRandomGamma(t *testing.T) {
	const n = 20000
	g := graph.New(graph.Config{Seed: 5})
	s := g.Scope()
	alpha, beta := graph.Placeholder(s, "alpha", tensor.Float32, -1, 1), graph.Placeholder(s, "beta", tensor.Float32, 2)
	outputs := gorgonia.Nodes{
		graph.Name(s, "plain", ops.RandomGamma(s, alpha, nil, ops.RandomConfig{})),
		graph.Name(s, "rated", ops.RandomGamma(s, alpha, beta, ops.RandomConfig{})),
		graph.Name(s, "shaped", ops.RandomGamma(s, graph.Const(s, float32(4)), nil, ops.RandomConfig{}, n)),
	}
	path, _ := written(t, g, outputs...)
	read, out := imported(t, path, "plain", "rated", "shaped")
	alpha2, _ := read.Graph().Lookup("alpha")
	beta2, _ := read.Graph().Lookup("beta")
	fours := make([]float32, n)
	for i := range fours {
		fours[i] = 4
	}
	got, err := read.Run(graph.Feeds{alpha2: tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(fours)), beta2: []float32{2, 2}}, out...)
	if err != nil {
		t.Fatal(err)
	}
	for k, rate := range []float64{1, 2, 1} {
		sum, squares, values := 0.0, 0.0, got.Float32s(k)
		for _, v := range values {
			sum, squares = sum+float64(v), squares+float64(v)*float64(v)
		}
		mean := sum / float64(len(values))
		variance := squares/float64(len(values)) - mean*mean
		if math.Abs(mean*rate-4) > 0.06 || math.Abs(variance*rate*rate-4) > 0.25 { // four standard errors, and more
			t.Errorf("%s has mean %v and variance %v; want %v and %v", g.NameOf(outputs[k]), mean, variance, 4/rate, 4/rate/rate)
		}
	}
}
