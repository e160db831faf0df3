package onnx

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/ops"
)

// reshape has a size of 0 where the input's is kept.
func reshape(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	if to := c.unknown(1); to != nil && !to.scalar {
		return c.reshapeTo(x, to.list)
	}
	sizes := c.list("shape")
	if c.has(1) {
		if sizes, err = c.integers(1); err != nil {
			return nil, err
		}
	}
	sizes = slices.Clone(sizes)
	for i, d := range sizes {
		if d == 0 && c.int("allowzero", 0) == 0 {
			if i >= c.rank(0) {
				return nil, errors.Errorf("the shape %v keeps axis %d of %v", sizes, i, c.shape(0))
			}
			if c.shape(0)[i] < 0 {
				return c.reshapeTo(x, sizesAre(sizes))
			}
			sizes[i] = c.shape(0)[i]
		}
	}
	return one(ops.Reshape(c.s, x, sizes...)), nil
}

// reshapeTo gives x a shape that follows from sizes. A size of -1 takes what is left.
func (c *call) reshapeTo(x *gorgonia.Node, to []size) ([]*value, error) {
	list := slices.Clone(to)
	rest, kept := -1, map[int]bool{} // axes that a size of 0 keeps
	for i, s := range list {
		switch v, ok := s.known(); {
		case ok && v == 0 && c.int("allowzero", 0) == 0:
			if i >= c.rank(0) {
				return nil, errors.Errorf("the shape keeps axis %d of %v", i, c.shape(0))
			}
			list[i] = sizeAt(x, i)
			kept[i] = true
		case ok && v == -1 && rest >= 0:
			return nil, errors.New("the shape has two sizes of -1; want one")
		case ok && v == -1:
			rest = i
		}
	}
	if rest < 0 {
		return one(ops.ReshapeLike(c.s, x, c.ofShape(list))), nil
	}
	// What x has and the shape names too, as the size of a batch, cancels, so that the rest is known when the graph is built.
	var over, under []size
	cancelled := maps.Clone(kept)
	for i, s := range list {
		switch a := s.axis; {
		case i == rest || kept[i]:
		case a >= 0 && s.isAxisOf(x, a) && !cancelled[a]:
			cancelled[a] = true
		default:
			under = append(under, s)
		}
	}
	for a := range c.rank(0) {
		if !cancelled[a] {
			over = append(over, sizeAt(x, a))
		}
	}
	list[rest] = sizeOf(func(v []float64) float64 { return v[0] / v[1] }, multiplied(&sizes{list: over}).list[0], multiplied(&sizes{list: under}).list[0])
	return one(ops.ReshapeLike(c.s, x, c.ofShape(list))), nil
}
