package tensorflow

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// slice takes a part from known places on; its sizes may depend on others.
func slice(c *call) []*value {
	x, begin, z := c.x(0), c.ints(1), c.sizes(2)
	if n, ok := z.known(); ok {
		return one(ops.Slice(c.s, x, begin, n))
	}
	if rank := graph.SpecOf(x).Rank(); len(begin) != rank || len(z.of) != rank {
		c.fail("it has %d begins and %d sizes for %d axes", len(begin), len(z.of), rank)
	}
	to := append([]size(nil), z.of...)
	for a, n := range to {
		if n.from == nil && n.known == graph.Unknown {
			to[a], _ = combine(func(a, b int) int { return a - b }, axisOf(x, a), fixed(begin[a]))
		}
	}
	return one(ops.SliceLike(c.s, x, shaped(c.parts, tensor.Bool, &sizes{of: to}), begin...))
}

// stridedSlice is Python's x[2:, ..., tf.newaxis, 1], which it has as lists with bits that say what the entries mean.
func stridedSlice(c *call) []*value {
	p := c.partOf(c.rank(0))
	steps := []step{func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.StridedSlice(s, x, p.begin, p.end, p.strides)
	}}
	if len(p.drop) > 0 {
		steps = append(steps, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Squeeze(s, x, p.drop...) })
	}
	for _, a := range p.insert {
		steps = append(steps, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ExpandDims(s, x, a) })
	}
	return c.chain(c.x(0), steps...)
}

// part says which part of a tensor a StridedSlice takes: ends for each axis, then axes that it drops, then axes of size 1 that it puts
// before others of the result.
type part struct {
	begin, end, strides []int
	drop, insert        []int
}

// partOf reads the lists and masks for a tensor of so many axes.
func (c *call) partOf(rank int) part {
	begin, end, strides := c.sizes(1), c.sizes(2), c.ints(3)
	n := len(strides)
	if len(begin.of) != n || len(end.of) != n || n > 2*maxAxes || rank > maxAxes {
		c.fail("it has %d begins, %d ends and %d strides", len(begin.of), len(end.of), n)
	}
	has := func(mask string, i int) bool { return c.int(mask, 0)>>i&1 != 0 }
	var p part
	taken := 0 // entries that stand for one axis
	for i := range n {
		if !has("new_axis_mask", i) && !has("ellipsis_mask", i) {
			taken++
		}
	}
	if m := c.int("ellipsis_mask", 0); m&(m-1) != 0 {
		c.fail("it has more than one ellipsis")
	}
	if taken > rank {
		c.fail("it has entries for %d axes of %d", taken, rank)
	}
	whole := func() {
		p.begin, p.end, p.strides = append(p.begin, ops.Open), append(p.end, ops.Open), append(p.strides, 1)
	}
	at := func(z *sizes, mask string, i int) int {
		switch s := z.of[i]; {
		case has(mask, i):
			return ops.Open
		case s.from != nil:
			c.fail("where it begins or ends along an axis depends on sizes that are not known before a Run")
			return 0
		default:
			return s.known
		}
	}
	kept := 0 // axes of the result so far
	for i := range n {
		switch {
		case has("ellipsis_mask", i):
			for range rank - taken {
				whole()
				kept++
			}
		case has("new_axis_mask", i):
			p.insert = append(p.insert, kept)
			kept++
		case has("shrink_axis_mask", i):
			first := at(begin, "", i)
			p.drop = append(p.drop, len(p.begin))
			last := first + 1
			if first == -1 {
				last = ops.Open
			}
			p.begin, p.end, p.strides = append(p.begin, first), append(p.end, last), append(p.strides, 1)
		default:
			p.begin, p.end, p.strides = append(p.begin, at(begin, "begin_mask", i)), append(p.end, at(end, "end_mask", i)), append(p.strides, strides[i])
			kept++
		}
	}
	for len(p.begin) < rank {
		whole()
	}
	return p
}

