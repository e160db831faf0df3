package onnx

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/ops"
)

// sliceParts are starts, ends, axes and steps, attributes before opset 10; nil for what is left out.
func (c *call) sliceParts() (parts [4][]int, err error) {
	parts = [4][]int{c.list("starts"), c.list("ends"), c.list("axes")}
	for i := range parts {
		if c.has(i+1) && err == nil {
			parts[i], err = c.integers(i + 1)
		}
	}
	return parts, err
}

func slice(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	if c.unknown(1) != nil || c.unknown(2) != nil {
		return c.sliceTo(x)
	}
	parts, err := c.sliceParts()
	if err != nil {
		return nil, err
	}
	rank := c.rank(0)
	begin, end, steps := make([]int, rank), make([]int, rank), make([]int, rank)
	for a := range begin {
		begin[a], end[a], steps[a] = ops.Open, ops.Open, 1
	}
	for i := range parts[0] {
		at := i
		if parts[2] != nil {
			if i >= len(parts[2]) {
				return nil, errors.Errorf("%d starts for the axes %v", len(parts[0]), parts[2])
			}
			if at, err = axis(parts[2][i], rank); err != nil {
				return nil, err
			}
		}
		if i >= len(parts[1]) || at >= rank || parts[3] != nil && i >= len(parts[3]) {
			return nil, errors.Errorf("starts %v, ends %v, axes %v and steps %v of a tensor of %d axes", parts[0], parts[1], parts[2], parts[3], rank)
		}
		begin[at], end[at] = parts[0][i], parts[1][i]
		if parts[3] != nil {
			steps[at] = parts[3][i]
		}
		if steps[at] < 0 && end[at] <= math.MinInt32 { // before the first element
			end[at] = ops.Open
		}
	}
	return one(ops.StridedSlice(c.s, x, begin, end, steps)), nil
}

// sliceTo cuts along one axis, to an end that is computed from sizes: the beginning of a table of positions, say.
func (c *call) sliceTo(x *gorgonia.Node) ([]*value, error) {
	start, end := c.sizes(1), c.sizes(2)
	var at []int
	steps, err := []int{1}, error(nil)
	if c.has(3) {
		at, err = c.integers(3)
	} else {
		at = []int{0}
	}
	if err == nil && c.has(4) {
		steps, err = c.integers(4)
	}
	if err != nil {
		return nil, err
	}
	if start == nil || end == nil || len(start.list) != 1 || len(end.list) != 1 || len(at) != 1 || len(steps) != 1 || steps[0] != 1 {
		return nil, errors.New("its starts or ends are computed; want them stored in the model, or from 0 on along one axis in steps of 1")
	}
	if v, ok := start.list[0].known(); !ok || v != 0 {
		return nil, errors.New("its start is computed; want 0 where the end is computed")
	}
	a, err := axis(at[0], c.rank(0))
	if err != nil {
		return nil, err
	}
	like := make([]size, c.rank(0))
	for i := range like {
		like[i] = sizeAt(x, i)
	}
	like[a] = sizeOf(func(v []float64) float64 { // counted from behind where it is negative
		if v[1] < 0 {
			v[1] += v[0]
		}
		return math.Max(0, math.Min(v[0], v[1]))
	}, like[a], end.list[0])
	return one(ops.SliceLike(c.s, x, c.ofShape(like), make([]int, len(like))...)), nil
}
