package tensorflow

import (
	"github.com/plexaura/plexaura/internal/tffile"
)

// scatterForms read and write elements and rows at tuples of indices. Those that replace keep, of several updates for one place, the last; TensorFlow
// leaves open which.
var scatterForms = map[string]form{
	"GatherNd": {"GatherNd", func(c *written) (string, error) { return c.gatherND(c.in[1]), nil }},
	"GatherAlong": {"Range, Reshape, ZerosLike, Add, Pack, GatherNd", func(c *written) (string, error) {
		return c.gatherND(c.places()), nil
	}},
	"ScatterNd": {"ScatterNd", func(c *written) (string, error) {
		d := dtypeOf(c.specs[1]) // the updates come first here
		return c.emit("ScatterNd", attrs{"T": c.dtype(), "Tindices": d}, c.in[1], c.in[0], c.cast(c.ints(c.Spec.Shape...), tffile.Int32, d)), nil
	}},
	"TensorScatterAdd":    {"TensorScatterAdd", func(c *written) (string, error) { return c.scatterND(c.Op, c.in[0], c.in[1], c.in[2]), nil }},
	"TensorScatterUpdate": {"TensorScatterUpdate", func(c *written) (string, error) { return c.scatterND(c.Op, c.in[0], c.in[1], c.in[2]), nil }},
	"ScatterAlong": {"Range, Reshape, ZerosLike, Add, Pack, TensorScatterUpdate", func(c *written) (string, error) {
		return c.scatterND("TensorScatterUpdate", c.in[0], c.places(), c.in[2]), nil
	}},
	"ScatterAlongAdd": {"Range, Reshape, ZerosLike, Add, Pack, TensorScatterAdd", func(c *written) (string, error) {
		return c.scatterND("TensorScatterAdd", c.in[0], c.places(), c.in[2]), nil
	}},
	"ScatterAdd": {"ExpandDims, TensorScatterAdd; Transpose", writeScatterAdd},
}

func (c *written) gatherND(indices string) string {
	return c.emit("GatherNd", attrs{"Tparams": c.dtype(), "Tindices": dtypeOf(c.specs[1])}, c.in[0], indices)
}

func (c *written) scatterND(op, base, indices, updates string) string {
	return c.emit(op, attrs{"T": c.dtype(), "Tindices": dtypeOf(c.specs[1])}, base, indices, updates)
}

// places are the whole tuples of indices of elements of which the second input says the places along an axis: those along the others are their own.
func (c *written) places() string {
	sp := c.specs[1]
	d, axis := dtypeOf(sp), c.axis(sp.Rank())
	var parts []string
	for a := range sp.Rank() {
		if a == axis {
			parts = append(parts, c.in[1])
			continue
		}
		count := c.emit("Range", attrs{"Tidx": d}, c.number(d, 0), c.cast(c.dim(c.in[1], sp, a), tffile.Int32, d), c.number(d, 1))
		shape := padTo(nil, sp.Rank(), 1)
		shape[a] = -1
		zeros := c.emit("ZerosLike", attrs{"T": d}, c.in[1])
		parts = append(parts, c.emit("Add", attrs{"T": d}, zeros, c.reshape(count, d, shape...)))
	}
	return c.emit("Pack", attrs{"T": d, "N": len(parts), "axis": sp.Rank()}, parts...)
}

// writeScatterAdd adds rows of an axis, which TensorFlow wants first: others are brought there, and back.
func writeScatterAdd(c *written) (string, error) {
	rank, k := c.specs[0].Rank(), c.specs[1].Rank()
	axis := c.axis(rank)
	indices := c.emit("ExpandDims", attrs{"T": dtypeOf(c.specs[1]), "Tdim": tffile.Int32}, c.in[1], c.number(tffile.Int32, -1))
	if axis == 0 {
		return c.scatterND("TensorScatterAdd", c.in[0], indices, c.in[2]), nil
	}
	first := func(from, to, rank int) (perm []int) { // axes from to to-1 before the others
		for a := from; a < to; a++ {
			perm = append(perm, a)
		}
		for a := range rank {
			if a < from || a >= to {
				perm = append(perm, a)
			}
		}
		return perm
	}
	base, updates := c.transpose(c.in[0], first(axis, axis+1, rank)...), c.transpose(c.in[2], first(axis, axis+k, rank-1+k)...)
	back := make([]int, rank)
	for to, from := range first(axis, axis+1, rank) {
		back[from] = to
	}
	return c.transpose(c.scatterND("TensorScatterAdd", base, indices, updates), back...), nil
}
