package graph

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func dotGraph() (*Graph, *gorgonia.Node) {
	g := New(Config{Seed: 3})
	s := g.Scope()
	x := double(s, "x", -1, 2)
	l := s.NameScope("dnn").Sub("hidden1")
	v := f64(l, "kernel", 1, 2, 2)
	y := add(l, x, x)
	y, extra := fused(l, y, mul(l, y, y))
	update := AssignAdd(l, v, ConstOf(l, tensor.Float64, [][]float64{{1, 2}, {3, 4}}))
	z := scale(l.After(update), add(l, y, extra), 2)
	grad(s.NameScope("train"), z, x)
	random(s, nil)
	s.Try(gorgonia.Tanh(x))
	return g, z
}

// Graphviz: names by scope, kinds by shape, dashed control edges, quoted text.
func TestGraphviz(t *testing.T) {
	g, z := dotGraph()
	all, part := g.Graphviz(), g.Graphviz(z)
	for _, want := range []string{
		"digraph plexaura {", "subgraph cluster_", `label="hidden1"`, `label="dnn"`, "shape=box", "shape=invhouse", "shape=plaintext", "shape=ellipse",
		"style=dashed", `kernel\nVariable\nfloat64[2, 2]`, `x\nPlaceholder\nfloat64[?, 2]`, `Fused_aux`, "float64[?, 2]",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if !strings.Contains(part, "AssignAdd") || strings.Contains(part, "Random") || strings.Contains(part, `label="train"`) {
		t.Error("the part beneath z:", part)
	}
	for name, text := range map[string]string{"all": all, "part": part} {
		if strings.Count(text, "{") != strings.Count(text, "}") || strings.Contains(text, "n-1") {
			t.Error(name, text)
		}
	}
}

// A graph built twice is equal: names, shapes, order, text.
func TestBuiltTwiceIsEqual(t *testing.T) {
	a, _ := dotGraph()
	b, _ := dotGraph()
	if a.Graphviz() != b.Graphviz() {
		t.Error("the Graphviz texts differ")
	}
	an, bn := a.Operations(), b.Operations()
	if len(an) != len(bn) || len(an) < 10 {
		t.Fatal(len(an), len(bn))
	}
	for i := range an {
		if a.NameOf(an[i]) != b.NameOf(bn[i]) || SpecOf(an[i]).String() != SpecOf(bn[i]).String() || an[i].ID() != bn[i].ID() {
			t.Error(a.NameOf(an[i]), b.NameOf(bn[i]))
		}
	}
}
