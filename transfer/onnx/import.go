package onnx

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Import builds the model's graph in scope s, or what of it the outputs need that cfg names. Initializers that are the kernels, biases,
// scales and shifts of layers become variables, trainable but for batch norm's statistics, whose initial values are read from the file: sess.Init gives
// them, and Network.Variables are they by the initializers' names; an initializer that several layers share becomes a variable for each. Other initializers become constants. Sizes that the model leaves open stay unknown.
//
// cfg.Inputs may name any value of the model: what computed it is not built then, unless another output needs it. cfg.Outputs may name
// any value too. With cfg.Training, batch normalisation and dropout are layers that follow it (ops.BatchNorm, whose updates are in
// graph.UpdateOps, and ops.Dropout); without it they infer, whatever the model says of training.
//
// Layers that see images work with the channels last inside; where they follow each other nothing is transposed between them.
//
// Operators that are not supported, with their counts, are one error; README.md lists those that are. Those that no output needs do not count.
func (m *Model) Import(s *graph.Scope, cfg network.Config) (*network.Network, error) {
	if err := m.check(cfg); err != nil {
		return nil, errors.Wrap(err, format)
	}
	needed := m.Graph.needs(cfg.Outputs, cfg.Inputs)
	if err := needed.supported(); err != nil {
		return nil, err
	}
	im := &importer{model: m, scope: s, cfg: cfg, values: map[string]*value{}, scopes: map[string]bool{}}
	inputs, err := im.inputs(needed)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	for _, i := range needed.nodes {
		node := m.Graph.Nodes[i]
		err := im.build(i, node)
		if err == nil {
			err = s.Graph().Err()
		}
		if err != nil {
			return nil, errors.Wrapf(err, "%s: node %q, %s", format, node.Name, node.Op)
		}
	}
	var outputs []network.Endpoint
	for _, name := range needed.outputs {
		x, err := im.node(name)
		if err != nil {
			return nil, errors.Wrap(err, format)
		}
		outputs = append(outputs, network.Endpoint{Name: name, Node: x})
	}
	net := network.New(inputs, outputs, func(name string) (*gorgonia.Node, error) {
		x, err := im.find(name)
		return x, errors.Wrap(err, format)
	})
	net.Variables = im.variables
	return net, nil
}

// check tells whether the model has what cfg names.
func (m *Model) check(cfg network.Config) error {
	values := m.Graph.names()
	inputs := map[string]bool{}
	for _, in := range m.Graph.Inputs {
		inputs[in.Name] = true
	}
	for name := range cfg.Constants {
		if !inputs[name] {
			return errors.Errorf("the model has no input %q", name)
		}
	}
	for name, x := range cfg.Inputs {
		if !values[name] {
			return errors.Errorf("the model has no input %q, nor an inner value of that name", name)
		}
		if x == nil {
			return errors.Errorf("the node for the input %q is nil; leave the name out for a placeholder", name)
		}
	}
	for _, name := range cfg.Outputs {
		if !values[name] {
			return errors.Errorf("the model has no value %q, which Outputs names", name)
		}
	}
	if t := cfg.Training; t != nil {
		if sp := graph.SpecOf(t); sp.Dtype != tensor.Bool || sp.Rank() != 0 {
			return errors.Errorf("Training is %v; want a scalar bool, or nil for never", sp)
		}
	}
	return nil
}

// importer builds a graph.
type importer struct {
	model  *Model
	scope  *graph.Scope
	cfg    network.Config
	values map[string]*value
	scopes map[string]bool // of nodes, by their names

	variables []network.Endpoint // by the names of initializers
}

// inputs makes values of the initializers and the inputs, and returns the nodes that the network takes its input from, in the model's order: first those of
// its inputs, then those of inner values.
func (im *importer) inputs(needed needed) ([]network.Endpoint, error) {
	var endpoints []network.Endpoint
	given := func(name string) bool {
		x := im.cfg.Inputs[name]
		if x == nil {
			return false
		}
		if im.values[name] == nil {
			im.values[name] = &value{node: x}
			endpoints = append(endpoints, network.Endpoint{Name: name, Node: x})
		}
		return true
	}
	g := im.model.Graph
	initial := map[string]bool{}
	for i := range g.Initializers {
		t := &g.Initializers[i]
		if initial[t.Name] = true; im.cfg.Inputs[t.Name] == nil {
			im.values[t.Name] = &value{tensor: t}
		}
	}
	for _, in := range g.Inputs {
		if given(in.Name) || initial[in.Name] || !needed.values[in.Name] {
			continue
		}
		if t, ok := im.cfg.Constants[in.Name]; ok {
			im.values[in.Name] = &value{tensor: &t}
			continue
		}
		dt, ok := in.DType.Working()
		if !ok || in.Shape == nil {
			return nil, errors.Errorf("the input %q is %v without a shape; want a tensor", in.Name, in.DType)
		}
		x := graph.Placeholder(im.scope, network.ValidName(in.Name), dt, in.Shape...)
		im.values[in.Name] = &value{node: x}
		endpoints = append(endpoints, network.Endpoint{Name: in.Name, Node: x})
	}
	for _, t := range g.Initializers {
		given(t.Name)
	}
	for _, node := range g.Nodes {
		for _, name := range node.Outputs {
			given(name)
		}
	}
	return endpoints, nil
}

// sub is a scope for a node, of which models may have several of one name.
func (im *importer) sub(i int, node Node) *graph.Scope {
	name := network.ValidName(node.Name)
	if node.Name == "" || im.scopes[name] {
		name = network.ValidName(fmt.Sprintf("%s_%d", node.Op, i))
	}
	for base, k := name, 1; im.scopes[name]; k++ {
		name = fmt.Sprintf("%s_%d", base, k)
	}
	im.scopes[name] = true
	return im.scope.Sub(name)
}

// build adds node i of the model.
func (im *importer) build(i int, node Node) error {
	c := &call{Node: node, im: im, s: im.sub(i, node), opset: im.model.Opsets[""]}
	for _, in := range node.Inputs {
		v := im.values[in]
		if v == nil && in != "" {
			return errors.Errorf("its input %q comes from nowhere", in)
		}
		c.in = append(c.in, v)
	}
	outs, err := operators[node.Op](c)
	if err != nil {
		return err
	}
	c.follow(outs)
	for k, out := range node.Outputs {
		if out == "" || im.cfg.Inputs[out] != nil {
			continue
		}
		if k >= len(outs) || outs[k] == nil {
			return errors.Errorf("its output %d, %q, is not supported", k, out)
		}
		if im.values[out] != nil {
			return errors.Errorf("its output %q has been computed before", out)
		}
		im.values[out] = outs[k]
	}
	return nil
}
