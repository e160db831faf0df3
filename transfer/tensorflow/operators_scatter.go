package tensorflow

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// scatterND adds updates to zeros of a shape that must be known.
func scatterND(c *call) []*value { return one(ops.ScatterND(c.s, c.x(0), c.x(1), c.ints(2)...)) }

// scattering puts updates into a tensor, or adds them to it.
func scattering(f func(s *graph.Scope, base, indices, updates *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) []*value { return one(f(c.s, c.x(0), c.x(1), c.x(2))) }
}

// bandPart leaves so many diagonals.
func bandPart(c *call) []*value { return one(ops.BandPart(c.s, c.x(0), c.integer(1), c.integer(2))) }

func segmentSum(c *call) []*value { return one(ops.SegmentSum(c.s, c.x(0), c.x(1), c.integer(2))) }

// scatterAdd adds updates to rows of a variable.
func scatterAdd(c *call) []*value {
	v := c.x(0)
	if !c.im.scope.Graph().IsVariable(v) {
		c.fail("its first input is not a variable")
	}
	return one(ops.AssignScatterAdd(c.s, v, c.x(1), c.x(2)))
}
