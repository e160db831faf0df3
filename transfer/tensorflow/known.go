package tensorflow

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// maxKnown bounds the elements of values that are computed while the graph is built.
const maxKnown = 1 << 20

// known returns the value of input i where it does not depend on what is fed or learned.
func (im *importer) known(c *call, i int) (*tensor.Dense, error) {
	v := c.value(i)
	if v.tensor != nil {
		t := stored(c.name, v.tensor)
		if n, err := t.Elements(); err != nil || n > maxKnown {
			return nil, errors.Errorf("input %d has the shape %v; want at most %d elements", i, t.Shape, maxKnown)
		}
		return t.Read()
	}
	x, err := v.gorgonia()
	if err != nil {
		return nil, errors.Wrapf(err, "input %d", i)
	}
	g := im.scope.Graph()
	if elements := 0; !constantNode(g, x, map[*gorgonia.Node]bool{}, &elements) {
		return nil, errors.Errorf("input %d is computed; want a constant", i)
	} else if elements > maxKnown {
		return nil, errors.Errorf("input %d takes %d elements to compute; want at most %d", i, elements, maxKnown)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	out, err := sess.Run(nil, x)
	if err != nil {
		return nil, err
	}
	return out.Tensor(0), nil
}

// constantNode tells whether a node depends on constants only, and adds up the elements of all of them.
func constantNode(g *graph.Graph, n *gorgonia.Node, seen map[*gorgonia.Node]bool, elements *int) bool {
	if seen[n] || *elements > maxKnown {
		return true
	}
	seen[n] = true
	d := g.Describe(n)
	size := 1
	for _, s := range d.Spec.Shape {
		size = min(size*max(0, s), maxKnown+1)
	}
	*elements += size
	inputs := d.Inputs
	switch d.Kind {
	case graph.ConstNode:
		return true
	case graph.ExtraOutputNode:
		inputs = gorgonia.Nodes{d.Producer}
	case graph.OpNode:
		if def, ok := g.OpOf(n); !ok || def.Draws {
			return false
		}
	default:
		return false
	}
	for _, in := range inputs {
		if !constantNode(g, in, seen, elements) {
			return false
		}
	}
	return true
}
