package onnx

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// exporter makes a model of a graph.
type exporter struct {
	g     *graph.Graph
	sess  *graph.Session
	cfg   ExportConfig
	model *Model

	isInput   map[*gorgonia.Node]bool
	fixed     graph.Feeds // placeholders that keep a value
	constant  map[*gorgonia.Node]bool
	takes     map[*gorgonia.Node]int // of a Merge that is decided: which input is its value
	variables map[*gorgonia.Node]*tensor.Dense

	forms       map[*gorgonia.Node]*form
	stored      map[string]string                 // the names of initializers by what they hold
	taken       map[string]bool                   // names
	extras      map[*gorgonia.Node]map[int]string // of the nodes that have them: where extra outputs stand
	uses        map[*gorgonia.Node]int            // how often a value is used
	unsupported map[string]int
	err         error // the first one that came while values were laid out
}

func newExporter(sess *graph.Session, cfg ExportConfig) *exporter {
	ex := &exporter{
		g: sess.Graph(), sess: sess, cfg: cfg,
		model: &Model{IRVersion: exportIR, Producer: "Plexaura", Opsets: map[string]int64{"": exportOpset}, Metadata: cfg.Metadata,
			Graph: &Graph{Name: "plexaura"}},
		isInput: map[*gorgonia.Node]bool{}, fixed: graph.Feeds{}, constant: map[*gorgonia.Node]bool{}, takes: map[*gorgonia.Node]int{},
		variables: map[*gorgonia.Node]*tensor.Dense{}, forms: map[*gorgonia.Node]*form{}, stored: map[string]string{}, taken: map[string]bool{},
		extras: map[*gorgonia.Node]map[int]string{}, uses: map[*gorgonia.Node]int{}, unsupported: map[string]int{},
	}
	for _, in := range cfg.Inputs {
		ex.isInput[in] = true
	}
	for in, value := range cfg.Constants {
		ex.fixed[in] = value
	}
	return ex
}

// order lists what must be exported for the outputs, each node behind those that it is computed from. It notes which nodes
// are constant, and decides branches.
func (ex *exporter) order(outputs gorgonia.Nodes) (gorgonia.Nodes, error) {
	var order gorgonia.Nodes
	done := map[*gorgonia.Node]bool{}
	stack := append(gorgonia.Nodes(nil), outputs...)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		if done[n] {
			stack = stack[:len(stack)-1]
			continue
		}
		waiting := len(stack)
		for _, in := range ex.needs(n) {
			if !done[in] {
				stack = append(stack, in)
			}
		}
		if len(stack) > waiting {
			continue
		}
		if ex.undecided(n) {
			if err := ex.decide(n); err != nil {
				return nil, err
			}
			continue // with the sides that are taken
		}
		if err := ex.classify(n); err != nil {
			return nil, err
		}
		done[n] = true
		order = append(order, n)
	}
	return order, nil
}

// needs are the nodes that n is computed from; those of a branch that is not taken are not among them.
func (ex *exporter) needs(n *gorgonia.Node) gorgonia.Nodes {
	d := ex.g.Describe(n)
	switch {
	case ex.isInput[n] || d.Kind == graph.VariableNode:
		return nil
	case d.Kind == graph.ExtraOutputNode:
		return gorgonia.Nodes{d.Producer}
	case d.Op != "Merge":
		return d.Inputs
	case ex.undecided(n):
		return d.Inputs[:1]
	case ex.takes[n] > 0:
		return gorgonia.Nodes{d.Inputs[0], d.Inputs[ex.takes[n]]}
	}
	return d.Inputs
}

// undecided tells whether n is a Merge of which it is not known yet which side it takes.
func (ex *exporter) undecided(n *gorgonia.Node) bool {
	_, decided := ex.takes[n]
	return !decided && !ex.isInput[n] && ex.g.Describe(n).Op == "Merge"
}

