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

// Nodes lists the nodes, those of a function after what calls it, under the call's name and theirs. What comes out of a node is there the first output, with the
// dtype and shape that its attributes say.
func (g *Graph) Nodes() []network.Node {
	nodes := make([]network.Node, len(g.linked.nodes))
	for i, n := range g.linked.nodes {
		nodes[i] = network.Node{Name: n.name, Op: n.op, Outputs: []network.Value{n.described()}}
		for _, in := range n.in {
			name := in.name
			if in.out > 0 {
				name = in.String()
			}
			nodes[i].Inputs = append(nodes[i].Inputs, name)
		}
	}
	return nodes
}

// described is what a node's attributes say of its first output.
func (n *node) described() network.Value {
	var dtype tffile.DType
	for _, name := range []string{"T", "dtype", "DstT", "output_type", "out_type"} {
		if d, ok := n.attrs[name].Value.(tffile.DType); ok {
			dtype = d
		}
	}
	shape, known := n.attrs["shape"].Value.(tffile.Shape)
	if t, ok := n.attrs["value"].Value.(*tffile.Tensor); ok {
		shape, known = tffile.Shape{Sizes: t.Shape}, true
	}
	if all, ok := n.attrs["_output_shapes"].Value.([]tffile.Shape); ok && len(all) > 0 {
		shape, known = all[0], true
	}
	return valueOf(n.name, dtype, shape, known)
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
