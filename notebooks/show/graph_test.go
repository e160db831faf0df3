package show_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
)

func TestGraph(t *testing.T) {
	c := newChapter(t, 784)
	v := show.Graph(c.g, show.GraphConfig{Nodes: gorgonia.Nodes{c.loss}})
	texts := check(t, v)
	has(t, texts, "X", "? × 784", "y", "int64 ?", "dnn", "hidden1", "kernel", "784 × 300", "MatMul", "SparseSoftmaxCrossEntropy", "Mean", "scalar", "placeholder")
	const want = `graph of 21 ops, 12 variables, 267,010 parameters
  X  placeholder  float32[?, 784]
  y  placeholder  int64[?]
  training  placeholder  bool[]
  dnn/  16 ops, 12 variables, 267,010 parameters
    hidden1/  7 ops, 5 variables, 235,800 parameters
      kernel  variable  float32[784, 300]
      MatMul  MatMul(X, hidden1/kernel)  float32[?, 300]
`
	if !strings.HasPrefix(v.String(), want) {
		t.Errorf("%s\nwant it to begin\n%s", v, want)
	}
	if strings.Contains(v.String(), "train/") || strings.Contains(v.String(), "Accuracy") {
		t.Errorf("nodes that the loss does not depend on:\n%s", v)
	}
	if again := show.Graph(c.g, show.GraphConfig{Nodes: gorgonia.Nodes{c.loss}}); page(again) != page(v) || svg(again) != svg(v) || again.String() != v.String() {
		t.Error("two pictures of one graph differ")
	}
}

// TestGraphUnfolds wants each scope that is closed in the picture beneath it.
func TestGraphUnfolds(t *testing.T) {
	c := newChapter(t, 784)
	for depth, want := range map[int][]string{
		1: {"dnn", "dnn/hidden1", "dnn/outputs", "loss", "train", "train/gradients", "train/Momentum/update_hidden1/kernel"},
		2: {"dnn/hidden1", "dnn/outputs", "train/gradients", "train/Momentum/update_hidden1/kernel"},
		3: {"train/Momentum/update_hidden1", "train/Momentum/update_hidden1/kernel"},
	} {
		v := show.Graph(c.g, show.GraphConfig{Depth: depth})
		check(t, v)
		var got []string
		for _, m := range regexp.MustCompile(`<summary>([^ ]*) `).FindAllStringSubmatch(page(v), -1) {
			got = append(got, m[1])
		}
		all := " " + strings.Join(got, " ") + " "
		for _, w := range want {
			if strings.Count(all, " "+w+" ") != 1 {
				t.Errorf("depth %d: %s is there %d times in %s", depth, w, strings.Count(all, " "+w+" "), all)
			}
		}
		if depth == 2 && strings.Contains(all, " dnn ") || depth == 3 && strings.Contains(all, " dnn/hidden1 ") {
			t.Errorf("depth %d: a scope that is open in the picture is beneath it too: %s", depth, all)
		}
	}
}

func TestGraphScope(t *testing.T) {
	c := newChapter(t, 784)
	v := show.Graph(c.g, show.GraphConfig{Scope: "dnn/hidden2/"})
	has(t, check(t, v), "kernel", "dnn/hidden1/", "training", "dnn/outputs/", "writes a variable", "not trained")
	if !strings.HasPrefix(v.String(), "dnn/hidden2: 9 ops, 5 variables, 30,200 parameters\n") {
		t.Errorf("%s", v)
	}
	if v := show.Graph(c.g, show.GraphConfig{Scope: "hidden"}); !strings.Contains(v.String(), "no scope hidden; there are dnn, loss, eval, train") {
		t.Errorf("%s", v)
	}
}

// TestGraphEdges draws what only waits with a dashed line.
func TestGraphEdges(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", tensor.Shape{}, graph.VariableConfig{})
	one := graph.AssignAdd(s, v, graph.Const(s, float32(1)))
	graph.Read(s.After(one), v)
	picture := show.Graph(g, show.GraphConfig{})
	check(t, picture)
	if n := strings.Count(svg(picture), `stroke-dasharray="4 3"`); n == 0 {
		t.Errorf("no dashed line in\n%s", svg(picture))
	}
	if !strings.Contains(picture.String(), "AssignAdd(v, Const) writes a variable") || !strings.Contains(picture.String(), "after 1 node") {
		t.Errorf("%s", picture)
	}
}

