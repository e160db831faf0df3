package graph

import (
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// NameOf returns the name under which the graph knows a node: its scope path
// and op, or a variable's name.
func (g *Graph) NameOf(n *gorgonia.Node) string {
	if n == nil {
		return "nil"
	}
	return g.lookup(n).name
}

// Lookup finds a node by its exact name; TensorFlow's "name:0" is accepted.
func (g *Graph) Lookup(name string) (*gorgonia.Node, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	ni := g.names[strings.TrimSuffix(name, ":0")]
	if ni == nil || ni.kind == kindBad {
		return nil, false
	}
	return ni.node, true
}

// Node is Lookup for use in an expression: a missing name is a build error that
// lists near ones, and gives a bad node.
func (g *Graph) Node(name string) *gorgonia.Node {
	if n, ok := g.Lookup(name); ok {
		return n
	}
	g.mu.RLock()
	names := make([]string, 0, len(g.order))
	for _, ni := range g.order {
		names = append(names, ni.name)
	}
	g.mu.RUnlock()
	return g.Scope().Fail("Node", nil, Spec{Dtype: g.cfg.Dtype}, errors.Errorf("there is no node %q%s", name, didYouMean(name, names)))
}

// InputsOf returns the inputs of a node in order, duplicates kept.
func (g *Graph) InputsOf(n *gorgonia.Node) gorgonia.Nodes {
	g.current()
	return append(gorgonia.Nodes(nil), g.lookup(n).in...)
}

// OpOf returns the declaration of a node that Apply made, and false for inputs,
// variables, constants and native nodes.
func (g *Graph) OpOf(n *gorgonia.Node) (OpDef, bool) {
	ni := g.lookup(n)
	if ni.kind != kindOp {
		return OpDef{}, false
	}
	return *ni.def, true
}

// InBranch tells whether a node stands in a branch (Scope.Branch), so that a Run
// in which the branch is not taken has no value for it.
func (g *Graph) InBranch(n *gorgonia.Node) bool { return g.lookup(n).guard != nil }
