package tensorflow

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

// step is one of the ops that a node is made of.
type step func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node

// chain applies steps one after the other; the last has the node's name.
func (c *call) chain(x *gorgonia.Node, steps ...step) []*value {
	if len(steps) == 0 {
		return one(graph.Identity(c.s, x))
	}
	for i, f := range steps {
		s := c.parts
		if i == len(steps)-1 {
			s = c.s
		}
		x = f(s, x)
	}
	return one(x)
}

func reshapeOf(c *call) []*value { return one(reshape(c.s, c.parts, c.x(0), c.sizes(1))) }

func broadcastTo(c *call) []*value { return one(broadcast(c.s, c.parts, c.x(0), c.sizes(1))) }

// fillValue repeats a scalar.
func fillValue(c *call) []*value {
	z := c.sizes(0)
	if to, ok := z.known(); ok {
		return one(ops.Fill(c.s, c.x(1), to...))
	}
	return one(broadcast(c.s, c.parts, c.x(1), z))
}

func zerosLike(c *call) []*value { return one(graph.ZerosLike(c.s, c.x(0))) }
func onesLike(c *call) []*value  { return one(graph.OnesLike(c.s, c.x(0))) }

func shapeOf(c *call) []*value {
	x := c.x(0)
	z := &sizes{dtype: c.dtype("out_type", tffile.Int32)}
	for a := range graph.SpecOf(x).Shape {
		z.of = append(z.of, axisOf(x, a))
	}
	return []*value{{sizes: z}}
}

func shapeN(c *call) []*value {
	var out []*value
	for i := range c.in {
		z := &sizes{dtype: c.dtype("out_type", tffile.Int32)}
		for a := range c.spec(i).Shape {
			z.of = append(z.of, axisOf(c.x(i), a))
		}
		out = append(out, &value{sizes: z})
	}
	return out
}

func rank(c *call) []*value {
	return []*value{{sizes: &sizes{of: []size{fixed(c.rank(0))}, scalar: true, dtype: tensor.Int32}}}
}

func sizeOfAll(c *call) []*value {
	n := fixed(1)
	for a := range c.spec(0).Shape {
		n, _ = combine(times, n, axisOf(c.x(0), a))
	}
	return []*value{{sizes: &sizes{of: []size{n}, scalar: true, dtype: c.dtype("out_type", tffile.Int32)}}}
}

func expandDims(c *call) []*value {
	return one(ops.ExpandDims(c.s, c.x(0), c.axis(c.integer(1), c.rank(0)+1)))
}

func squeeze(c *call) []*value {
	axes := append(c.list("squeeze_dims"), c.list("axis")...)
	if len(axes) == 0 {
		for a, n := range c.spec(0).Shape {
			switch n {
			case 1:
				axes = append(axes, a)
			case graph.Unknown:
				c.fail("which axes have size 1 depends on sizes that are not known before a Run; want squeeze_dims")
			}
		}
		if len(axes) == 0 {
			return c.chain(c.x(0))
		}
	}
	for i, a := range axes {
		axes[i] = c.axis(a, c.rank(0))
	}
	return one(ops.Squeeze(c.s, c.x(0), axes...))
}

func transpose(c *call) []*value { return one(ops.Transpose(c.s, c.x(0), c.axes(1, c.rank(0))...)) }

func reverse(c *call) []*value {
	axes := c.axes(1, c.rank(0))
	if len(axes) == 0 {
		return c.chain(c.x(0))
	}
	return one(ops.Reverse(c.s, c.x(0), axes...))
}

func concat(c *call) []*value {
	return c.joined(c.xs(1, len(c.in)), c.integer(0))
}

func concatV2(c *call) []*value {
	return c.joined(c.xs(0, len(c.in)-1), c.integer(len(c.in)-1))
}

func (c *call) joined(xs gorgonia.Nodes, axis int) []*value {
	if len(xs) == 0 {
		c.fail("it joins nothing")
	}
	return one(ops.Concat(c.s, c.axis(axis, graph.SpecOf(xs[0]).Rank()), xs...))
}

func pack(c *call) []*value {
	xs := c.xs(0, len(c.in))
	if len(xs) == 0 {
		c.fail("it joins nothing")
	}
	return one(ops.Stack(c.s, c.axis(c.int("axis", 0), graph.SpecOf(xs[0]).Rank()+1), xs...))
}

func unpack(c *call) []*value {
	axis := c.axis(c.int("axis", 0), c.rank(0))
	if n := c.spec(0).Shape[axis]; n > maxParts {
		c.fail("it takes %d parts; want at most %d", n, maxParts)
	}
	return several(ops.Unstack(c.s, c.x(0), axis)...)
}

// maxParts bounds the outputs of a node, which are nodes of their own.
const maxParts = 1 << 16

func split(c *call) []*value {
	n := c.int("num_split", 0)
	if n < 1 || n > maxParts {
		c.fail("num_split is %d; want 1 to %d", n, maxParts)
	}
	return several(ops.Split(c.s, c.x(1), n, c.axis(c.integer(0), c.rank(1)))...)
}

