package onnx

import (
	"maps"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// branch builds the side of an If that is taken, whose condition must be known: exporters leave such in where a size decides.
func branch(c *call) ([]*value, error) {
	condition, err := c.known(0)
	if err != nil {
		return nil, err
	}
	if condition.Dtype() != tensor.Bool || condition.Shape().TotalSize() != 1 {
		return nil, errors.Errorf("the condition is %v%v; want one bool", condition.Dtype(), condition.Shape())
	}
	side := "else_branch"
	if (graph.Values{condition}).Bools(0)[0] {
		side = "then_branch"
	}
	g := c.Attributes[side].Graph
	if g == nil {
		return nil, errors.Errorf("it has no %s", side)
	}
	needed := g.needs(nil, nil)
	if err := needed.supported(); err != nil {
		return nil, err
	}
	inner := *c.im // which sees the values outside
	inner.scope, inner.values, inner.scopes = c.s, maps.Clone(c.im.values), map[string]bool{}
	for i := range g.Initializers {
		inner.values[g.Initializers[i].Name] = &value{tensor: &g.Initializers[i]}
	}
	for _, i := range needed.nodes {
		if err := inner.build(i, g.Nodes[i]); err != nil {
			return nil, errors.Wrapf(err, "%s: node %q, %s", side, g.Nodes[i].Name, g.Nodes[i].Op)
		}
	}
	c.im.variables = inner.variables
	var out []*value
	for _, name := range needed.outputs {
		v := inner.values[name]
		if v == nil {
			return nil, errors.Errorf("%s: there is no value %q", side, name)
		}
		copied := *v
		out = append(out, &copied)
	}
	return out, nil
}