// maxAxes is how many axes a tensor may have.
const maxAxes = 254

// spaceToBatch moves blocks of pixels to the batch, as dilated convolutions of old graphs do.
func spaceToBatch(c *call) []*value {
	block, paddings := c.ints(1), c.paddings(2)
	rank, m := c.rank(0), len(block)
	c.checkBlocks(block, paddings, rank)
	all := make([][2]int, rank)
	copy(all[1:], paddings)
	x := ops.Pad(c.parts, c.x(0), all, 0)
	cut, perm, batch := []size{axisOf(x, 0)}, []int{}, axisOf(x, 0)
	for i, b := range block {
		n, _ := combine(quotient, axisOf(x, 1+i), fixed(b))
		cut, perm = append(cut, n, fixed(b)), append(perm, 2+2*i)
		batch, _ = combine(times, batch, fixed(b))
	}
	to := []size{batch}
	perm = append(perm, 0)
	for i := range block {
		to, perm = append(to, cut[1+2*i]), append(perm, 1+2*i)
	}
	for a := 1 + m; a < rank; a++ {
		cut, to, perm = append(cut, axisOf(x, a)), append(to, axisOf(x, a)), append(perm, a+m)
	}
	x = ops.Transpose(c.parts, reshape(c.parts, c.parts, x, &sizes{of: cut}), perm...)
	return one(reshape(c.s, c.parts, x, &sizes{of: to}))
}

// batchToSpace is the inverse, and cuts the padding off.
func batchToSpace(c *call) []*value {
	block, crops := c.ints(1), c.paddings(2)
	rank, m, x := c.rank(0), len(block), c.x(0)
	c.checkBlocks(block, crops, rank)
	var cut []size
	batch := axisOf(x, 0)
	for _, b := range block {
		cut = append(cut, fixed(b))
		batch, _ = combine(quotient, batch, fixed(b))
	}
	cut = append(cut, batch)
	to, perm := []size{batch}, []int{m}
	for i, b := range block {
		n, _ := combine(times, axisOf(x, 1+i), fixed(b))
		to, perm = append(to, n), append(perm, m+1+i, i)
	}
	for a := 1; a < rank; a++ {
		cut = append(cut, axisOf(x, a))
		if a > m {
			to, perm = append(to, axisOf(x, a)), append(perm, m+a)
		}
	}
	x = ops.Transpose(c.parts, reshape(c.parts, c.parts, x, &sizes{of: cut}), perm...)
	x = reshape(c.parts, c.parts, x, &sizes{of: to})
	begin, end := make([]int, rank), make([]int, rank)
	for a := range end {
		end[a] = ops.Open
	}
	for i, p := range crops {
		begin[1+i] = p[0]
		if p[1] > 0 {
			end[1+i] = -p[1]
		}
	}
	return one(ops.StridedSlice(c.s, x, begin, end, nil))
}

func (c *call) checkBlocks(block []int, paddings [][2]int, rank int) {
	if len(paddings) != len(block) || rank < len(block)+1 {
		c.fail("%d blocks and %d paddings of a tensor of %d axes", len(block), len(paddings), rank)
	}
	for i, b := range block {
		if b < 1 || paddings[i][0] < 0 || paddings[i][1] < 0 {
			c.fail("blocks %v and paddings %v; want positive ones", block, paddings)
		}
	}
}

// limits are where a slice of a vector begins and ends, as Python has it.
func limits(begin, end, step, n int) (first, last int) {
	clamp := func(v, lo, hi int) int {
		if v < 0 {
			v += n
		}
		return max(lo, min(hi, v))
	}
	lo, hi := 0, n
	if step < 0 {
		lo, hi = -1, n-1
	}
	first, last = lo, hi
	if step < 0 {
		first, last = hi, lo
	}
	if begin != ops.Open {
		first = clamp(begin, lo, hi)
	}
	if end != ops.Open {
		last = clamp(end, lo, hi)
	}
	return first, last
}