func splitV(c *call) []*value {
	return several(ops.SplitSizes(c.s, c.x(0), c.ints(1), c.axis(c.integer(2), c.rank(0)))...)
}

func tile(c *call) []*value {
	z, x := c.sizes(1), c.x(0)
	shape := graph.SpecOf(x).Shape
	if len(z.of) != len(shape) {
		c.fail("it has %d multiples for %d axes", len(z.of), len(shape))
	}
	reps, to, dynamic := make([]int, len(shape)), make([]size, len(shape)), false
	for a, n := range z.of {
		reps[a] = n.known
		if n.from != nil {
			if shape[a] != 1 {
				c.fail("how often it repeats axis %d depends on sizes that are not known before a Run; that is supported for axes of size 1", a)
			}
			reps[a], to[a], dynamic = 1, n, true
		}
	}
	if !dynamic {
		return one(ops.Tile(c.s, x, reps...))
	}
	x = ops.Tile(c.parts, x, reps...)
	for a, n := range z.of {
		if n.from == nil {
			to[a] = axisOf(x, a)
		}
	}
	return one(broadcast(c.s, c.parts, x, &sizes{of: to}))
}

// rangeOf counts; a limit that depends on sizes must be that of a range from a known start in steps of 1.
func rangeOf(c *call) []*value {
	x, err := c.value(0).gorgonia()
	c.check(err)
	dt := graph.SpecOf(x).Dtype
	if limit, ok := c.value(1).integers(); ok && len(limit.of) == 1 && limit.of[0].from != nil {
		start, step := c.integer(0), c.integer(2)
		if step != 1 {
			c.fail("its step is %d and its limit depends on sizes that are not known before a Run; want a step of 1", step)
		}
		n, _ := combine(func(a, b int) int { return max(0, a-b) }, limit.of[0], fixed(start))
		y := ops.RangeLike(c.parts, dt, shaped(c.parts, tensor.Bool, &sizes{of: []size{n}}), 0)
		return one(ops.Add(c.s, y, graph.ConstOf(c.parts, dt, start)))
	}
	start, limit, step := c.number(0), c.number(1), c.number(2)
	if step == 0 || (limit-start)/step > 1<<31 {
		c.fail("it counts from %v to %v in steps of %v", start, limit, step)
	}
	return one(ops.Range(c.s, dt, start, limit, step))
}

func gather(c *call) []*value {
	if n := c.int("batch_dims", 0); n != 0 {
		c.fail("batch_dims is %d; want 0", n)
	}
	axis := 0
	if c.op == "GatherV2" {
		axis = c.axis(c.integer(2), c.rank(0))
	}
	return one(ops.Gather(c.s, c.x(0), c.x(1), axis))
}

func gatherND(c *call) []*value { return one(ops.GatherND(c.s, c.x(0), c.x(1))) }

// oneHot compares, because an index that is out of range is no error here, as it is of ops.OneHot: none of its values are on.
func oneHot(c *call) []*value {
	axis := c.axis(c.int("axis", -1), c.rank(0)+1)
	depth := c.integer(1)
	if depth < 0 || depth > maxDepth {
		c.fail("the depth is %d; want 0 to %d", depth, maxDepth)
	}
	classes := make([]int64, depth)
	for i := range classes {
		classes[i] = int64(i)
	}
	shape := make([]int, c.rank(0)+1)
	for i := range shape {
		shape[i] = 1
	}
	shape[axis] = depth
	index := ops.ExpandDims(c.parts, ops.Cast(c.parts, c.x(0), tensor.Int64), axis)
	on := ops.Equal(c.parts, index, graph.Const(c.parts, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(classes))))
	return one(ops.Where(c.s, on, c.x(2), c.x(3)))
}

// maxDepth bounds the constant that oneHot makes: a number in a short file should not take much memory.
const maxDepth = 1 << 20

// paddings returns input 1, two numbers for each axis.
func (c *call) paddings(i int) [][2]int {
	x, err := c.im.known(c, i)
	c.check(err)
	n, ok := numbers(x)
	if !ok || x.Dims() != 2 || x.Shape()[1] != 2 {
		c.fail("input %d is %v of shape %v; want two integers for each axis", i, x.Dtype(), x.Shape())
	}
	out := make([][2]int, len(n)/2)
	for a := range out {
		out[a] = [2]int{n[2*a], n[2*a+1]}
	}
	return out
}

// numbers are the elements of a tensor of integers.
func numbers(x *tensor.Dense) ([]int, bool) {
	var out []int
	switch v := x.Data().(type) {
	case []int32:
		for _, n := range v {
			out = append(out, int(n))
		}
	case []int64:
		for _, n := range v {
			out = append(out, int(n))
		}
	default:
		return nil, false
	}
	return out, true
}

func pad(c *call) []*value {
	v := 0.0
	if c.op == "PadV2" {
		v = c.number(2)
	}
	return one(ops.Pad(c.s, c.x(0), c.paddings(1), v))
}

func mirrorPad(c *call) []*value {
	f := ops.PadReflect
	if c.text("mode", "") == "SYMMETRIC" {
		f = ops.PadSymmetric
	}
	return one(f(c.s, c.x(0), c.paddings(1)))
}
