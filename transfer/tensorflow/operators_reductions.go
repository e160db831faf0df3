package tensorflow

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// reduction is an op along axes.
type reduction func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node

// reduce takes its axes from an input; without any it is the identity.
func reduce(keep, drop reduction) operator {
	return func(c *call) []*value {
		x, axes := c.x(0), c.axes(1, c.rank(0))
		switch {
		case len(axes) == 0:
			return one(graph.Identity(c.s, x))
		case c.keeps():
			return one(keep(c.s, x, axes...))
		default:
			return one(drop(c.s, x, axes...))
		}
	}
}

// keeps tells whether axes that are reduced stay, with size 1.
func (c *call) keeps() bool { return c.bool("keep_dims") || c.bool("keepdims") }

// euclideanNorm is the root of the sum of squares.
func euclideanNorm(c *call) []*value {
	x, axes := ops.Square(c.parts, c.x(0)), c.axes(1, c.rank(0))
	switch {
	case len(axes) == 0:
	case c.keeps():
		x = ops.SumKeep(c.parts, x, axes...)
	default:
		x = ops.Sum(c.parts, x, axes...)
	}
	return one(ops.Sqrt(c.s, x))
}

// cumulative adds or multiplies up along an axis.
func cumulative(f func(s *graph.Scope, x *gorgonia.Node, axis int, cfg ops.CumulativeConfig) *gorgonia.Node) operator {
	return func(c *call) []*value {
		axis := c.axis(c.integer(1), c.rank(0))
		return one(f(c.s, c.x(0), axis, ops.CumulativeConfig{Exclusive: c.bool("exclusive"), Reverse: c.bool("reverse")}))
	}
}
