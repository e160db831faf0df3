package ops

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// The kernels of batch normalisation go over x as a matrix [rows, cols], cols
// being the channels. How it is cut for several goroutines depends on its shape
// only.

// bnSize returns rows and cols of an array of that shape.
func bnSize(sp graph.Spec) (rows, cols int) {
	rows = 1
	for _, d := range sp.Shape[:sp.Rank()-1] {
		rows *= d
	}
	return rows, sp.Shape[sp.Rank()-1]
}

// bnChunk returns how many rows of a pass without sums one goroutine takes.
func bnChunk(cols int) int { return max(1, grain/max(1, cols)) }

// bnNormalise is kernel.BatchNorm of the rows [lo, hi) of the first input, a few
// at a time so that what follows in the step finds them in the cache.
func bnNormalise[T float](c *graph.Call, lo, hi int, mean, coefs []T) {
	x, y, cols := elements[T](c.In[0]), elements[T](c.Out), len(mean)
	few := max(1, 2048/max(1, cols))
	for ; lo < hi; lo += few {
		n := min(few, hi-lo)
		kernel.BatchNorm(y[lo*cols:], x[lo*cols:], mean, coefs, n)
		c.Finish(lo*cols, (lo+n)*cols)
	}
}

// columnCut says how the columns of a matrix are summed in pieces, each of a
// strip of columns and a section of the rows. With few sections little is left
// to merge.
type columnCut struct {
	rows, cols     int
	section, strip int // the size of a piece
	sections       int // at least one, though it be empty
	strips         int
	pieces         int
}

func cutColumns(rows, cols int) columnCut {
	const step = 512 // rows; as many as ColumnDeviations takes at once
	k := columnCut{rows: rows, cols: cols}
	k.section = (grain/max(1, cols) + step - 1) / step * step
	k.section = max(step, k.section)
	k.strip = (grain/max(1, min(rows, k.section)) + 63) / 64 * 64
	k.strip = max(64, k.strip)
	if rows == 0 {
		k.strip = max(1, cols) // there is no column to begin at
	}
	k.sections = max(1, (rows+k.section-1)/k.section)
	k.strips = (cols + k.strip - 1) / k.strip
	k.pieces = k.sections * k.strips
	return k
}

// columnPiece is the columns [lo, hi) of a number of rows from row on.
type columnPiece struct{ section, row, rows, lo, hi int }

func (k *columnCut) piece(i int) columnPiece {
	p := columnPiece{section: i / k.strips, lo: i % k.strips * k.strip}
	p.row = p.section * k.section
	p.rows = min(k.section, k.rows-p.row)
	p.hi = min(k.cols, p.lo+k.strip)
	return p
}

// merge puts the moments of the sections, [sections, 2, cols], together, in
// order, in the first of them.
func (k *columnCut) merge(parts []float64) (mean, m2 []float64) {
	mean, m2 = parts[:k.cols], parts[k.cols:2*k.cols]
	for i := 1; i < k.sections; i++ {
		part := parts[2*k.cols*i:][:2*k.cols]
		kernel.MergeDeviations(mean, m2, part[:k.cols], part[k.cols:], i*k.section, min(k.section, k.rows-i*k.section))
	}
	return mean, m2
}

// add puts sums of the sections, [sections, 2, cols], together, in order, in the
// first of them.
func (k *columnCut) add(parts []float64) (s1, s2 []float64) {
	total := parts[:2*k.cols]
	for i := 1; i < k.sections; i++ {
		kernel.Add(total, total, parts[2*k.cols*i:])
	}
	return total[:k.cols], total[k.cols:]
}
