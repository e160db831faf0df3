package onnx

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/weights"
)

// flatten makes a matrix of the axes before and behind one.
func flatten(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	shape := c.shape(0)
	at := c.int("axis", 1)
	if at < 0 {
		at += len(shape)
	}
	if at < 0 || at > len(shape) {
		return nil, errors.Errorf("axis %d of %d", at, len(shape))
	}
	rows, columns := product(shape[:at]), product(shape[at:])
	if rows < 0 && columns < 0 {
		return nil, errors.Errorf("the shape %v leaves both sizes of the matrix open", shape)
	}
	return one(ops.Reshape(c.s, x, rows, columns)), nil
}

// product multiplies sizes; -1 where one is not known.
func product(sizes []int) int {
	n := 1
	for _, d := range sizes {
		if d < 0 {
			return -1
		}
		n *= d
	}
	return n
}

func transpose(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	perm := c.list("perm")
	if perm == nil {
		for a := c.rank(0) - 1; a >= 0; a-- {
			perm = append(perm, a)
		}
	}
	return one(ops.Transpose(c.s, x, perm...)), nil
}

// concat joins images along their channels without turning them.
func concat(c *call) ([]*value, error) {
	if !c.has(0) {
		return nil, errors.New("it has no inputs")
	}
	at, err := axis(c.int("axis", 1), c.rank(0))
	if err != nil {
		return nil, err
	}
	images := true
	for i := range c.in {
		images = images && c.has(i) && c.in[i].last != nil
	}
	var xs gorgonia.Nodes
	for i := range c.in {
		get := c.x
		if images {
			get = c.image
		}
		x, err := get(i)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
	}
	if images {
		return lastOne(ops.Concat(c.s, [4]int{0, 3, 1, 2}[at], xs...)), nil
	}
	return one(ops.Concat(c.s, at, xs...)), nil
}

func split(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	at, err := axis(c.int("axis", 0), c.rank(0))
	if err != nil {
		return nil, err
	}
	sizes := c.list("split")
	if c.has(1) {
		if sizes, err = c.integers(1); err != nil {
			return nil, err
		}
	}
	var parts gorgonia.Nodes
	if n, whole := c.int("num_outputs", 0), c.shape(0)[at]; n > 0 && whole >= 0 && whole%n != 0 { // the last one is smaller
		for range n - 1 {
			sizes = append(sizes, (whole+n-1)/n)
		}
		sizes = append(sizes, whole-(n-1)*((whole+n-1)/n))
	}
	if sizes != nil {
		parts = ops.SplitSizes(c.s, x, sizes, at)
	} else {
		parts = ops.Split(c.s, x, len(c.Outputs), at)
	}
	out := make([]*value, len(parts))
	for i, p := range parts {
		out[i] = &value{node: p}
	}
	return out, nil
}

// axes returns the axes that an operator works on: an attribute, or since opset 13 an input.
func (c *call) axes(input int) ([]int, error) {
	if c.has(input) {
		return c.integers(input)
	}
	return c.list("axes"), nil
}

func squeeze(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	axes, err := c.axes(1)
	if err != nil {
		return nil, err
	}
	return one(ops.Squeeze(c.s, x, axes...)), nil
}

func unsqueeze(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	axes, err := c.axes(1)
	if err != nil {
		return nil, err
	}
	rank := c.rank(0) + len(axes)
	for i, a := range axes {
		if axes[i], err = axis(a, rank); err != nil {
			return nil, err
		}
	}
	slices.Sort(axes)
	for _, a := range axes {
		x = ops.ExpandDims(c.s, x, a)
	}
	return one(x), nil
}

// shape is a stored value where all sizes are known.
func shapeOf(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	shape := c.shape(0)
	from, to := c.shapeRange()
	if !slices.ContainsFunc(shape[from:to], func(d int) bool { return d < 0 }) {
		return stored(shape[from:to], to-from), nil
	}
	return one(ops.Slice(c.s, ops.Cast(c.s, ops.Shape(c.s, x), tensor.Int64), []int{from}, []int{to - from})), nil
}

// shapeRange says which of its input's sizes Shape takes.
func (c *call) shapeRange() (from, to int) {
	rank := c.rank(0)
	within := func(i int) int {
		if i < 0 {
			i += rank
		}
		return min(max(i, 0), rank)
	}
	from, to = within(c.int("start", 0)), within(c.int("end", rank))
	return from, max(from, to)
}

// stored makes a stored value of integers.
func stored(v []int, shape ...int) []*value {
	var b []byte
	for _, d := range v {
		b = binary.LittleEndian.AppendUint64(b, uint64(int64(d)))
	}
	return []*value{{tensor: &weights.Tensor{DType: weights.Int64, Shape: shape, Held: int64(len(b)), Open: weights.Section(bytes.NewReader(b), 0, int64(len(b)))}}}
}

// reduce takes axes, all by default, and keeps them unless told otherwise.
func reduce(keep, drop func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) {
		x, err := c.x(0)
		if err != nil {
			return nil, err
		}
		axes, err := c.axes(1)
		if err != nil {
			return nil, err
		}
		if len(axes) == 0 && c.int("noop_with_empty_axes", 0) != 0 {
			return one(x), nil
		}
		f := keep
		if c.int("keepdims", 1) == 0 {
			f = drop
		}
		return one(f(c.s, x, axes...)), nil
	}
}

// overAxis applies what works on the last axis to another. Before opset 13, all axes from the given one on are one.
func overAxis(f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) {
		x, err := c.x(0)
		if err != nil {
			return nil, err
		}
		rank := c.rank(0)
		otherwise := -1
		if c.opset < 13 {
			otherwise = 1
		}
		at, err := axis(c.int("axis", otherwise), rank)
		if err != nil {
			return nil, err
		}
		if c.opset < 13 {
			shape := c.shape(0)
			rows, columns := product(shape[:at]), product(shape[at:])
			if at == rank-1 {
				return one(f(c.s, x)), nil
			}
			return one(ops.ReshapeLike(c.s, f(c.s, ops.Reshape(c.s, x, rows, columns)), x)), nil
		}
		if at == rank-1 {
			return one(f(c.s, x)), nil
		}
		perm := make([]int, rank)
		for a := range perm {
			perm[a] = a
		}
		perm[at], perm[rank-1] = rank-1, at
		return one(ops.Transpose(c.s, f(c.s, ops.Transpose(c.s, x, perm...)), perm...)), nil
	}
}

// pad takes the widths before all axes, then those behind.
func pad(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	widths, value := c.list("pads"), c.float("value", 0)
	if c.has(1) {
		if widths, err = c.integers(1); err != nil {
			return nil, err
		}
	}
	if c.has(2) {
		v, err := c.numbers(2)
		if err != nil || len(v) != 1 {
			return nil, errors.Errorf("the value of padding has %d elements: %v", len(v), err)
		}
		value = v[0]
	}
	rank := c.rank(0)
	if len(widths) != 2*rank {
		return nil, errors.Errorf("pads are %v; want %d numbers", widths, 2*rank)
	}
	pairs := make([][2]int, rank)
	for a := range pairs {
		pairs[a] = [2]int{widths[a], widths[a+rank]}
	}
	switch mode := c.text("mode", "constant"); mode {
	case "constant":
		return one(ops.Pad(c.s, x, pairs, value)), nil
	case "reflect":
		return one(ops.PadReflect(c.s, x, pairs)), nil
	case "edge":
		return one(ops.PadEdge(c.s, x, pairs)), nil
	default:
		return nil, errors.Errorf("the mode %q", mode)
	}
}
