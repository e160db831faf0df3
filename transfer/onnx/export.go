package onnx

import (
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
)

// The models that Export makes. Opset 17 is ONNX 1.12's, the first that has LayerNormalization, so that no operator here needs a newer
// one; programs of 2022 and later run it. IR version 8 is the one of that release.
const (
	exportOpset = 17
	exportIR    = 8
)

// ExportConfig configures Export. The zero value makes a model that takes what Run must be fed for the outputs.
type ExportConfig struct {
	// Inputs are what the model takes, in order: placeholders, or inner nodes, which cut off what they are computed from. nil stands for
	// the placeholders without a default that the outputs need, as they were created.
	Inputs gorgonia.Nodes
	// Constants are values of placeholders that stay the same in the model, as Run takes them. A placeholder that neither Inputs nor
	// Constants has keeps its default; a scalar bool without one, such as a training flag, is false.
	Constants graph.Feeds
	// DataFormat says how images, which is every value of rank 4, go into the model and come out of it. ChannelsLast, the default, is as the
	// graph has them, and ChannelsFirst as other programs do, [batch, channels, height, width]. Inside, layers see the channels first.
	DataFormat ops.DataFormat
	// Metadata are the model's, for people.
	Metadata map[string]string
}

// Export makes a model of what computes the outputs, with the values that the variables have in sess:
//
//	m, err := onnx.Export(sess, gorgonia.Nodes{logits}, onnx.ExportConfig{})
//	err = m.Save("model.onnx")
//
// Inputs, outputs and initializers have the names of their nodes. A size that is unknown stays so: it is called batch where it is the
// first of the first input, and otherwise by its input and axis, since nothing says that two are equal. Variables are stored as
// other programs have them: kernels of convolutions are OIHW. int becomes int64.
//
// A branch (ops.Cond, batch norm, dropout) is decided now where its condition is known, as a training flag is; otherwise
// both sides are computed and one is taken. Effects (updates, prints, checks) are left out.
//
// The operators are those of opset 17. Ops that have none, such as random draws in training and gradients, are one error, with their
// counts; README.md lists the others. A variable without a value is an error, and NaN are values as others.
func Export(sess *graph.Session, outputs gorgonia.Nodes, cfg ExportConfig) (*Model, error) {
	m, err := export(sess, outputs, cfg)
	return m, errors.Wrap(err, "ONNX export")
}

func export(sess *graph.Session, outputs gorgonia.Nodes, cfg ExportConfig) (*Model, error) {
	switch {
	case sess == nil:
		return nil, errors.New("the session is nil; want one in which the variables have values")
	case len(outputs) == 0:
		return nil, errors.New("there are no outputs; want the nodes that the model computes")
	case cfg.DataFormat != ops.ChannelsLast && cfg.DataFormat != ops.ChannelsFirst:
		return nil, errors.Errorf("DataFormat is %v; want ops.ChannelsLast or ops.ChannelsFirst", cfg.DataFormat)
	}
	ex := newExporter(sess, cfg)
	if err := ex.check(outputs); err != nil {
		return nil, err
	}
	order, err := ex.order(outputs)
	if err == nil {
		err = ex.readVariables(order)
	}
	if err == nil {
		err = ex.declareInputs(order)
	}
	if err != nil {
		return nil, err
	}
	ex.countUses(order, outputs)
	for _, n := range order {
		if err := ex.export(n); err != nil {
			return nil, err
		}
	}
	if err := network.Unsupported("the graph", "ops", ex.unsupported); err != nil {
		return nil, err
	}
	if err := ex.declareOutputs(outputs); err != nil {
		return nil, err
	}
	ex.model.Graph.prune()
	return ex.model, nil
}

// check returns an error for nodes that cannot be exported or exported from.
func (ex *exporter) check(outputs gorgonia.Nodes) error {
	if err := ex.g.Err(); err != nil {
		return err
	}
	mine := func(what string, n *gorgonia.Node) error {
		switch d := ex.g.Describe(n); {
		case n == nil:
			return errors.Errorf("one of the %s is nil; want nodes of the session's graph", what)
		case d.Kind == graph.BadNode:
			return errors.Errorf("%s, one of the %s, is no node of the session's graph, or could not be built", d.Name, what)
		}
		return nil
	}
	for i, out := range outputs {
		if err := mine("outputs", out); err != nil {
			return err
		}
		if def, ok := ex.g.OpOf(out); ok && def.NoValue {
			return errors.Errorf("the output %s is run for its effect and has no value; want a node with one", ex.g.NameOf(out))
		}
		if slices.Contains(outputs[:i], out) {
			return errors.Errorf("the output %s comes twice", ex.g.NameOf(out))
		}
	}
	for i, in := range ex.cfg.Inputs {
		if err := mine("inputs", in); err != nil {
			return err
		}
		if slices.Contains(ex.cfg.Inputs[:i], in) {
			return errors.Errorf("the input %s comes twice", ex.g.NameOf(in))
		}
	}
	for in := range ex.cfg.Constants {
		if err := mine("constants", in); err != nil {
			return err
		}
		if d := ex.g.Describe(in); d.Kind != graph.PlaceholderNode || ex.isInput[in] {
			return errors.Errorf("%s is among the constants, but it is no placeholder or an input; want placeholders that stay the same", d.Name)
		}
	}
	return nil
}

