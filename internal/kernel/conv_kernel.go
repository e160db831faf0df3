package kernel

import (
	"sync"

	"github.com/plexaura/plexaura/internal/parallel"
)

// ConvolveKernel computes the gradient of a convolution for its kernel, given that
// for y, as a matrix product does
//
//	dkernel[p, q, c, o] = alpha*s + beta*dkernel[p, q, c, o]
//	s = sum over n, i, j of x[n, i*Stride[0]+p*Dilation[0]-Before[0], ..., g*channels+c] * dy[n, i, j, o]
//
// then calls f on all of dkernel, rows of OutChannels, unless f is nil. With beta == 0, dkernel is only
// written; otherwise each element is added to once, so that small sums do not get lost piece by piece.
//
// It is the product of the windows of x, transposed, with dy. Images of many pixels are cut into blocks, in chunks by the
// shape alone; each sums in the order of its blocks and their pixels, and the chunks are added in order. Of images of few
// pixels each element of the kernel gathers what it meets. So the bits do not depend on the number of processors. scratch
// has g.ConvolveKernelScratch() elements. ConvolveKernel does not allocate in the steady state.
func ConvolveKernel[T float32 | float64](g *Conv, alpha T, x, dy []T, beta T, dkernel, scratch []T, f Finisher[T]) {
	if len(dkernel) == 0 {
		return
	}
	p := takeKernelGradient[T]()
	defer p.release()
	p.alpha, p.beta, p.finish, p.sum, p.partial = alpha, beta, f, dkernel, scratch
	p.plan(g)
	p.stage = finishing
	switch {
	case g.empty():
		scaleMatrix(1, len(dkernel), beta, dkernel, len(dkernel))
	case g.channelwise():
		first := p.first()
		convolveDepthwiseKernel(g, first, x, dy, scratch[len(scratch)-(depthwiseChunks(g)-1)*len(dkernel):])
		p.stage = adding
	default:
		p.x, p.dy = x, dy
		p.stage = summing
		parallel.For(p.tasks, 1, p)
		if p.byTaps {
			return // the tasks have finished their rows
		}
		p.stage = adding
	}
	if p.stage == adding || f != nil {
		parallel.For(len(dkernel)/g.OutChannels, max(1, finishGrain/g.OutChannels), p)
	}
}

// ConvolveKernelScratch returns how many elements of scratch ConvolveKernel needs.
func (g *Conv) ConvolveKernelScratch() int {
	if g.empty() {
		return 0
	}
	p := takeKernelGradient[float32]()
	defer p.release()
	p.plan(g)
	return p.partials() * p.rows() * g.OutChannels
}

// kernelGradient is the gradient of a kernel on its way through parallel.For: a matrix with a row for each
// element [p, q, c] of the kernel.
type kernelGradient[T float32 | float64] struct {
	Conv
	x, dy       []T
	alpha, beta T
	sum         []T
	partial     []T // the sums of chunks, all but the first's; of all where they are to be added to something
	finish      Finisher[T]

	micro  *microKernels
	byTaps bool   // each element of the kernel gathers the pixels that it meets
	pixels int    // in a block, at most, of those
	blocks [2]int // that an image is cut into otherwise
	tasks  int    // parts of the rows, or chunks of the blocks
	stage  convStage
}

const (
	mostConvChunks   = 8   // enough for all processors to end at about the same time
	mostBlockPixels  = 256 // of which a tile's rows of windows and its columns of dy fit into the L1 cache
	fewestTaskRows   = 64  // of the gradient: each task copies y's gradient anew
	fewestChunk      = 256 // pixels: to add the chunk's sums takes some 1/16 of their time
	sharedBlockRows  = 8   // a block of fewer copies too many rows that its neighbours copy too
	maxKernelPartial = 1 << 22
	maxTapElements   = 1 << 17 // of a block of gathered pixels, which shall stay in the L2 cache
)

// plan makes p ready but for its operands.
func (p *kernelGradient[T]) plan(g *Conv) {
	p.Conv = *g
	p.micro = microKernelsOf[T]()
	if g.empty() || g.channelwise() {
		p.tasks = depthwiseChunks(g)
		return
	}
	if g.pointwise() { // pixels are pixels, of whatever image
		p.Batch, p.In, p.Out = 1, [2]int{1, g.pixels()}, [2]int{1, g.pixels()}
	}
	in, out := g.channels()
	pixels := min(mostBlockPixels, windowElements/max(p.InChannels/p.Groups, p.lineCopies()))
	p.blocks[1] = ceilDiv(p.Out[1], max(1, pixels/min(p.Out[0], sharedBlockRows)))
	p.blocks[0] = ceilDiv(p.Out[0], max(1, pixels/ceilDiv(p.Out[1], p.blocks[1])))
	p.pixels = min(mostBlockPixels, max(fewestPixels, maxTapElements/(in+out)))

	work := float64(g.pixels()) * float64(p.rows()) * float64(g.OutChannels)
	tasks := int(min(work/taskWork, mostConvChunks))
	size := p.rows() * g.OutChannels
	chunks := evenTasks(min(tasks, g.pixels()/fewestChunk, p.blockCount(), max(2, maxKernelPartial/size)))
	parts := evenTasks(min(tasks, max(2, p.rows()/fewestTaskRows)))
	p.byTaps = p.costOfTaps(parts) < p.costOfLines(chunks)
	p.tasks = chunks
	if p.byTaps {
		p.tasks = parts
	}
}

// evenTasks rounds down to an even number, which keeps two processors busy to the end.
func evenTasks(n int) int { return max(1, n&^1) }

