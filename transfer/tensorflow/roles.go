package tensorflow

import (
	"strings"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// roles say what the variables and constants of a graph are there for, as its edges show it.
type roles struct {
	hasVariables bool
	weight       map[*node]bool     // constants that layers use as weights
	trainable    map[*node]bool     // variables, and such constants, that are trained
	keys         map[*node][]string // the names by which savers restore a variable, the first saver's first
	parts        map[*node]string   // of the tensor of the first of these names that a variable is, where it is not all of it
	initial      map[*node]*ref     // the first value of a variable
}

// weightInputs are the inputs of layers that are weights and are trained, by op.
var weightInputs = map[string][]int{
	"MatMul": {0, 1}, "BatchMatMul": {0, 1}, "BatchMatMulV2": {0, 1}, "BatchMatMulV3": {0, 1}, "Conv2D": {1}, "DepthwiseConv2dNative": {1}, "Conv2DBackpropInput": {1},
	"BiasAdd": {1}, "FusedBatchNorm": {1, 2}, "FusedBatchNormV2": {1, 2}, "FusedBatchNormV3": {1, 2}, "_FusedConv2D": {1, 2, 3}, "FusedConv2D": {1, 2, 3},
	"FusedDepthwiseConv2dNative": {1, 2, 3}, "_FusedMatMul": {1, 2}, "Prelu": {1}, "Einsum": {0, 1},
}

// statisticInputs are the inputs of layers that are batch norm's moving statistics.
var statisticInputs = map[string][]int{"FusedBatchNorm": {3, 4}, "FusedBatchNormV2": {3, 4}, "FusedBatchNormV3": {3, 4}}

// tableInputs are those that are weights where they are variables: as constants they are as often anything else.
var tableInputs = map[string][]int{
	"Gather": {0}, "GatherV2": {0}, "ResourceGather": {0}, "Add": {0, 1}, "AddV2": {0, 1}, "Mul": {0, 1}, "Sub": {0},
}

// roles finds the roles.
func (g *Graph) roles() *roles {
	r := &roles{weight: map[*node]bool{}, trainable: map[*node]bool{}, keys: map[*node][]string{}, parts: map[*node]string{}, initial: map[*node]*ref{}}
	statistic, written := map[*node]bool{}, map[*node]bool{}
	note := func(n *node, inputs []int, to map[*node]bool) {
		for _, i := range inputs {
			if i < len(n.in) {
				for _, part := range partsOf(source(n.in[i])) {
					to[part] = true
				}
			}
		}
	}
	for _, n := range g.linked.nodes {
		r.hasVariables = r.hasVariables || isVariable(n)
		note(n, weightInputs[n.op], r.weight)
		note(n, statisticInputs[n.op], statistic)
		note(n, tableInputs[n.op], r.trainable)
		if assigns[n.op] && len(n.in) > 1 {
			r.assignment(n, written)
		}
	}
	for n := range r.weight {
		r.trainable[n] = true
	}
	for n := range statistic {
		r.weight[n] = true // it becomes a variable of a frozen graph
	}
	g.linked.statistics(statistic)
	for n := range statistic {
		r.trainable[n] = false
	}
	for n := range r.trainable {
		if written[n] {
			r.trainable[n] = false
		}
	}
	if c, ok := g.meta.Collections[graph.TrainableVariables]; ok && r.hasVariables {
		clear(r.trainable)
		for _, v := range variableDefs(c) {
			if found, err := g.linked.tensor(v.Name); err == nil {
				r.trainable[found.node] = true
			}
		}
	}
	for _, key := range []string{graph.GlobalVariables, graph.TrainableVariables, graph.LocalVariables} {
		for _, v := range variableDefs(g.meta.Collections[key]) {
			found, err := g.linked.tensor(v.Name)
			init := g.linked.byName[strings.TrimPrefix(v.Initializer, "^")]
			if err == nil && init != nil && assigns[init.op] && len(init.in) > 1 {
				r.initial[found.node] = &init.in[1]
			}
		}
	}
	return r
}

// partsOf returns the parts of a weight that a partitioner has cut, where n joins them (PartitionedVariable.as_tensor of
// tensorflow/python/ops/variables.py); of anything else n alone.
func partsOf(n *node) []*node {
	joined := n.in
	switch {
	case n.op == "ConcatV2" && len(joined) > 1:
		joined = joined[:len(joined)-1] // the axis comes last,
	case n.op == "Concat" && len(joined) > 1:
		joined = joined[1:] // or first
	default:
		return []*node{n}
	}
	found := make([]*node, len(joined))
	for i, in := range joined {
		if found[i] = source(in); !isVariable(found[i]) && found[i].op != "Const" {
			return []*node{n}
		}
	}
	return found
}

// assignment notes what a node that writes a variable says of it: its key in checkpoints, its first value, or that it changes in training.
func (r *roles) assignment(n *node, written map[*node]bool) {
	v := source(n.in[0])
	if n.op != "Assign" && n.op != "AssignVariableOp" {
		written[v] = true
		return
	}
	switch from := same(n.in[1]); {
	case (from.op == "RestoreV2" || from.op == "Restore" || from.op == "RestoreSlice") && len(from.in) > 1:
		if names, ok := source(from.in[1]).attrs["value"].Value.(*tffile.Tensor); ok && from.out < len(names.Strings) {
			r.keys[v] = append(r.keys[v], names.Strings[from.out])
		}
		if len(from.in) > 2 && len(r.keys[v]) == 1 {
			if parts, ok := source(from.in[2]).attrs["value"].Value.(*tffile.Tensor); ok && from.out < len(parts.Strings) && parts.Strings[from.out] != "" {
				r.parts[v] = parts.Strings[from.out]
			}
		}
	case r.initial[v] == nil:
		r.initial[v] = &n.in[1]
	}
}

// variableDefs decodes the variables of a collection, as far as they are some.
func variableDefs(c tffile.Collection) []tffile.VariableDef {
	var out []tffile.VariableDef
	for _, b := range c.Bytes {
		if v, err := tffile.DecodeVariableDef([]byte(b)); err == nil {
			out = append(out, v)
		}
	}
	return out
}
