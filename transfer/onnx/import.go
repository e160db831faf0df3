package onnx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Import builds the model's graph in scope s. Initializers that are the kernels, biases, scales and shifts of layers become
// variables, trainable but for batch norm's statistics, whose initial values are read from the file: sess.Init gives
// them; an initializer that several layers share becomes a variable for each. Other initializers become constants. Sizes that the model leaves open stay unknown.
//
// Layers that see images work with the channels last inside; where they follow each other nothing is transposed between them.
//
// Operators that are not supported, with their counts, are one error; README.md lists those that are.
func (m *Model) Import(s *graph.Scope, cfg network.Config) (*network.Network, error) {
	if err := m.supported(); err != nil {
		return nil, err
	}
	im := &importer{model: m, scope: s, values: map[string]*value{}}
	var inputs, outputs []network.Endpoint
	for i := range m.Graph.Initializers {
		t := &m.Graph.Initializers[i]
		im.values[t.Name] = &value{tensor: t}
	}
	for _, in := range m.Graph.Inputs {
		if im.values[in.Name] != nil {
			continue // an initializer
		}
		if t, ok := cfg.Constants[in.Name]; ok {
			im.values[in.Name] = &value{tensor: &t}
			continue
		}
		x := cfg.Inputs[in.Name]
		if x == nil {
			dt, ok := in.DType.Working()
			if !ok || in.Shape == nil {
				return nil, errors.Errorf("%s: the input %q is %v without a shape; want a tensor", format, in.Name, in.DType)
			}
			x = graph.Placeholder(s, network.ValidName(in.Name), dt, in.Shape...)
		}
		im.values[in.Name] = &value{node: x}
		inputs = append(inputs, network.Endpoint{Name: in.Name, Node: x})
	}
	for name := range cfg.Constants {
		if !slices.ContainsFunc(m.Graph.Inputs, func(v Value) bool { return v.Name == name }) {
			return nil, errors.Errorf("%s: the model has no input %q", format, name)
		}
	}
	for name := range cfg.Inputs {
		if !slices.ContainsFunc(inputs, func(e network.Endpoint) bool { return e.Name == name }) {
			return nil, errors.Errorf("%s: the model has no input %q", format, name)
		}
	}
	for i, node := range m.Graph.Nodes {
		if err := im.build(i, node); err != nil {
			return nil, errors.Wrapf(err, "%s: node %q, %s", format, node.Name, node.Op)
		}
		if err := s.Graph().Err(); err != nil {
			return nil, errors.Wrapf(err, "%s: node %q, %s", format, node.Name, node.Op)
		}
	}
	for _, out := range m.Graph.Outputs {
		x, err := im.node(out.Name)
		if err != nil {
			return nil, errors.Wrap(err, format)
		}
		outputs = append(outputs, network.Endpoint{Name: out.Name, Node: x})
	}
	return network.New(inputs, outputs, func(name string) (*gorgonia.Node, error) {
		x, err := im.node(name)
		return x, errors.Wrap(err, format)
	}), nil
}

// supported returns an error that lists the operators which are not.
func (m *Model) supported() error {
	counts := map[string]int{}
	for _, n := range m.Graph.Nodes {
		if operators[n.Op] == nil || n.Domain != "" {
			counts[strings.TrimPrefix(n.Domain+"."+n.Op, ".")]++
		}
	}
	return network.Unsupported(format, counts)
}

// importer builds a graph.
type importer struct {
	model  *Model
	scope  *graph.Scope
	values map[string]*value
}

// value is a value of the model, in the forms that were asked for.
type value struct {
	node   *gorgonia.Node  // as ONNX lays it out
	last   *gorgonia.Node  // of images: with the channels last
	tensor *weights.Tensor // of an initializer or a constant
}

// build adds a node.
func (im *importer) build(i int, node Node) error {
	name := node.Name
	if name == "" {
		name = fmt.Sprintf("%s_%d", node.Op, i)
	}
	c := &call{Node: node, im: im, s: im.scope.Sub(network.ValidName(name)), opset: im.model.Opsets[""]}
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
	for k, out := range node.Outputs {
		if out == "" {
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

// node returns a value in ONNX's layout.
func (im *importer) node(name string) (*gorgonia.Node, error) {
	v := im.values[name]
	if v == nil {
		return nil, errors.Errorf("there is no value %q", name)
	}
	return im.first(v)
}

// first returns a value in ONNX's layout.
func (im *importer) first(v *value) (*gorgonia.Node, error) {
	if v.node == nil {
		if v.last != nil {
			v.node = ops.Transpose(im.scope, v.last, 0, 3, 1, 2)
			return v.node, nil
		}
		x, err := v.tensor.Read()
		if err != nil {
			return nil, err
		}
		v.node = graph.Const(im.scope, x)
	}
	return v.node, nil
}

// channelsLast returns an image with the channels last.
func (im *importer) channelsLast(v *value) (*gorgonia.Node, error) {
	if v.last == nil {
		x, err := im.first(v)
		if err != nil {
			return nil, err
		}
		v.last = ops.Transpose(im.scope, x, 0, 2, 3, 1)
	}
	return v.last, nil
}
