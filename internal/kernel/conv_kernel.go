package kernel

import (
	"unsafe"

	"github.com/plexaura/plexaura/internal/parallel"
)

// ConvolveKernel computes the gradient of a convolution for its kernel, given that
// for y:
//
//	dkernel[p, q, c, o] = sum over n, i, j of x[n, i*Stride[0]+p*Dilation[0]-Before[0], ..., g*channels+c] * dy[n, i, j, o]
//
// The images are cut into chunks by the shape alone; each sums in the order of its
// blocks and their columns, and the chunks are added in order, so the bits do not
// depend on the number of processors. scratch has g.ConvolveKernelScratch()
// elements. ConvolveKernel does not allocate in the steady state.
func ConvolveKernel[T float32 | float64](g *Conv, dkernel, x, dy, scratch []T) {
	switch {
	case len(dkernel) == 0:
	case g.empty():
		clear(dkernel)
	case g.pointwise():
		Gemm(true, false, g.InChannels, g.OutChannels, g.pixels(), 1, x, g.InChannels, dy, g.OutChannels, 0, dkernel, g.OutChannels)
	case g.depthwise():
		convolveDepthwiseKernel(g, dkernel, x, dy, scratch)
	default:
		p := takeConvPass[T]()
		planSums(p, g)
		p.images.values, p.out.values = x, dy
		p.sum, p.partial = dkernel, scratch
		p.stage = summing
		parallel.For(p.chunks*p.sections, 1, p)
		if p.chunks > 1 {
			p.stage = adding
			parallel.For(len(dkernel), finishGrain, p)
		}
		p.release()
	}
}

// ConvolveKernelScratch returns how many elements of scratch ConvolveKernel needs.
func (g *Conv) ConvolveKernelScratch() int {
	if g.pointwise() || g.empty() {
		return 0
	}
	size := g.Size[0] * g.Size[1] * g.InChannels / g.Groups * g.OutChannels
	if g.depthwise() {
		return (depthwiseChunks(g) - 1) * size
	}
	p := takeConvPass[float32]()
	planSums(p, g)
	chunks := p.chunks
	p.release()
	return (chunks - 1) * size
}

const (
	mostConvChunks = 8       // enough for all processors to end at about the same time
	maxPartial     = 1 << 22 // elements that the sums of chunks may take
)

// planSums makes p ready but for its operands.
func planSums[T float32 | float64](p *convPass[T], g *Conv) {
	in, out := g.channels()
	p.shape = g
	p.images = windows[T]{size: g.In, channels: in, allChannels: g.InChannels, taps: g.Size, stride: g.Stride, dilation: g.Dilation, before: g.Before}
	p.out = plane[T]{count: g.Out, step: [2]int{g.Out[1] * g.OutChannels, g.OutChannels}, image: g.Out[0] * g.Out[1] * g.OutChannels}
	p.columns = out
	p.micro = microKernelsOf[T]()
	k := p.length()
	p.depth = pieceDepth(k)
	work := float64(g.pixels()*g.Groups) * float64(k) * float64(out)
	tasks := int(min(work/taskWork, mostConvChunks))
	p.cut(1, tasks)
	p.sections = ceilDiv(out, maxPanels*widestPanel)
	p.chunks = max(1, min(tasks, p.blockCount(), max(2, maxPartial/(k*g.OutChannels))))
}

// sumChunk sums up what a chunk of blocks contributes to a section of the columns.
func (p *convPass[T]) sumChunk(w *convSpace[T], i int) {
	chunk, section := i%p.chunks, i/p.chunks
	sum := p.sum
	if chunk > 0 {
		sum = p.partial[(chunk-1)*len(p.sum):][:len(p.sum)]
	}
	panels := ceilDiv(p.columns, widestPanel)
	first := share(panels, section, p.sections) * widestPanel
	last := min(p.columns, share(panels, section+1, p.sections)*widestPanel)
	blocks := p.blockCount()
	for group := range p.shape.Groups {
		w.tile.load = 0
		for at := share(blocks, chunk, p.chunks); at < share(blocks, chunk+1, p.chunks); at++ {
			if p.gathers {
				p.gatheredSums(w, share(p.pixels(), at, blocks), share(p.pixels(), at+1, blocks), group, first, last, sum)
				continue
			}
			b := p.blockAt(at)
			for q := range p.images.residues() {
				if rows := p.images.copyBlock(w, b, group, q); rows > 0 {
					p.sums(w, b, group, q, rows, first, last, sum)
				}
			}
		}
	}
}

// sums adds the products of the windows that were copied, transposed, with the
// columns [first, last) of y's gradient; without a tile.load, it sets them.
func (p *convPass[T]) sums(w *convSpace[T], b block, group, residue, rows, first, last int, sum []T) {
	x, m, t := &p.images, p.micro, &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	line := x.taps[1] * x.channels
	lda, height := x.rowStep()*line, x.height(rows)
	k, tiles := p.length(), ceilDiv(p.length(), m.rows)
	distance := x.residues() * p.out.step[0] // of rows in dy
	*(*T)(unsafe.Pointer(&t.alpha)) = 1
	t.bias = nil
	t.aRow, t.aColumn = size, lda*size
	t.cRow = p.shape.OutChannels * size
	whole := 0 // columns that are copied, since several tiles read them
	if tiles > 1 {
		whole = (last - first) / m.columns * m.columns
		p.copyRows(w, b, group, residue, rows, first, whole)
	}
	start := t.load
	t.k = rows
	for i, l := 0, 0; i < tiles; i++ {
		t.rows = ceilDiv(k-l, tiles-i)
		for at := 0; at < last-first; at += m.columns {
			t.columns = min(m.columns, last-first-at)
			t.c = unsafe.Pointer(&sum[l*p.shape.OutChannels+group*p.columns+first+at])
			t.load = start
			for column := range b.right - b.left {
				t.a = unsafe.Pointer(&w.windows[column*height*line+l])
				if at < whole {
					t.b, t.bRow = unsafe.Pointer(&w.rows[(at*(b.right-b.left)+column*m.columns)*rows]), m.columns*size
				} else {
					from := b.image*p.out.image + (b.top+residue)*p.out.step[0] + (b.left+column)*p.out.step[1]
					t.b, t.bRow = unsafe.Pointer(&p.out.values[from+group*p.columns+first+at]), distance*size
				}
				t.ahead = t.bRow * 8
				m.run(t)
				t.load = 1
			}
		}
		l += t.rows
	}
	t.load = 1
}

// copyRows copies so many columns of y's gradient from first on into panels of a tile's
// columns: in each, the block's columns of pixels one after the other.
func (p *convPass[T]) copyRows(w *convSpace[T], b block, group, residue, rows, first, columns int) {
	width := p.micro.columns
	w.rows = grown(w.rows, columns*(b.right-b.left)*rows)
	distance := p.images.residues() * p.out.step[0]
	for column := b.left; column < b.right; column++ {
		from := p.out.values[b.image*p.out.image+(b.top+residue)*p.out.step[0]+column*p.out.step[1]+group*p.columns+first:]
		for at := 0; at < columns; at += width {
			to := w.rows[(at*(b.right-b.left)+(column-b.left)*width)*rows:][:width*rows]
			packRows(to, from[at:], distance, width)
		}
	}
}

// addChunks adds the chunks' sums.
func (p *convPass[T]) addChunks(lo, hi int) {
	sum := p.sum[lo:hi]
	for c := 0; c < p.chunks-1; c++ {
		Add(sum, sum, p.partial[c*len(p.sum)+lo:][:hi-lo])
	}
}
