package keras

import (
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// readPReLU is x where that is positive and alpha*x elsewhere; alpha has all axes but the batch, of which the shared ones have size 1.
func readPReLU(o *options) build {
	alpha, shared := o.weight("alpha", "alpha", "zeros"), o.integers("shared_axes")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		shape := slices.Clone(graph.SpecOf(x).Shape)
		for a := 1; a < len(shape); a++ {
			if slices.Contains(shared, a) {
				shape[a] = 1
			}
		}
		slopes, err := c.variable(alpha, shape[min(1, len(shape)):]...)
		if err != nil {
			return nil, err
		}
		return ops.Sub(c.s, ops.ReLU(c.s, x), ops.Mul(c.s, slopes, ops.ReLU(c.s, ops.Neg(c.s, x)))), nil
	})
}