// decide finds which input a Merge takes; 0 stands for either.
func (ex *exporter) decide(n *gorgonia.Node) error {
	pred := ex.g.Describe(n).Inputs[0]
	ex.takes[n] = 0
	if !ex.constant[pred] {
		return nil
	}
	out, err := ex.sess.Run(ex.fixed, pred)
	if err != nil {
		return err
	}
	ex.takes[n] = 2
	if out.Bools(0)[0] {
		ex.takes[n] = 1
	}
	return nil
}

// classify notes whether n is constant, and what a placeholder is to the model. What n needs has been classified.
func (ex *exporter) classify(n *gorgonia.Node) error {
	d := ex.g.Describe(n)
	switch {
	case ex.isInput[n] || d.Kind == graph.VariableNode:
	case d.Kind == graph.BadNode:
		return errors.Errorf("%s could not be built", d.Name)
	case d.Kind == graph.ConstNode:
		ex.constant[n] = true
	case d.Kind == graph.PlaceholderNode:
		_, ex.constant[n] = ex.fixed[n]
		switch {
		case ex.constant[n] || d.HasDefault:
			ex.constant[n] = true
		case d.Spec.Rank() == 0 && d.Spec.Dtype == tensor.Bool:
			ex.fixed[n], ex.constant[n] = false, true
		case ex.cfg.Inputs != nil:
			return errors.Errorf("the outputs need the placeholder %s; want it among Inputs or Constants", d.Name)
		default:
			ex.isInput[n] = true
		}
	default:
		ex.constant[n] = true
		if def, ok := ex.g.OpOf(n); ok && (def.Draws || def.Acts || len(def.Assigns)+len(def.Updates)+len(def.Reads) > 0) {
			ex.constant[n] = false
		}
		for _, in := range ex.needs(n) {
			ex.constant[n] = ex.constant[n] && ex.constant[in]
		}
	}
	return nil
}

// readVariables takes the values of the variables, at one moment.
func (ex *exporter) readVariables(order gorgonia.Nodes) error {
	var variables gorgonia.Nodes
	for _, n := range order {
		if ex.g.Describe(n).Kind == graph.VariableNode && !ex.isInput[n] {
			variables = append(variables, n)
		}
	}
	values, err := ex.sess.Values(variables...)
	for i, v := range values {
		ex.variables[variables[i]] = v
	}
	return err
}

// known returns the value of a constant node.
func (ex *exporter) known(n *gorgonia.Node) (*tensor.Dense, error) {
	out, err := ex.sess.Run(ex.fixed, n)
	if err != nil {
		return nil, err
	}
	return out.Tensor(0), nil
}

// export adds the nodes that compute n; nothing for values that are stored.
func (ex *exporter) export(n *gorgonia.Node) error {
	d := ex.g.Describe(n)
	switch {
	case ex.isInput[n] || ex.constant[n] || d.Kind == graph.VariableNode:
		return nil
	case d.Kind == graph.ExtraOutputNode:
		name, ok := ex.extras[d.Producer][d.Output-1]
		if !ok && ex.exports(d.Producer) {
			ex.unsupported[ex.g.Describe(d.Producer).Op+", an extra output of it"]++
		}
		ex.forms[n] = &form{plain: name}
		return nil
	case !ex.exports(n):
		ex.unsupported[d.Op]++
		return nil
	}
	c := &exporting{exporter: ex, n: n, Description: d, from: len(ex.model.Graph.Nodes), own: map[string]bool{}}
	y := exporters[d.Op](c)
	if c.refused != "" {
		ex.unsupported[d.Op+", "+c.refused]++
		y = "refused"
	}
	if y != "" {
		c.result(y)
	}
	return errors.Wrapf(ex.err, "node %s, %s", d.Name, d.Op)
}

// exports tells whether the op of a node has an exporter.
func (ex *exporter) exports(n *gorgonia.Node) bool { return exporters[ex.g.Describe(n).Op] != nil }
