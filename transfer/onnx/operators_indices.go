package onnx

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// gather takes rows. A stored matrix whose rows are taken at computed indices, as words' vectors are, is a variable.
func gather(c *call) ([]*value, error) {
	at, err := c.axisOf(0)
	if err != nil {
		return nil, err
	}
	n := c.shape(0)[at]
	var x *gorgonia.Node
	if t := c.weight(0); t != nil && at == 0 && len(t.Shape) == 2 && c.weight(1) == nil && c.isFloat(0) {
		x, err = c.variable(0, "embeddings", true)
	} else {
		x, err = c.x(0)
	}
	if err != nil {
		return nil, err
	}
	indices, err := c.indices(1, n)
	if err != nil {
		return nil, err
	}
	return one(ops.Gather(c.s, x, indices, at)), nil
}

// isFloat tells whether input i, which is stored, has floats.
func (c *call) isFloat(i int) bool {
	dt, err := c.weight(i).Dtype()
	return err == nil && graph.Spec{Dtype: dt}.IsFloat()
}

// axisOf is the attribute for an axis of input 0.
func (c *call) axisOf(otherwise int) (int, error) {
	if !c.has(0) {
		return 0, errors.New("input 0 is missing")
	}
	return axis(c.int("axis", otherwise), c.rank(0))
}

// indices are those of input i, into n elements; negative ones count from the end, where n is known.
func (c *call) indices(i, n int) (*gorgonia.Node, error) {
	indices, err := c.x(i)
	if err != nil || n < 0 {
		return indices, err
	}
	of := func(v int) *gorgonia.Node { return same64(c.s, indices, v) }
	return ops.Where(c.s, ops.Less(c.s, indices, of(0)), ops.Add(c.s, indices, of(n)), indices), nil
}

// along returns input 0, the indices along one of its axes that input 1 is, and that axis.
func (c *call) along() (x, indices *gorgonia.Node, at int, err error) {
	if at, err = c.axisOf(0); err != nil {
		return nil, nil, 0, err
	}
	if x, err = c.x(0); err != nil {
		return nil, nil, 0, err
	}
	indices, err = c.indices(1, c.shape(0)[at])
	return x, indices, at, err
}

func gatherElements(c *call) ([]*value, error) {
	x, indices, at, err := c.along()
	if err != nil {
		return nil, err
	}
	return one(ops.GatherAlong(c.s, x, indices, at)), nil
}

// scatterElements puts updates along an axis, or adds them.
func scatterElements(c *call) ([]*value, error) {
	x, indices, at, err := c.along()
	if err != nil {
		return nil, err
	}
	updates, err := c.x(2)
	if err != nil {
		return nil, err
	}
	switch r := c.text("reduction", "none"); r {
	case "none":
		return one(ops.ScatterAlong(c.s, x, indices, updates, at)), nil
	case "add":
		return one(ops.ScatterAlongAdd(c.s, x, indices, updates, at)), nil
	default:
		return nil, errors.Errorf("the reduction %q is not supported; want none or add", r)
	}
}

// tuples are indices into the first axes of input 0, of which negative ones count from the end.
func (c *call) tuples(i int) (*gorgonia.Node, error) {
	indices, err := c.x(i)
	if err != nil {
		return nil, err
	}
	shape := graph.SpecOf(indices).Shape
	if len(shape) == 0 || shape[len(shape)-1] < 0 {
		return nil, errors.Errorf("the indices have the shape %v; want a last axis whose size is known", []int(shape))
	}
	n := shape[len(shape)-1]
	skipped := c.int("batch_dims", 0)
	if skipped < 0 || n+skipped > c.rank(0) || skipped >= len(shape) {
		return nil, errors.Errorf("tuples of %d indices, after %d axes, into %d axes", n, skipped, c.rank(0))
	}
	sizes := make([]int64, n)
	for a, d := range c.shape(0)[skipped : skipped+n] {
		sizes[a] = int64(max(d, 0)) // negative ones are refused in the Run where the size is not known
	}
	all := ops.Cast(c.s, graph.Const(c.s, tensor.New(tensor.WithShape(n), tensor.WithBacking(sizes))), graph.SpecOf(indices).Dtype)
	indices = ops.Where(c.s, ops.Less(c.s, indices, same64(c.s, indices, 0)), ops.Add(c.s, indices, all), indices)
	for a := skipped - 1; a >= 0; a-- { // the places along the axes of the batch come first
		own := make([]int, len(shape))
		for i := range own {
			own[i] = 1
		}
		own[a] = -1
		place := ops.Reshape(c.s, ops.RangeLike(c.s, graph.SpecOf(indices).Dtype, indices, a), own...)
		first := ops.StridedSlice(c.s, indices, open(len(shape), 0), open(len(shape), 1), nil)
		indices = ops.Concat(c.s, len(shape)-1, ops.BroadcastLike(c.s, place, first), indices)
	}
	return indices, nil
}

