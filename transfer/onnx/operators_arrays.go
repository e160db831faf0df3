package onnx

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// expand broadcasts to a shape, of which sizes of 1 keep the input's.
func expand(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	to := c.sizes(1)
	if to == nil || to.scalar {
		sizes, err := c.integers(1)
		if err != nil {
			return nil, err
		}
		return nil, errors.Errorf("it expands to %v; want a list of sizes", sizes)
	}
	rank := c.rank(0)
	list := to.list
	for len(list) < rank {
		list = append([]size{sizeIs(1)}, list...)
	}
	list = slices.Clone(list)
	static := make([]int, len(list))
	known := true
	for i := range list {
		if own := i - (len(list) - rank); own >= 0 {
			list[i] = sizeOf(func(v []float64) float64 {
				if v[1] <= 1 && v[0] != 1 {
					return v[0]
				}
				return math.Max(v[1], 1)
			}, sizeAt(x, own), list[i])
		}
		v, ok := list[i].known()
		static[i], known = int(v), known && ok
	}
	if known {
		return one(ops.BroadcastTo(c.s, x, static...)), nil
	}
	return one(ops.BroadcastLike(c.s, x, c.ofShape(list))), nil
}

// constantOfShape fills a shape with one value, 0 in float32 by default.
func constantOfShape(c *call) ([]*value, error) {
	to := c.unknown(0)
	var sizes []int
	if to == nil {
		var err error
		if sizes, err = c.integers(0); err != nil {
			return nil, err
		}
	}
	fill := graph.Const(c.s, float32(0))
	if a := c.Attributes["value"]; a.Tensor != nil {
		x, err := a.Tensor.Read()
		if err != nil {
			return nil, err
		}
		if x.Shape().TotalSize() != 1 {
			return nil, errors.Errorf("its value has the shape %v; want one element", x.Shape())
		}
		fill = ops.Reshape(c.s, graph.Const(c.s, x))
	}
	if to != nil {
		return one(ops.BroadcastLike(c.s, fill, c.ofShape(to.list))), nil
	}
	return one(ops.BroadcastTo(c.s, fill, sizes...)), nil
}

func tile(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	reps, err := c.integers(1)
	if err != nil {
		return nil, err
	}
	return one(ops.Tile(c.s, x, reps...)), nil
}

func elementCount(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	return one(ops.Cast(c.s, ops.Size(c.s, x), tensor.Int64)), nil
}

// arg is the place of the greatest or least element.
func arg(f func(s *graph.Scope, x *gorgonia.Node, axis int) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) {
		x, err := c.x(0)
		if err != nil {
			return nil, err
		}
		at, err := axis(c.int("axis", 0), c.rank(0))
		if err != nil {
			return nil, err
		}
		last := c.int("select_last_index", 0) != 0
		if last {
			x = ops.Reverse(c.s, x, at)
		}
		y := f(c.s, x, at)
		if last {
			n := c.shape(0)[at]
			if n < 0 {
				return nil, errors.New("the last of several is asked for along an axis whose size is not known")
			}
			y = ops.Sub(c.s, graph.Const(c.s, int64(n-1)), y)
		}
		if c.int("keepdims", 1) != 0 {
			y = ops.ExpandDims(c.s, y, at)
		}
		return one(y), nil
	}
}

func topK(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	k := []int{c.int("k", 0)}
	if c.has(1) {
		if k, err = c.integers(1); err != nil {
			return nil, err
		}
	}
	at, err := c.axisOf(-1)
	if err != nil {
		return nil, err
	}
	if len(k) != 1 {
		return nil, errors.Errorf("k has %d elements; want 1", len(k))
	}
	turn := make([]int, c.rank(0)) // the axis and the last one
	for i := range turn {
		turn[i] = i
	}
	turn[at], turn[len(turn)-1] = len(turn)-1, at
	x = ops.Transpose(c.s, x, turn...)
	smallest := c.int("largest", 1) == 0
	if smallest {
		x = ops.Neg(c.s, x)
	}
	values, indices := ops.TopK(c.s, x, k[0])
	if smallest {
		values = ops.Neg(c.s, values)
	}
	values, indices = ops.Transpose(c.s, values, turn...), ops.Transpose(c.s, indices, turn...)
	return []*value{{node: values}, {node: ops.Cast(c.s, indices, tensor.Int64)}}, nil
}

