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

// Up to serialElements one goroutine takes all, in a pass that its core's cache
// can hold: to hand a part of it to another core costs more than that saves.
// Beyond, each takes about pieceElements.
const (
	serialElements = 1 << 19
	pieceElements  = 1 << 16
)

// bnChunk returns how many rows of a pass without sums one goroutine takes.
func bnChunk(rows, cols int) int {
	if rows*cols <= serialElements {
		return max(1, rows)
	}
	return max(1, pieceElements/cols)
}

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
	k := columnCut{rows: rows, cols: cols, section: max(1, rows), strip: max(1, cols)}
	if rows*cols > serialElements {
		const step = 512 // rows; as many as ColumnDeviations takes at once
		k.section = (pieceElements/cols/step + 1) * step
		k.strip = (pieceElements/min(rows, k.section)/64 + 1) * 64
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
