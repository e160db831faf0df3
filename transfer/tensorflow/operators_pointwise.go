package tensorflow

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

func unary(f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) []*value { return one(f(c.s, c.x(0))) }
}

// pairwise is an op of two inputs that broadcast.
func pairwise(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) []*value { return one(f(c.s, c.x(0), c.x(1))) }
}

func elu(c *call) []*value { return one(ops.ELU(c.s, c.x(0), c.float("alpha", 1))) }

func leakyReLU(c *call) []*value { return one(ops.LeakyReLU(c.s, c.x(0), c.float("alpha", 0.2))) }

// cast changes the dtype; of 16-bit floats and small integers there are none, so it is that which holds them.
func cast(c *call) []*value {
	x, dt := c.x(0), c.dtype("DstT", tffile.Invalid)
	if graph.SpecOf(x).Dtype == dt {
		return one(graph.Identity(c.s, x))
	}
	return one(ops.Cast(c.s, x, dt))
}

// division is Div or RealDiv. That of integers, which only Div has, rounds towards zero; tf.div and // are FloorDiv of these.
func division(c *call) []*value { return one(ops.Div(c.s, c.x(0), c.x(1))) }

// divNoNan is a/b, and 0 where b is 0.
func divNoNan(c *call) []*value {
	a, b := c.x(0), c.x(1)
	zero := graph.ConstOf(c.parts, graph.SpecOf(b).Dtype, 0)
	isZero := ops.Equal(c.parts, b, zero)
	quotient := ops.Div(c.parts, a, ops.Where(c.parts, isZero, graph.ConstOf(c.parts, graph.SpecOf(b).Dtype, 1), b))
	return one(ops.Where(c.s, isZero, zero, quotient))
}

// xdivy is x/y, and 0 where x is 0; xlogy is x*log(y) likewise.
func xdivy(c *call) []*value {
	return one(ops.MulNoNan(c.s, ops.Reciprocal(c.parts, c.x(1)), c.x(0)))
}

func xlogy(c *call) []*value { return one(ops.MulNoNan(c.s, ops.Log(c.parts, c.x(1)), c.x(0))) }

func addN(c *call) []*value {
	xs := c.xs(0, len(c.in))
	if len(xs) == 0 {
		c.fail("it has no inputs")
	}
	if len(xs) == 1 {
		return one(graph.Identity(c.s, xs[0]))
	}
	y := xs[0]
	for i, x := range xs[1:] {
		s := c.parts
		if i == len(xs)-2 {
			s = c.s
		}
		y = ops.Add(s, y, x)
	}
	return one(y)
}

// clipByValue is a maximum of a minimum, since its bounds may be computed.
func clipByValue(c *call) []*value {
	return one(ops.Maximum(c.s, ops.Minimum(c.parts, c.x(0), c.x(2)), c.x(1)))
}

// selectRows is Select, whose condition has the shape of the others, is a scalar, or a vector that chooses rows.
func selectRows(c *call) []*value {
	cond := c.x(0)
	if rank := c.rank(1); c.rank(0) == 1 && rank > 1 {
		for a := 1; a < rank; a++ {
			cond = ops.ExpandDims(c.parts, cond, a)
		}
	}
	return one(ops.Where(c.s, cond, c.x(1), c.x(2)))
}

func selectV2(c *call) []*value { return one(ops.Where(c.s, c.x(0), c.x(1), c.x(2))) }

func pReLU(c *call) []*value {
	x, slope := c.x(0), c.x(1)
	zero := graph.ConstOf(c.parts, graph.SpecOf(x).Dtype, 0)
	return one(ops.Add(c.s, ops.Maximum(c.parts, x, zero), ops.Mul(c.parts, slope, ops.Minimum(c.parts, x, zero))))
}

// castTo casts what has another dtype.
func castTo(s *graph.Scope, x *gorgonia.Node, dt tensor.Dtype) *gorgonia.Node {
	if graph.SpecOf(x).Dtype == dt {
		return x
	}
	return ops.Cast(s, x, dt)
}
