package graph

import (
	"runtime"
	"sync"
	"weak"

	"gorgonia.org/gorgonia"
)

// graphs finds the Graph around a Gorgonia graph, the newest one where several wrap it, and keeps neither alive.
var graphs sync.Map // of weak.Pointer[gorgonia.ExprGraph] to weak.Pointer[Graph]

// remember enters g into graphs.
func remember(g *Graph) {
	key := weak.Make(g.expr)
	graphs.Store(key, weak.Make(g))
	runtime.AddCleanup(g.expr, func(key weak.Pointer[gorgonia.ExprGraph]) { graphs.Delete(key) }, key)
}

// Of returns the graph that a node belongs to, for those who show nodes; where several Graphs wrap one Gorgonia graph, the newest. It is nil
// for a nil node, and for one that is in no Graph or whose Graph is out of use.
func Of(n *gorgonia.Node) *Graph {
	if n == nil {
		return nil
	}
	if o, ok := n.Op().(*op); ok {
		return o.g
	}
	expr := n.Graph()
	if expr == nil {
		return nil
	}
	if g, ok := graphs.Load(weak.Make(expr)); ok {
		return g.(weak.Pointer[Graph]).Value()
	}
	return nil
}
