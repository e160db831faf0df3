package graph_test

import (
	"reflect"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestDescribe(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 3)
	v := graph.Variable(s.Sub("layer"), "v", tensor.Shape{3}, graph.VariableConfig{})
	two := graph.Const(s, float32(2))
	flag := graph.PlaceholderWithDefault(s, "flag", false)
	pair := graph.OpDef{
		Name: "Pair", Attrs: map[string]interface{}{"axis": 1}, Infer: graph.SameAs,
		Aux:    func(in []graph.Spec) ([]graph.Spec, error) { return in[1:], nil },
		Kernel: func(*graph.Binding) (graph.Kernel, error) { return func(*graph.Call) error { return nil }, nil },
	}
	first := graph.Apply(s.NameScope("layer"), pair, x, v)
	second := graph.Aux(s, first, 0)
	assign := graph.AssignAdd(s, v, v)
	after := s.After(assign)
	y := graph.Identity(after, two)
	tanh := s.Try(gorgonia.Tanh(v))
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	spec := graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{-1, 3}}
	for _, c := range []struct {
		node *gorgonia.Node
		want graph.Description
	}{
		{x, graph.Description{Name: "x", Op: "Placeholder", Kind: graph.PlaceholderNode, Spec: spec}},
		{flag, graph.Description{Name: "flag", Op: "Placeholder", Kind: graph.PlaceholderNode, Spec: graph.SpecOf(flag), HasDefault: true}},
		{v, graph.Description{Name: "layer/v", Op: "Variable", Kind: graph.VariableNode, Spec: graph.SpecOf(v)}},
		{two, graph.Description{Name: "Const", Op: "Const", Kind: graph.ConstNode, Spec: graph.SpecOf(two)}},
		{first, graph.Description{Name: "layer/Pair", Op: "Pair", Spec: spec, Attrs: pair.Attrs, Inputs: gorgonia.Nodes{x, v}}},
		{second, graph.Description{Name: "Pair_aux", Op: "Pair", Kind: graph.ExtraOutputNode, Spec: graph.SpecOf(v), Attrs: pair.Attrs, Producer: first, Output: 1}},
	} {
		if got := g.Describe(c.node); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v\nwant\n%+v", got, c.want)
		}
	}
	if d := g.Describe(y); len(d.Control) != 1 || !reflect.DeepEqual(g.Describe(d.Control[0]).Control, gorgonia.Nodes{assign}) {
		t.Errorf("the barrier of %+v is missing, or does not wait for %v", d, assign)
	}
	if d := g.Describe(tanh); d.Kind != graph.OpNode || d.Op == "" || !reflect.DeepEqual(d.Inputs, gorgonia.Nodes{v}) {
		t.Errorf("Gorgonia's op is %+v", d)
	}
	for _, n := range []*gorgonia.Node{nil, gorgonia.NewScalar(gorgonia.NewGraph(), tensor.Float32)} {
		if d := g.Describe(n); d.Kind != graph.BadNode {
			t.Errorf("%v is described as %+v", n, d)
		}
	}
}

// What an exporter asks for: branches, gradients and values.
func TestDescribeBranches(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	outer := graph.PlaceholderWithDefault(s, "outer", true)
	inner := graph.Placeholder(s, "inner", tensor.Bool)
	x := graph.Variable(s, "x", tensor.Shape{2}, graph.VariableConfig{})
	y := graph.Identity(s.Branch(outer, true).Branch(inner, false), x)
	grads := graph.Gradients(s, gorgonia.Nodes{graph.Identity(s, x)}, gorgonia.Nodes{x}, nil)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	want := []graph.BranchOf{{Pred: outer, Taken: true}, {Pred: inner, Taken: false}}
	if d := g.Describe(y); !reflect.DeepEqual(d.Branches, want) || d.Gradient {
		t.Errorf("got %v; want %v", d, want)
	}
	if d := g.Describe(grads[0]); !d.Gradient || d.Branches != nil {
		t.Errorf("got %v of a gradient", d)
	}
	for n, want := range map[*gorgonia.Node]interface{}{graph.Const(s, []int32{1, 2}): []int32{1, 2}, outer: true} {
		if got := g.ValueOf(n); got == nil || !reflect.DeepEqual(got.Data(), want) {
			t.Errorf("%s: got %v; want %v", g.NameOf(n), got, want)
		}
	}
	if got := g.ValueOf(inner); got != nil {
		t.Errorf("got %v of a placeholder without a default", got)
	}
}
