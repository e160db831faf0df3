package graph_test

import (
	"runtime"
	"testing"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestOf(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	v := graph.Variable(s, "v", tensor.Shape{2}, graph.VariableConfig{})
	for _, n := range []*gorgonia.Node{v, graph.Placeholder(s, "X", tensor.Float32, -1), graph.Const(s, 1.0), graph.Identity(s, v)} {
		if graph.Of(n) != g {
			t.Errorf("%v: not its graph", n)
		}
	}
	expr := gorgonia.NewGraph()
	x := gorgonia.NewScalar(expr, gorgonia.Float64, gorgonia.WithName("x"))
	y := gorgonia.Must(gorgonia.Square(x))
	if graph.Of(nil) != nil || graph.Of(x) != nil || graph.Of(y) != nil {
		t.Error("a graph for a node that is in none")
	}
	wrapped := graph.Wrap(expr)
	if graph.Of(x) != wrapped || graph.Of(y) != wrapped {
		t.Error("not the graph that wraps Gorgonia's")
	}
	runtime.KeepAlive(wrapped)
}

// TestOfKeepsNothing wants a graph to be collected although it was entered.
func TestOfKeepsNothing(t *testing.T) {
	gone := make(chan bool, 1)
	func() {
		g := graph.New(graph.Config{})
		graph.Placeholder(g.Scope(), "X", tensor.Float32, -1)
		runtime.AddCleanup(g, func(c chan bool) { c <- true }, gone)
	}()
	for range 100 {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the graph is still there after 100 collections")
}
