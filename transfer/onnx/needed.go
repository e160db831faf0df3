package onnx

import (
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/transfer/network"
)

// needed is the part of a graph that some outputs need.
type needed struct {
	graph   *Graph
	outputs []string
	nodes   []int           // their places in the graph, in order
	values  map[string]bool // by name
}

// names are those of all values.
func (g *Graph) names() map[string]bool {
	names := map[string]bool{}
	for _, in := range g.Inputs {
		names[in.Name] = true
	}
	for _, t := range g.Initializers {
		names[t.Name] = true
	}
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			names[out] = true
		}
	}
	delete(names, "") // an output that is left out
	return names
}

// needs walks from the outputs to what they need, and no further than the values that are given. No outputs are those that the graph
// names; a graph that names none needs all of it.
func (g *Graph) needs(outputs []string, given map[string]*gorgonia.Node) needed {
	if outputs == nil {
		for _, out := range g.Outputs {
			outputs = append(outputs, out.Name)
		}
	}
	n := needed{graph: g, outputs: outputs, values: map[string]bool{}}
	for _, name := range outputs {
		n.values[name] = true
	}
	all := len(outputs) == 0
	for i, node := range slices.Backward(g.Nodes) { // each stands after those that it needs
		if !all && !slices.ContainsFunc(node.Outputs, func(out string) bool { return out != "" && n.values[out] && given[out] == nil }) {
			continue
		}
		n.nodes = append(n.nodes, i)
		for _, in := range node.reads() {
			n.values[in] = true
		}
	}
	slices.Reverse(n.nodes)
	return n
}

// reads lists the values that a node reads, those that its inner graphs take from outside among them.
func (n Node) reads() []string {
	names := slices.Clone(n.Inputs)
	for _, a := range n.Attributes {
		if a.Graph == nil {
			continue
		}
		for _, inner := range a.Graph.Nodes {
			names = append(names, inner.reads()...)
		}
		for _, out := range a.Graph.Outputs {
			names = append(names, out.Name)
		}
	}
	return names
}

// supported returns an error that lists the operators which are not.
func (n needed) supported() error {
	counts := map[string]int{}
	for _, i := range n.nodes {
		node := n.graph.Nodes[i]
		if operators[node.Op] == nil || node.Domain != "" {
			counts[strings.TrimPrefix(node.Domain+"."+node.Op, ".")]++
		}
	}
	return network.Unsupported(format, "operators", counts)
}