// oneHot has the depth, and the values off and on, as inputs.
func oneHot(c *call) ([]*value, error) {
	labels, err := c.x(0)
	if err != nil {
		return nil, err
	}
	depth, err := c.integers(1)
	if err != nil {
		return nil, err
	}
	values, err := c.numbers(2)
	if err != nil {
		return nil, err
	}
	if len(depth) != 1 || len(values) != 2 {
		return nil, errors.Errorf("%d depths and %d values; want 1 and 2", len(depth), len(values))
	}
	at, err := axis(c.int("axis", -1), c.rank(0)+1)
	if err != nil {
		return nil, err
	}
	both, err := c.x(2)
	if err != nil {
		return nil, err
	}
	dt := graph.SpecOf(both).Dtype
	// Labels may be negative, counting from the end, and floats.
	i := ops.Cast(c.s, labels, tensor.Int64)
	i = ops.Where(c.s, ops.Less(c.s, i, graph.Const(c.s, int64(0))), ops.Add(c.s, i, graph.Const(c.s, int64(depth[0]))), i)
	return one(ops.Cast(c.s, ops.OneHotOn(c.s, i, depth[0], at, values[1], values[0]), dt)), nil
}

func rangeOf(c *call) ([]*value, error) {
	var v [3]float64
	if limit := c.unknown(1); limit != nil {
		return c.rangeTo(limit)
	}
	for i := range v {
		n, err := c.numbers(i)
		if err != nil {
			return nil, err
		}
		if len(n) != 1 {
			return nil, errors.Errorf("input %d has %d elements; want 1", i, len(n))
		}
		v[i] = n[0]
	}
	start, err := c.x(0)
	if err != nil {
		return nil, err
	}
	return one(ops.Range(c.s, graph.SpecOf(start).Dtype, v[0], v[1], v[2])), nil
}

// rangeTo counts from 0 in steps of 1 to what follows from sizes: positions in a sequence.
func (c *call) rangeTo(limit *sizes) ([]*value, error) {
	for i, want := range map[int]float64{0: 0, 2: 1} {
		if v, err := c.numbers(i); err != nil || len(v) != 1 || v[0] != want {
			return nil, errors.Errorf("input %d is %v, %v; want %v where the limit is computed", i, v, err, want)
		}
	}
	start, err := c.x(0)
	if err != nil {
		return nil, err
	}
	return one(ops.RangeLike(c.s, graph.SpecOf(start).Dtype, c.ofShape(limit.list), 0)), nil
}

func cumSum(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	v, err := c.integers(1)
	if err != nil || len(v) != 1 {
		return nil, errors.Errorf("its axis has %d elements: %v", len(v), err)
	}
	at, err := axis(v[0], c.rank(0))
	if err != nil {
		return nil, err
	}
	return one(ops.Cumsum(c.s, x, at, ops.CumulativeConfig{Exclusive: c.int("exclusive", 0) != 0, Reverse: c.int("reverse", 0) != 0})), nil
}

func trilu(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	k := []int{0}
	if c.has(1) {
		if k, err = c.integers(1); err != nil {
			return nil, err
		}
	}
	if len(k) != 1 {
		return nil, errors.Errorf("k has %d elements; want 1", len(k))
	}
	shape := c.shape(0)
	if len(shape) < 2 {
		return nil, errors.Errorf("x is %v; want matrices", shape)
	}
	upper := c.int("upper", 1) != 0
	switch n := k[0]; {
	case upper && n <= 0:
		return one(ops.BandPart(c.s, x, -n, -1)), nil
	case upper: // all but the band below
		return one(ops.Sub(c.s, x, ops.BandPart(c.s, x, -1, n-1))), nil
	case n >= 0:
		return one(ops.BandPart(c.s, x, -1, n)), nil
	default:
		return one(ops.Sub(c.s, x, ops.BandPart(c.s, x, -n-1, -1))), nil
	}
}

func einsum(c *call) ([]*value, error) {
	var xs gorgonia.Nodes
	for i := range c.in {
		x, err := c.x(i)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
	}
	return one(ops.Einsum(c.s, c.text("equation", ""), xs...)), nil
}