// declareInputs lists the model's inputs.
func (ex *exporter) declareInputs(order gorgonia.Nodes) error {
	inputs := ex.cfg.Inputs
	if inputs == nil {
		for _, n := range order {
			if ex.isInput[n] {
				inputs = append(inputs, n)
			}
		}
		slices.SortStableFunc(inputs, func(a, b *gorgonia.Node) int { return int(a.ID() - b.ID()) })
	}
	for i, n := range inputs {
		sp := graph.SpecOf(n)
		v, f := Value{Name: ex.unique(ex.g.NameOf(n))}, &form{}
		v.Shape, v.Names = make([]int, sp.Rank()), make([]string, sp.Rank())
		var err error
		if v.DType, err = storedAs(sp.Dtype); err != nil {
			return err
		}
		copy(v.Shape, sp.Shape)
		f.plain = v.Name
		if sp.Rank() == 4 && ex.cfg.DataFormat == ops.ChannelsFirst {
			*f = form{first: v.Name}
			v.Shape = permuted(v.Shape, toFirst)
		}
		for a, d := range v.Shape {
			switch {
			case d >= 0:
			case i == 0 && a == 0:
				v.Names[a] = "batch"
			default:
				v.Names[a] = v.Name + "_" + decimal(int64(a))
			}
		}
		ex.forms[n] = f
		ex.model.Graph.Inputs = append(ex.model.Graph.Inputs, v)
	}
	return nil
}

// declareOutputs lists the outputs under the names of their nodes.
func (ex *exporter) declareOutputs(outputs gorgonia.Nodes) error {
	values := make([]string, len(outputs))
	for i, n := range outputs {
		sp := graph.SpecOf(n)
		v := Value{Name: ex.g.NameOf(n), Shape: append([]int{}, sp.Shape...)}
		if sp.Rank() == 4 && ex.cfg.DataFormat == ops.ChannelsFirst {
			values[i], v.Shape = ex.first(n), permuted(v.Shape, toFirst)
		} else {
			values[i] = ex.plain(n)
		}
		var err error
		if v.DType, err = storedAs(sp.Dtype); err == nil {
			err = ex.err
		}
		if err != nil {
			return errors.Wrapf(err, "the output %s", v.Name)
		}
		ex.model.Graph.Outputs = append(ex.model.Graph.Outputs, v)
	}
	// Only now is it known which values have the names of outputs, and which values are several of them.
	m := ex.model.Graph
	rename := func(from, to string) {
		m.rename(from, to)
		for i := range values {
			if values[i] == from {
				values[i] = to
			}
		}
	}
	for i, out := range m.Outputs {
		if values[i] == out.Name && m.computes(out.Name) {
			continue
		}
		if free := ex.unique(out.Name); free != out.Name { // another value has the name, and gives it up
			rename(out.Name, free)
		}
		if m.computes(values[i]) && !slices.ContainsFunc(m.Outputs[:i], func(v Value) bool { return v.Name == values[i] }) {
			rename(values[i], out.Name)
			continue
		}
		m.Nodes = append(m.Nodes, Node{Name: out.Name, Op: "Identity", Inputs: []string{values[i]}, Outputs: []string{out.Name}})
	}
	return nil
}

// computes tells whether a node computes the value of that name.
func (g *Graph) computes(name string) bool {
	return slices.ContainsFunc(g.Nodes, func(n Node) bool { return slices.Contains(n.Outputs, name) })
}

// rename gives a value another name.
func (g *Graph) rename(from, to string) {
	for i := range g.Nodes {
		for _, names := range [][]string{g.Nodes[i].Inputs, g.Nodes[i].Outputs} {
			for k := range names {
				if names[k] == from {
					names[k] = to
				}
			}
		}
	}
	for i := range g.Initializers {
		if g.Initializers[i].Name == from {
			g.Initializers[i].Name = to
		}
	}
	for i := range g.Inputs {
		if g.Inputs[i].Name == from {
			g.Inputs[i].Name = to
		}
	}
}

// prune leaves out nodes and initializers that the outputs do not need.
func (g *Graph) prune() {
	needed := map[string]bool{}
	for _, out := range g.Outputs {
		needed[out.Name] = true
	}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		if slices.ContainsFunc(g.Nodes[i].Outputs, func(name string) bool { return needed[name] }) {
			for _, in := range g.Nodes[i].Inputs {
				needed[in] = true
			}
		}
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n Node) bool {
		return !slices.ContainsFunc(n.Outputs, func(name string) bool { return needed[name] })
	})
	kept := g.Initializers[:0]
	for _, t := range g.Initializers {
		if needed[t.Name] {
			kept = append(kept, t)
		}
	}
	g.Initializers = kept
}

// unique makes a name of the graph's one that nothing in the model has.
func (ex *exporter) unique(name string) string {
	name = strings.TrimSuffix(name, "/")
	if name == "" {
		name = "value"
	}
	for k, candidate := 1, name; ; k++ {
		if !ex.taken[candidate] {
			ex.taken[candidate] = true
			return candidate
		}
		candidate = name + "_" + decimal(int64(k))
	}
}
