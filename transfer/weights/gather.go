package weights

// gatherBlock is the side of the blocks that are taken at once of two axes that change places, so that both are walked along their memory.
const gatherBlock = 16

// gather puts the n elements of a tensor that has strides in row-major order. There is at least one, and an axis.
func gather[T element](shape, strides []int, stored []T, n int) []T {
	out := make([]T, n)
	to := make([]int, len(shape)) // the strides of out
	for axis, stride := len(shape)-1, 1; axis >= 0; axis-- {
		to[axis] = stride
		stride *= shape[axis]
	}
	last := len(shape) - 1
	row := last // the axis whose neighbours are neighbours in stored; that of out is the last
	for axis := range shape {
		if strides[axis] == 1 && shape[axis] > 1 {
			row = axis
		}
	}
	planes(shape, strides, to, row, func(from, at int) {
		switch {
		case row == last && strides[last] == 1:
			copy(out[at:at+shape[last]], stored[from:])
		case row == last:
			for i := range shape[last] {
				out[at+i] = stored[from+i*strides[last]]
			}
		default:
			turn(out[at:], stored[from:], shape[row], shape[last], to[row], strides[last])
		}
	})
	return out
}

// turn writes rows of columns elements, where a column is in one piece in stored and the columns are stride apart. It goes through a block
// that both fill a piece at a time: where strides are powers of two, the pieces of a block would not be in the cache together.
func turn[T element](out, stored []T, rows, columns, outStride, stride int) {
	var block [gatherBlock * gatherBlock]T
	for first := 0; first < columns; first += gatherBlock {
		width := min(gatherBlock, columns-first)
		for row := 0; row < rows; row += gatherBlock {
			height := min(gatherBlock, rows-row)
			for c := range width {
				for r, v := range stored[row+(first+c)*stride:][:height] {
					block[r*gatherBlock+c] = v
				}
			}
			for r := range height {
				copy(out[(row+r)*outStride+first:], block[r*gatherBlock:][:width])
			}
		}
	}
}

// planes calls visit with the places of the first elements, in stored and in out, of all planes of the axes row and last, which may be one.
func planes(shape, strides, to []int, row int, visit func(from, at int)) {
	index := make([]int, len(shape))
	from, at := 0, 0
	for {
		visit(from, at)
		axis := len(shape) - 2
		for ; axis >= 0; axis-- {
			if axis == row {
				continue
			}
			from, at = from+strides[axis], at+to[axis]
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			from, at = from-shape[axis]*strides[axis], at-shape[axis]*to[axis]
			index[axis] = 0
		}
		if axis < 0 {
			return
		}
	}
}
