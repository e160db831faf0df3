package tensorflow

import (
	"maps"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// metaGraph adds the ops that save, restore and initialise variables, by their names in a checkpoint, and the collections.
func (e *exporter) metaGraph(saved map[string]*gorgonia.Node) tffile.MetaGraph {
	m := tffile.MetaGraph{
		Info:        tffile.MetaInfo{Version: "1.15.0"},
		Collections: e.collections(),
	}
	written := map[string]*gorgonia.Node{}
	for key, v := range saved {
		if _, ok := e.handles[v]; ok {
			written[key] = v
		}
	}
	if len(written) > 0 {
		m.Saver = e.writeSaver(written)
	}
	if !e.names["init"] {
		var assigns []string
		for _, v := range e.g.Variables() {
			if h, ok := e.handles[v]; ok {
				assigns = append(assigns, "^"+h.assign)
			}
		}
		e.addNode(e.unique("init"), "NoOp", nil, assigns...)
	}
	m.Graph = e.graphDef()
	return m
}

// writeSaver writes the nodes that tf.train.Saver adds to a graph.
func (e *exporter) writeSaver(saved map[string]*gorgonia.Node) tffile.SaverDef {
	scope := e.unique("save") + "/"
	keys := slices.Sorted(maps.Keys(saved))
	strings := func(name string, values []string, shape ...int) string {
		t := tffile.Tensor{DType: tffile.String, Shape: append([]int{}, shape...), Strings: values}
		name = e.unique(scope + name)
		e.addNode(name, "Const", attrs{"dtype": tffile.String, "value": &t})
		return name
	}
	n := len(keys)
	whole := make([]string, n) // no variable is partitioned
	dtypes := make([]tffile.DType, n)
	refs := make([]string, n)
	for i, key := range keys {
		dtypes[i], refs[i] = dtypeOf(graph.SpecOf(saved[key])), e.handles[saved[key]].ref
	}
	prefix := strings("Const", []string{"model"})
	save := e.unique(scope + "SaveV2")
	e.addNode(save, "SaveV2", attrs{"dtypes": dtypes},
		append([]string{prefix, strings("SaveV2/tensor_names", keys, n), strings("SaveV2/shape_and_slices", whole, n)}, refs...)...)
	done := e.unique(scope + "control_dependency")
	e.addNode(done, "Identity", attrs{"T": tffile.String, "_class": []string{"loc:@" + prefix}}, prefix, "^"+save)
	restore := e.unique(scope + "RestoreV2")
	e.addNode(restore, "RestoreV2", attrs{"dtypes": dtypes}, prefix, strings("RestoreV2/tensor_names", keys, n), strings("RestoreV2/shape_and_slices", whole, n))
	assigns := make([]string, n)
	for i := range keys {
		value := restore
		if i > 0 {
			value = output(restore, i)
		}
		name := e.unique(scope + "Assign")
		e.addNode(name, "Assign", attrs{"T": dtypes[i], "_class": []string{"loc:@" + refs[i]}, "use_locking": true, "validate_shape": true}, refs[i], value)
		assigns[i] = "^" + name
	}
	all := e.unique(scope + "restore_all")
	e.addNode(all, "NoOp", nil, assigns...)
	return tffile.SaverDef{Filename: prefix + ":0", Save: done + ":0", Restore: all, MaxToKeep: 5, KeepEveryHours: 10000, Version: 2}
}

// variableKeys are the collections whose members TensorFlow keeps as VariableDef.
var variableKeys = []string{graph.GlobalVariables, graph.TrainableVariables, graph.LocalVariables, graph.ModelVariables,
	graph.MovingAverageVariables, graph.GlobalStep}

// collections are those of the graph, of what is written.
func (e *exporter) collections() map[string]tffile.Collection {
	out := map[string]tffile.Collection{}
	trainable := e.g.Trainable()
	for _, key := range e.g.Collections() {
		var c tffile.Collection
		for _, n := range e.g.Collection(key) {
			h, isVariable := e.handles[n]
			switch {
			case e.tensors[n] == "":
			case isVariable && slices.Contains(variableKeys, key):
				def := tffile.VariableDef{Name: h.ref + ":0", Initializer: h.assign, Snapshot: h.read + ":0", InitialValue: full(h.initial),
					Trainable: slices.Contains(trainable, n)}
				c.Bytes = append(c.Bytes, string(def.Encode()))
			case isVariable:
				c.Nodes = append(c.Nodes, h.ref+":0")
			case e.valueless(n):
				c.Nodes = append(c.Nodes, e.tensors[n])
			default:
				c.Nodes = append(c.Nodes, full(e.tensors[n]))
			}
		}
		if c.Nodes != nil {
			c.Bytes = nil // a collection is of one kind
		}
		if c.Nodes != nil || c.Bytes != nil {
			out[key] = c
		}
	}
	return out
}

// valueless tells whether a node is run for its effect only.
func (e *exporter) valueless(n *gorgonia.Node) bool {
	def, ok := e.g.OpOf(n)
	return ok && def.NoValue
}

// signature names the placeholders and the outputs.
func (e *exporter) signature() tffile.Signature {
	s := tffile.Signature{Inputs: map[string]tffile.TensorInfo{}, Outputs: map[string]tffile.TensorInfo{}, Method: "tensorflow/serving/predict"}
	info := func(n *gorgonia.Node) tffile.TensorInfo {
		sp := graph.SpecOf(n)
		return tffile.TensorInfo{Name: full(e.tensors[n]), DType: dtypeOf(sp), Shape: protoShape(sp)}
	}
	for _, n := range e.g.Operations() {
		if d := e.g.Describe(n); e.keep[n] && e.fixed[n] == nil && d.Kind == graph.PlaceholderNode {
			s.Inputs[d.Name] = info(n)
		}
	}
	for _, n := range e.cfg.Outputs {
		s.Outputs[e.g.NameOf(n)] = info(n)
	}
	return s
}
