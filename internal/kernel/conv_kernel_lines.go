package kernel

import "unsafe"

// Of images of many pixels, a block's rows are copied once for all rows of the kernel, with the pads beside them. What a row of
// the kernel meets at a pixel of y is a line [kw, channels]; neighbours' lines overlap in the copied row, unless a dilation or
// groups keep a line's elements apart: then each is copied. What it meets at all pixels of the block is one matrix, over which a
// tile sums in one go, and the next row of the kernel meets the same matrix from a row further on.

// block is rows [top, bottom) and columns [left, right) of the pixels of one image.
type block struct{ image, top, bottom, left, right int }

// blockCount returns how many blocks there are in all images.
func (p *kernelGradient[T]) blockCount() int { return p.Batch * p.blocks[0] * p.blocks[1] }

// blockAt returns block i of the images, counted through them.
func (p *kernelGradient[T]) blockAt(i int) block {
	x, y := i%p.blocks[1], i/p.blocks[1]%p.blocks[0]
	return block{
		image: i / p.blocks[1] / p.blocks[0],
		top:   share(p.Out[0], y, p.blocks[0]), bottom: share(p.Out[0], y+1, p.blocks[0]),
		left: share(p.Out[1], x, p.blocks[1]), right: share(p.Out[1], x+1, p.blocks[1]),
	}
}

// pitch is the distance of lines. Long ones that begin an odd number of 64 bytes apart spread over all of the L1 cache.
func (p *kernelGradient[T]) pitch() int { return spreadPitch[T](p.line()) }

func spreadPitch[T Float](n int) int {
	each := 64 / int(unsafe.Sizeof(*new(T)))
	if n < each {
		return n
	}
	return (ceilDiv(n, each) | 1) * each
}

// sumChunk sums up what a chunk of the blocks contributes.
func (p *kernelGradient[T]) sumChunk(w *convSpace[T], chunk int) {
	sum := p.chunk(chunk)
	clear(sum)
	*(*T)(unsafe.Pointer(&w.tile.alpha)) = 1
	w.tile.load = 1
	count := p.blockCount()
	for group := range p.Groups {
		for at := share(count, chunk, p.tasks); at < share(count, chunk+1, p.tasks); at++ {
			p.addBlock(w, p.blockAt(at), group, sum)
		}
	}
}

// addBlock adds to sum the products of a block's windows with y's gradient there.
func (p *kernelGradient[T]) addBlock(w *convSpace[T], b block, group int, sum []T) {
	_, out := p.channels()
	line, width := p.line(), b.right-b.left
	dy := p.gradientOf(w, b, group)
	stride := p.Stride[0]
	for residue := range stride { // of the image's rows, which a row of the kernel meets in steps of the stride
		low, high := 1<<62, -1<<62 // rows, counted by these steps
		for k := range p.Size[0] {
			if first, last, from := p.blockRows(b, residue, k); first < last {
				low, high = min(low, from), max(high, from+last-first)
			}
		}
		if low >= high {
			continue
		}
		lines := p.lines(w, b, group, low*stride+residue, high-low)
		for k := range p.Size[0] {
			if first, last, from := p.blockRows(b, residue, k); first < last {
				p.products(w, lines.from(from-low), line, dy.from((first-b.top)*width, (last-first)*width),
					sum[k*line*p.OutChannels+group*out:])
			}
		}
	}
}

// blockRows returns the block's rows [first, last) of outputs at which row k of the kernel meets rows of the image that are
// residue modulo the stride, and which of those, in steps of the stride, it meets first.
func (p *kernelGradient[T]) blockRows(b block, residue, k int) (first, last, from int) {
	at := k*p.Dilation[0] - p.Before[0] - residue
	if at%p.Stride[0] != 0 {
		return 0, 0, 0
	}
	first, last = p.inside(0, k)
	first, last = max(first, b.top), min(last, b.bottom)
	return first, last, first + at/p.Stride[0]
}