// open are the ends of a slice that leaves all axes whole but the last.
func open(rank, last int) []int {
	ends := make([]int, rank)
	for i := range ends {
		ends[i] = ops.Open
	}
	ends[rank-1] = last
	return ends
}

func gatherND(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	indices, err := c.tuples(1)
	if err != nil {
		return nil, err
	}
	return one(ops.GatherND(c.s, x, indices)), nil
}

func scatterND(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	indices, err := c.tuples(1)
	if err != nil {
		return nil, err
	}
	updates, err := c.x(2)
	if err != nil {
		return nil, err
	}
	switch r := c.text("reduction", "none"); r {
	case "none":
		return one(ops.ScatterNDUpdate(c.s, x, indices, updates)), nil
	case "add":
		return one(ops.ScatterNDAdd(c.s, x, indices, updates)), nil
	default:
		return nil, errors.Errorf("the reduction %q is not supported; want none or add", r)
	}
}

// reverseSequence turns the first elements of each sequence of a batch around, as many as its length says.
func reverseSequence(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	lengths, err := c.x(1)
	if err != nil {
		return nil, err
	}
	time, err := axis(c.int("time_axis", 0), c.rank(0))
	if err != nil {
		return nil, err
	}
	batch, err := axis(c.int("batch_axis", 1), c.rank(0))
	if err != nil {
		return nil, err
	}
	if time == batch {
		return nil, errors.Errorf("time_axis and batch_axis are both %d", time)
	}
	s := c.s
	alone := func(v *gorgonia.Node, at int) *gorgonia.Node {
		shape := make([]int, c.rank(0))
		for i := range shape {
			shape[i] = 1
		}
		shape[at] = -1
		return ops.Reshape(s, v, shape...)
	}
	t, n := alone(ops.RangeLike(s, tensor.Int64, x, time), time), alone(ops.Cast(s, lengths, tensor.Int64), batch)
	from := ops.Where(s, ops.Less(s, t, n), ops.Sub(s, ops.Sub(s, n, t), graph.Const(s, int64(1))), ops.Add(s, t, ops.Sub(s, n, n)))
	return one(ops.GatherAlong(s, x, ops.BroadcastLike(s, from, x), time)), nil
}

// compress keeps the parts along an axis where a stored condition says so; without an axis, elements.
func compress(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	known, err := c.known(1)
	if err != nil {
		return nil, err
	}
	if known.Dtype() != tensor.Bool {
		return nil, errors.Errorf("its condition is %v; want bool", known.Dtype())
	}
	indices := []int64{}
	for i, keep := range (graph.Values{known}).Bools(0) {
		if keep {
			indices = append(indices, int64(i))
		}
	}
	if len(indices) == 0 {
		return nil, errors.New("its condition keeps nothing")
	}
	at := 0
	if _, ok := c.Attributes["axis"]; !ok {
		x = ops.Reshape(c.s, x, -1)
	} else if at, err = c.axisOf(0); err != nil {
		return nil, err
	}
	return one(ops.Gather(c.s, x, graph.Const(c.s, tensor.New(tensor.WithShape(len(indices)), tensor.WithBacking(indices))), at)), nil
}