// The costs estimate which way is faster, in multiply-adds for each pixel of y. In the time in which an element is copied, the
// processor does some 10 of them, and 16 in that of adding up a chunk's element; a tile begins and ends in that of 5 pixels.
const (
	costOfCopy  = 10
	costOfChunk = 16
	costOfTile  = 5
)

func (p *kernelGradient[T]) costOfLines(chunks int) float64 {
	_, out := p.channels()
	products, images := float64(p.rows()*out), float64(p.Batch*p.Out[0]*p.Out[1])
	block := float64(ceilDiv(p.Out[0], p.blocks[0]) * ceilDiv(p.Out[1], p.blocks[1]))
	copies := float64(p.lineCopies() + out)
	cost := products*(p.insideShare(0)+costOfTile/block+costOfChunk*float64(chunks)/images) + costOfCopy*copies
	if chunks == 1 && products*images*float64(p.Groups) > serialWork {
		cost *= 2 // one processor does it all
	}
	return cost
}

// lineCopies returns how many elements are copied for a pixel of y.
func (p *kernelGradient[T]) lineCopies() int {
	switch {
	case p.linesInPlace():
		return 0
	case p.linesOverlap():
		return p.Stride[0] * p.Stride[1] * p.InChannels
	}
	return p.line()
}

func (p *kernelGradient[T]) costOfTaps(tasks int) float64 {
	in, out := p.channels()
	products, images := float64(p.rows()*out), float64(p.Batch*p.Out[0]*p.Out[1])
	taps := p.Size[0] * p.Size[1]
	copies := float64(taps*in + (taps+tasks-1)*out)
	return p.insideShare(0) * p.insideShare(1) * (products*(1+costOfTile/min(float64(p.pixels), images)) + costOfCopy*copies)
}

// insideShare returns the share of the pairs of an output and an element of the kernel, along an axis, that do not meet a pad.
func (p *kernelGradient[T]) insideShare(axis int) float64 {
	pairs := 0
	for k := range p.Size[axis] {
		first, last := p.inside(axis, k)
		pairs += last - first
	}
	return float64(pairs) / float64(p.Size[axis]*p.Out[axis])
}

// rows returns how many rows the gradient has, and line how many those of a row of the kernel.
func (p *kernelGradient[T]) rows() int { return p.Size[0] * p.line() }

func (p *kernelGradient[T]) line() int { return p.Size[1] * p.InChannels / p.Groups }

// inside returns the outputs [first, last) along an axis at which the element k of the kernel meets the image.
func (p *kernelGradient[T]) inside(axis, k int) (first, last int) {
	at := k*p.Dilation[axis] - p.Before[axis] // of output 0
	first = min(p.Out[axis], ceilDiv(max(0, -at), p.Stride[axis]))
	last = min(p.Out[axis], ceilDiv(max(0, p.In[axis]-at), p.Stride[axis]))
	return first, max(first, last)
}

// partials returns how many sums beside the gradient there may have to be.
func (p *kernelGradient[T]) partials() int {
	if p.byTaps && p.Batch*p.Out[0]*p.Out[1] <= p.pixels {
		return 0
	}
	if p.byTaps {
		return 1
	}
	return p.tasks
}

// first returns the sum of the first chunk: the gradient itself where it is only written.
func (p *kernelGradient[T]) first() []T {
	if p.beta == 0 || p.partials() == 0 {
		return p.sum
	}
	return p.partial[:len(p.sum)]
}

// chunk returns the sum of chunk i.
func (p *kernelGradient[T]) chunk(i int) []T {
	if i == 0 {
		return p.first()
	}
	if p.beta == 0 {
		i--
	}
	return p.partial[i*len(p.sum):][:len(p.sum)]
}

// Do implements parallel.Body.
func (p *kernelGradient[T]) Do(lo, hi int) {
	if p.stage != summing {
		p.finishRows(lo, hi)
		return
	}
	w := takeConvSpace[T]()
	for i := lo; i < hi; i++ {
		if p.byTaps {
			p.sumTaps(w, i)
		} else {
			p.sumChunk(w, i)
		}
	}
	w.release()
}

// finishRows adds up the chunks' sums and hands over the rows [lo, hi).
func (p *kernelGradient[T]) finishRows(lo, hi int) {
	lo, hi = lo*p.OutChannels, hi*p.OutChannels
	if p.stage == adding {
		total := p.chunk(0)[lo:hi]
		if !p.channelwise() {
			for i := 1; i < p.tasks; i++ {
				Add(total, total, p.chunk(i)[lo:hi])
			}
		}
		p.accumulate(lo, hi)
	}
	if p.finish != nil {
		p.finish.Finish(lo/p.OutChannels, 0, p.sum[lo:hi])
	}
}

// accumulate makes of the first sum's elements [lo, hi) those of the gradient.
func (p *kernelGradient[T]) accumulate(lo, hi int) {
	total, sum := p.first()[lo:hi], p.sum[lo:hi]
	switch {
	case p.beta != 0:
		scaleMatrix(1, len(sum), p.beta, sum, len(sum))
		Axpy(sum, p.alpha, total)
	case p.alpha != 1:
		MulScalar(sum, total, p.alpha)
	}
}

var (
	kernelGradients32 = sync.Pool{New: func() any { return new(kernelGradient[float32]) }}
	kernelGradients64 = sync.Pool{New: func() any { return new(kernelGradient[float64]) }}
)

func takeKernelGradient[T float32 | float64]() *kernelGradient[T] {
	if is32[T]() {
		return kernelGradients32.Get().(*kernelGradient[T])
	}
	return kernelGradients64.Get().(*kernelGradient[T])
}

func (p *kernelGradient[T]) release() {
	*p = kernelGradient[T]{}
	if is32[T]() {
		kernelGradients32.Put(p)
	} else {
		kernelGradients64.Put(p)
	}
}