// contiguous tells whether the block's pixels follow each other without gaps.
func (p *kernelGradient[T]) contiguous(b block) bool {
	return b.right-b.left == p.Out[1] || b.bottom-b.top == 1
}

// linesInPlace tells whether a line is a pixel of x, and an output's neighbours see neighbours.
func (p *kernelGradient[T]) linesInPlace() bool {
	return p.Size[1] == 1 && p.Stride == [2]int{1, 1} && p.Before[1] == 0 && p.In[1] == p.Out[1] && p.Groups == 1
}

// lineRows are rows of lines, a line for each pixel of y.
type lineRows[T float32 | float64] struct {
	values   []T
	distance int // of lines
	width    int // lines in a row
	row      int // distance of rows
}

// from returns them from a row on.
func (l lineRows[T]) from(row int) lineRows[T] {
	l.values = l.values[row*l.row:]
	return l
}

// lines returns what the outputs of the block's columns see of so many rows of the image, a stride apart.
func (p *kernelGradient[T]) lines(w *convSpace[T], b block, group, row, rows int) lineRows[T] {
	image := p.x[b.image*p.In[0]*p.In[1]*p.InChannels:][:p.In[0]*p.In[1]*p.InChannels]
	distance := p.In[1] * p.InChannels
	l := lineRows[T]{width: b.right - b.left}
	switch {
	case p.linesInPlace() && p.contiguous(b):
		l.values, l.distance, l.row = image[row*distance+b.left*p.InChannels:], p.InChannels, l.width*p.InChannels
		return l
	case p.linesOverlap():
		l.distance = p.Stride[1] * p.InChannels
		l.row = (l.width-1)*l.distance + p.line()
	default:
		l.distance = p.pitch()
		l.row = l.width * l.distance
	}
	w.windows = grown(w.windows, rows*l.row)
	l.values = w.windows
	for r := range rows {
		to, from := l.values[r*l.row:][:l.row], image[(row+r*p.Stride[0])*distance:][:distance]
		if p.linesOverlap() {
			p.copyRow(to, from, b)
		} else {
			p.copyLines(to, from, b, group)
		}
	}
	return l
}

// linesOverlap tells whether lines are runs of the image's rows, so that a copy of these has them all.
func (p *kernelGradient[T]) linesOverlap() bool { return p.Dilation[1] == 1 && p.Groups == 1 }

// copyRow copies what the block's columns see of a row of the image.
func (p *kernelGradient[T]) copyRow(to, row []T, b block) {
	left := (b.left*p.Stride[1] - p.Before[1]) * p.InChannels // of to, in the row
	first := min(len(to), max(0, -left))
	last := max(first, min(len(to), len(row)-left))
	clear(to[:first])
	copy(to[first:last], row[min(len(row), left+first):])
	clear(to[last:])
}

// copyLines copies a row of the image into a line for each of the block's columns.
func (p *kernelGradient[T]) copyLines(to, row []T, b block, group int) {
	const short = 16 // elements: fewer are copied one by one faster than by a call
	in, _ := p.channels()
	size, pitch := p.line(), p.pitch()
	whole := p.Dilation[1] == 1 && p.Groups == 1
	for j := b.left; j < b.right; j++ {
		line := to[(j-b.left)*pitch:][:size]
		left := j*p.Stride[1] - p.Before[1]
		if whole && left >= 0 && left+p.Size[1] <= p.In[1] {
			from := row[left*in:][:size]
			if size > short {
				copy(line, from)
				continue
			}
			for i := range line {
				line[i] = from[i]
			}
			continue
		}
		for q := range p.Size[1] {
			at := left + q*p.Dilation[1]
			if at < 0 || at >= p.In[1] {
				clear(line[q*in : (q+1)*in])
			} else {
				copy(line[q*in:(q+1)*in], row[at*p.InChannels+group*in:])
			}
		}
	}
}
