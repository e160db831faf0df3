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
