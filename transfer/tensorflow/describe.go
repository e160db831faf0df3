package tensorflow

import (
	"maps"
	"slices"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

var _ network.Describer = (*Graph)(nil)

// Describe says which ops the graph has, those of its functions once each, and what goes in and comes out: as the signature names it
// ("serving_default", or the first), and without one the placeholders and, by their names alone, what Import takes for outputs.
func (g *Graph) Describe() network.Summary {
	s := network.Summary{Ops: map[string]int{}}
	count := func(nodes []tffile.NodeDef) {
		for _, n := range nodes {
			s.Ops[n.Op]++
		}
	}
	count(g.meta.Graph.Nodes)
	for _, fn := range g.meta.Graph.Functions {
		count(fn.Nodes)
	}
	s.Inputs, s.Outputs = said(g.signature.Inputs), said(g.signature.Outputs)
	if len(s.Inputs) == 0 {
		for _, n := range g.meta.Graph.Nodes {
			if isPlaceholder(n.Op) {
				dtype, _ := n.Attrs["dtype"].Value.(tffile.DType)
				shape, ok := n.Attrs["shape"].Value.(tffile.Shape)
				s.Inputs = append(s.Inputs, valueOf(n.Name, dtype, shape, ok))
			}
		}
	}
	if len(s.Outputs) == 0 {
		for _, out := range g.linked.sinks() {
			s.Outputs = append(s.Outputs, network.Value{Name: out.name})
		}
	}
	return s
}

func isPlaceholder(op string) bool {
	return op == "Placeholder" || op == "PlaceholderV2" || op == "PlaceholderWithDefault"
}

// said are the tensors of a signature, by name.
func said(tensors map[string]tffile.TensorInfo) []network.Value {
	var out []network.Value
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		out = append(out, valueOf(name, tensors[name].DType, tensors[name].Shape, true))
	}
	return out
}

// valueOf describes a tensor, whose shape may not be known.
func valueOf(name string, dtype tffile.DType, shape tffile.Shape, known bool) network.Value {
	v := network.Value{Name: name, DType: weights.Invalid}
	if dtype > refType {
		dtype -= refType
	}
	if d, ok := dtypes[dtype]; ok {
		v.DType = d
	}
	if known && !shape.UnknownRank {
		v.Shape = append([]int{}, shape.Sizes...)
	}
	return v
}
