package tensorflow

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
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
	elements := 0
	out, err := network.Known(im.scope.Graph(), x, func(_ *gorgonia.Node, d graph.Description) error {
		size := 1
		for _, s := range d.Spec.Shape {
			size = min(size*max(0, s), maxKnown+1)
		}
		if elements += size; elements > maxKnown {
			return errors.Errorf("it takes %d elements to compute; want at most %d", elements, maxKnown)
		}
		return nil
	})
	if errors.Is(err, network.ErrComputed) {
		return nil, errors.Errorf("input %d is computed; want a constant", i)
	}
	return out, errors.Wrapf(err, "input %d", i)
}
