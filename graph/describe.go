package graph

import (
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Description is what a graph knows of a node, for those who write graphs down: viewers and
// exporters.
type Description struct {
	Name string // as NameOf gives it
	// Op is the name of the OpDef; "Variable", "Placeholder" or "Const"; or what Gorgonia calls an
	// op of its own.
	Op    string
	Kind  Kind
	Spec  Spec
	Attrs map[string]interface{} // of the OpDef; not to be changed
	// Inputs are in order, duplicates kept; an extra output has none, but hangs on Producer.
	Inputs gorgonia.Nodes
	// Control are the nodes that run before this one.
	Control gorgonia.Nodes
	// Producer made this node as its extra output number Output, counted from 1 (output 0 is the
	// producer itself); nil for all other nodes.
	Producer *gorgonia.Node
	Output   int
	// HasDefault says of a placeholder that a Run need not feed it.
	HasDefault bool
	// Branches are those that the node stands in, the outermost first.
	Branches []BranchOf
	// Gradient tells that Gradients made the node.
	Gradient bool
}

// BranchOf is a branch that a node stands in (Scope.Branch): it runs only where Pred, a scalar
// bool, is Taken.
type BranchOf struct {
	Pred  *gorgonia.Node
	Taken bool
}

// Kind says where a node's value comes from.
type Kind int

// The kinds of nodes.
const (
	OpNode          Kind = iota // an op computes it
	ExtraOutputNode             // an op computes it beside its output: see Aux
	PlaceholderNode             // it is fed, or has a default
	ConstNode                   // it never changes
	VariableNode                // a Session keeps it
	BadNode                     // its op failed
)

// Describe tells what the graph knows of a node. One of another graph is a BadNode.
func (g *Graph) Describe(n *gorgonia.Node) Description {
	g.current()
	ni := g.lookup(n)
	d := Description{Name: ni.name, Spec: ni.spec, Inputs: append(gorgonia.Nodes(nil), ni.in...), Control: append(gorgonia.Nodes(nil), ni.control...), Gradient: ni.gradient}
	for b := ni.guard; b != nil; b = b.parent {
		d.Branches = append(d.Branches, BranchOf{b.pred, b.want})
	}
	slices.Reverse(d.Branches)
	switch ni.kind {
	case kindAux:
		d.Kind, d.Inputs, d.Producer, d.Output = ExtraOutputNode, nil, ni.producer, ni.index+1
	case kindPlaceholder:
		d.Kind, d.HasDefault = PlaceholderNode, ni.value != nil
	case kindConst:
		d.Kind = ConstNode
	case kindVariable:
		d.Kind = VariableNode
	case kindBad:
		d.Kind = BadNode
		return d
	}
	d.Op = opName(ni)
	if ni.def != nil {
		d.Attrs = ni.def.Attrs
	}
	return d
}

// ValueOf returns a copy of what a constant holds, or a placeholder has where it is not fed; nil
// for a node without such a value.
func (g *Graph) ValueOf(n *gorgonia.Node) *tensor.Dense {
	if a := g.lookup(n).value; a != nil {
		return tensorOf(a)
	}
	return nil
}