func TestGraphErrors(t *testing.T) {
	if v := show.Graph(nil, show.GraphConfig{}); v.String() != "no graph" {
		t.Errorf("%s", v)
	}
	g := graph.New(graph.Config{})
	if v := show.Graph(g, show.GraphConfig{}); v.String() != "a graph without nodes" {
		t.Errorf("%s", v)
	}
	if v := show.Graph(g, show.GraphConfig{Nodes: gorgonia.Nodes{nil}}); v.String() != "a graph without nodes" {
		t.Errorf("%s", v)
	}
	x := graph.Placeholder(g.Scope(), "X", tensor.Float32, 2)
	graph.AssignAdd(g.Scope(), x, x)
	v := show.Graph(g, show.GraphConfig{})
	check(t, v)
	if !strings.Contains(v.String(), "the graph has an error: AssignAdd") || !strings.Contains(page(v), "must be a variable") {
		t.Errorf("%s", v)
	}
	other := graph.Placeholder(graph.New(graph.Config{}).Scope(), "other", tensor.Float32)
	v = show.Graph(g, show.GraphConfig{Nodes: gorgonia.Nodes{other}})
	check(t, v)
	if !strings.Contains(v.String(), "of another graph") {
		t.Errorf("%s", v)
	}
}

// TestLargeGraphs wants pictures of bounded size: of many nodes in one scope, in as many scopes, one after the other, and all reading all.
func TestLargeGraphs(t *testing.T) {
	const n = 5_000
	for name, build := range map[string]func(s *graph.Scope){
		"flat": func(s *graph.Scope) {
			for range n {
				graph.Placeholder(s, "X", tensor.Float32, 3)
			}
		},
		"chain": func(s *graph.Scope) {
			x := graph.Placeholder(s, "X", tensor.Float32, 3)
			for range 20_000 {
				x = graph.Identity(s, x)
			}
		},
		"scopes": func(s *graph.Scope) {
			x := graph.Placeholder(s, "X", tensor.Float32, 3)
			for i := range n {
				x = graph.Identity(s.NameScope(fmt.Sprintf("scope%d", i)), x)
			}
		},
		"tree": func(s *graph.Scope) {
			x := graph.Placeholder(s, "X", tensor.Float32, 3)
			for i := range n {
				x = graph.Identity(s.NameScope(fmt.Sprintf("a%d", i%7)).NameScope(fmt.Sprintf("b%d", i%11)).NameScope(fmt.Sprintf("c%d", i%13)), x)
			}
		},
		"deep": func(s *graph.Scope) {
			x := graph.Placeholder(s, "X", tensor.Float32, 3)
			for range 2000 {
				s = s.NameScope("s")
				x = graph.Identity(s, x)
			}
		},
		"fan": func(s *graph.Scope) {
			var all gorgonia.Nodes
			for i := range 200 {
				all = append(all, graph.Placeholder(s.NameScope(fmt.Sprintf("in%d", i%50)), "X", tensor.Float32, 3))
			}
			for i := range 200 {
				graph.Group(s.NameScope(fmt.Sprintf("out%d", i%50)), all...)
			}
		},
	} {
		g := graph.New(graph.Config{})
		build(g.Scope())
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		v := show.Graph(g, show.GraphConfig{})
		check(t, v)
		if len(page(v)) > 3<<20 || len(svg(v)) > 1<<20 || len(v.String()) > 20_000 {
			t.Errorf("%s: %d bytes of HTML, %d of SVG, %d of text", name, len(page(v)), len(svg(v)), len(v.String()))
		}
		if name != "tree" && name != "deep" && !strings.Contains(v.String(), " more") {
			t.Errorf("%s: nothing says that there is more", name)
		}
	}
}

// TestManyClosedScopes says once that there are more scopes than are shown beneath the picture.
func TestManyClosedScopes(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "X", tensor.Float32, 3)
	for i := range 3000 {
		x = graph.Identity(g.Scope().NameScope(fmt.Sprintf("outer%d", i)).NameScope("inner"), x)
	}
	v := show.Graph(g, show.GraphConfig{Depth: 2})
	check(t, v)
	if n := strings.Count(page(v), "see GraphConfig.Scope"); n != 1 {
		t.Errorf("it says %d times that there are more scopes", n)
	}
}
