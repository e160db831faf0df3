package graph

import (
	"gorgonia.org/gorgonia"
)

// kind says what a node is to the planner.
type kind int

const (
	kindOp          kind = iota // declared by an OpDef
	kindAux                     // an extra output of an op
	kindPlaceholder             // fed, or taken from its default
	kindConst                   // a constant, ours or Gorgonia's
	kindVariable                // a value that a Session keeps
	kindNative                  // a Gorgonia op, run by fallback
	kindBad                     // the result of a failed op
)

// nodeInfo is what the Graph knows of a node beyond Gorgonia. It does not
// change after registration, so plans may read it without a lock; a revision
// may hold another one of the node.
type nodeInfo struct {
	node    *gorgonia.Node
	kind    kind
	name    string
	spec    Spec
	def     *OpDef           // kindOp
	in      gorgonia.Nodes   // inputs, in order, duplicates kept
	control []*gorgonia.Node // what must have run
	guard   *guard           // the branch that the node stands in

	gradient bool      // Gradients made it
	revision *revision // in force when it was made

	value    *Array         // kindConst, and a placeholder's default
	variable *variable      // kindVariable
	producer *gorgonia.Node // kindAux
	index    int            // kindAux: which extra output
}

// guard is a branch: the node runs only where pred equals want, and so does
// the branch that this one stands in.
type guard struct {
	pred   *gorgonia.Node
	want   bool
	parent *guard
}

// within tells whether g is h or a branch inside h.
func (g *guard) within(h *guard) bool {
	if h == nil {
		return true
	}
	for ; g != nil; g = g.parent {
		if g.pred == h.pred && g.want == h.want {
			return true
		}
	}
	return false
}

// lookup returns what is known of n, adopting a node that Gorgonia made
// behind our back. The caller holds no lock.
func (g *Graph) lookup(n *gorgonia.Node) *nodeInfo {
	g.mu.RLock()
	ni := g.info[n]
	g.mu.RUnlock()
	switch {
	case ni != nil:
		return g.now().of(ni)
	case n == nil:
		return &nodeInfo{kind: kindBad, name: "nil"}
	case n.Graph() != g.expr:
		return &nodeInfo{node: n, kind: kindBad, name: nonEmpty(n.Name(), "a node") + " of another graph", spec: SpecOf(n)}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.adopt(n)
}

// register enters a node under a name that is free. The caller holds mu.
func (g *Graph) register(ni *nodeInfo) {
	ni.revision = g.now()
	if len(g.frozen) > 0 && ni.kind == kindOp && !ni.gradient {
		g.grown.Store(true)
	}
	g.info[ni.node] = ni
	g.order = append(g.order, ni)
	if ni.name != "" {
		g.names[ni.name] = ni
	}
}

// adopt registers a node that Gorgonia made, and those beneath it. The caller
// holds mu, or the only reference to g.
func (g *Graph) adopt(n *gorgonia.Node) *nodeInfo {
	if ni := g.info[n]; ni != nil {
		return ni
	}
	ni := &nodeInfo{node: n, spec: SpecOf(n)}
	switch {
	case n.Op() == nil:
		ni.kind = kindPlaceholder
		ni.name = g.unique(nonEmpty(n.Name(), "input"))
		if v := n.Value(); v != nil {
			ni.value = arrayOfValue(v)
		}
	case nativeConstant(n) != nil:
		ni.kind = kindConst
		ni.value = arrayOfValue(nativeConstant(n))
		ni.name = g.unique("Const")
	default:
		ni.kind = kindNative
		ni.in = g.nativeInputs(n)
		for _, in := range ni.in {
			g.adopt(in)
		}
		ni.name = g.unique(nativeName(n))
	}
	g.register(ni)
	return ni
}

func nonEmpty(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
