package onnx

import (
	"strings"

	"github.com/plexaura/plexaura/transfer/network"
)

// Describe says which operators the model has, with their domain where that is not ONNX's own, and what it takes and gives. Inputs that
// have a value, as initializers are in models before IR version 4, are left out.
func (m *Model) Describe() network.Summary {
	s := network.Summary{Ops: map[string]int{}}
	m.Graph.count(s.Ops)
	stored := map[string]bool{}
	for _, t := range m.Graph.Initializers {
		stored[t.Name] = true
	}
	for _, v := range m.Graph.Inputs {
		if !stored[v.Name] {
			s.Inputs = append(s.Inputs, network.Value{Name: v.Name, DType: v.DType, Shape: v.Shape})
		}
	}
	for _, v := range m.Graph.Outputs {
		s.Outputs = append(s.Outputs, network.Value{Name: v.Name, DType: v.DType, Shape: v.Shape})
	}
	return s
}

// Nodes lists the nodes of the graph, not those of branches inside of them, whose values have no names outside.
func (m *Model) Nodes() []network.Node {
	said := map[string]Value{}
	for _, values := range [][]Value{m.Graph.Values, m.Graph.Outputs} {
		for _, v := range values {
			said[v.Name] = v
		}
	}
	nodes := make([]network.Node, len(m.Graph.Nodes))
	for i, n := range m.Graph.Nodes {
		nodes[i] = network.Node{Name: n.Name, Op: strings.TrimPrefix(n.Domain+"."+n.Op, "."), Inputs: n.Inputs}
		for _, out := range n.Outputs {
			v := said[out]
			nodes[i].Outputs = append(nodes[i].Outputs, network.Value{Name: out, DType: v.DType, Shape: v.Shape})
		}
	}
	return nodes
}

// count adds the operators of the graph and of those inside of its nodes.
func (g *Graph) count(ops map[string]int) {
	for _, n := range g.Nodes {
		ops[strings.TrimPrefix(n.Domain+"."+n.Op, ".")]++
		for _, a := range n.Attributes {
			if a.Graph != nil {
				a.Graph.count(ops)
			}
		}
	}
}
