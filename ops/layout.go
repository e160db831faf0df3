package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// maxAxes bounds the axes of a layout after merging. Merging leaves two or
// three of any usual tensor.
const maxAxes = 16

// layout walks one contiguous array, row by row, beside up to three strided
// ones. It is how broadcasting, transposition and slicing reach their operands
// without copying them: an operand that is repeated along an axis has stride 0
// there. Axes that all arrays walk evenly are merged, so equal shapes are one
// row, and a row vector against a matrix is rows of full length.
type layout struct {
	rows, cols int      // the contiguous array has rows*cols elements
	sizes      []int    // the outer axes; their product is rows
	strides    [3][]int // of each strided operand along the outer axes
	step       [3]int   // from one element of a row to the next
	base       [3]int   // the first element
	operands   int      // how many are used
}

// newLayout merges the axes of shape, along which operand k moves by
// strides[k][axis].
func newLayout(shape tensor.Shape, strides ...[]int) (*layout, error) {
	l := &layout{rows: 1, cols: 1, operands: len(strides)}
	sizes := make([]int, 0, len(shape))
	merged := make([][]int, len(strides))
	for axis, d := range shape {
		if d == 0 {
			l.rows, l.cols = 0, 0
			return l, nil
		}
		if d == 1 {
			continue
		}
		last := len(sizes) - 1
		even := last >= 0
		for k := 0; even && k < len(strides); k++ {
			even = merged[k][last] == strides[k][axis]*d
		}
		if even {
			sizes[last] *= d
		} else {
			sizes = append(sizes, d)
			last++
		}
		for k := range strides {
			merged[k] = append(merged[k][:last], strides[k][axis])
		}
	}
	for k := range l.step {
		l.step[k] = 1
	}
	if last := len(sizes) - 1; last >= 0 {
		l.cols = sizes[last]
		l.sizes = sizes[:last]
		for k := range strides {
			l.step[k] = merged[k][last]
			l.strides[k] = merged[k][:last]
		}
	}
	for _, d := range l.sizes {
		l.rows *= d
	}
	if len(l.sizes) > maxAxes {
		return nil, errors.Errorf("a tensor of rank %d whose axes cannot be merged is not supported (at most %d)", len(shape), maxAxes)
	}
	return l, nil
}

// place is a position in a layout: where the current row begins in each
// strided operand.
type place struct {
	at    [3]int
	index [maxAxes]int
}

// seek returns the place of a row.
func (l *layout) seek(row int) place {
	p := place{at: l.base}
	for axis := len(l.sizes) - 1; axis >= 0; axis-- {
		i := row % l.sizes[axis]
		row /= l.sizes[axis]
		p.index[axis] = i
		for k := 0; k < l.operands; k++ {
			p.at[k] += i * l.strides[k][axis]
		}
	}
	return p
}

// next moves p to the next row, as an odometer does.
func (l *layout) next(p *place) {
	for axis := len(l.sizes) - 1; axis >= 0; axis-- {
		if p.index[axis]++; p.index[axis] < l.sizes[axis] {
			for k := 0; k < l.operands; k++ {
				p.at[k] += l.strides[k][axis]
			}
			return
		}
		p.index[axis] = 0
		for k := 0; k < l.operands; k++ {
			p.at[k] -= (l.sizes[axis] - 1) * l.strides[k][axis]
		}
	}
}

// isRow tells whether operand k is a row vector, the same for every row.
func (l *layout) isRow(k int) bool {
	for _, stride := range l.strides[k] {
		if stride != 0 {
			return false
		}
	}
	return l.step[k] == 1
}

// eachRow calls f for the pieces of the elements [lo, hi) of the output that lie
// in one row of l each: n elements from at on, whose operands begin at from and
// go on by l.step.
func (l *layout) eachRow(lo, hi int, f func(at, n int, from [3]int)) {
	if lo >= hi {
		return
	}
	row, col := lo/l.cols, lo%l.cols
	for p := l.seek(row); lo < hi; l.next(&p) {
		n := min(l.cols-col, hi-lo)
		from := p.at
		for k := range from {
			from[k] += col * l.step[k]
		}
		f(lo, n, from)
		lo, col = lo+n, 0
	}
}

// rowGrain is how many rows are worth handing to a goroutine.
func (l *layout) rowGrain() int { return max(1, grain/max(1, l.cols)) }

// rowMajor returns the strides of a contiguous array of the given shape.
func rowMajor(shape tensor.Shape) []int {
	strides := make([]int, len(shape))
	at := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		strides[axis] = at
		at *= shape[axis]
	}
	return strides
}
