package kernel

import (
	"sync"

	"github.com/plexaura/plexaura/internal/parallel"
)

// depthwisePass is a convolution of each channel by itself, or one of its gradients,
// on its way through parallel.For. With the channels last, each element of the
// kernel is a vector that meets vectors. A task computes rows, and finishes them while they
// are in the cache.
//
// A convolution of groups of few channels is the same but for the source, whose pixels
// are spread first: for each of a group's depth channels, lanes that have its value wherever the
// group has a result.
type depthwisePass[T float32 | float64] struct {
	*Conv
	stage   depthwiseStage
	lanes   int // channels of a result
	depth   int // channels of the source that each sees
	to      []T // what is computed: y, dx or the kernel's gradient
	from    []T // from what: x, dy or x
	weights []T // the kernel, or dy
	partial []T
	chunks  int    // of rows, where their sums are private
	size    [2]int // of the results
	block   int    // rows that are taken at a time

	After[T] // of the results
}

func convolveDepthwise[T float32 | float64](g *Conv, y, x, kernel []T, after After[T]) {
	d := takeDepthwise[T]()
	d.Conv, d.to, d.from, d.weights, d.After, d.stage = g, y, x, kernel, after, outputRows
	d.depth, d.lanes = g.InChannels/g.Groups, g.OutChannels
	d.run(g.Out, g.In[1])
}

// convolveDepthwiseInput takes the kernel as packGroups has packed it where groups have several channels.
func convolveDepthwiseInput[T float32 | float64](g *Conv, dx, dy, kernel []T, f Finisher[T]) {
	d := takeDepthwise[T]()
	d.Conv, d.to, d.from, d.weights, d.Finish, d.stage = g, dx, dy, kernel, f, inputRows
	d.depth, d.lanes = g.OutChannels/g.Groups, g.InChannels
	d.run(g.In, g.Out[1])
}

func convolveDepthwiseKernel[T float32 | float64](g *Conv, dkernel, x, dy, scratch []T) {
	d := takeDepthwise[T]()
	d.Conv, d.to, d.from, d.weights, d.partial, d.stage = g, dkernel, x, dy, scratch, kernelSums
	d.depth, d.lanes = g.InChannels/g.Groups, g.OutChannels
	d.chunks = depthwiseChunks(g)
	d.block = d.blockRows(g.In[1])
	parallel.For(d.chunks, 1, d)
	for c := 0; c < d.chunks-1; c++ {
		Add(dkernel, dkernel, scratch[c*len(dkernel):][:len(dkernel)])
	}
	d.release()
}

// run computes results of a size from source rows of so many pixels, in blocks of rows of an image.
func (d *depthwisePass[T]) run(size [2]int, pixels int) {
	d.size = size
	d.block = 1
	if d.spreads() {
		d.block = d.blockRows(pixels)
	}
	parallel.For(d.Batch*ceilDiv(size[0], d.block), max(1, d.grain(size[1])/d.block), d)
	d.release()
}

// spreads tells whether the source is spread.
func (d *depthwisePass[T]) spreads() bool { return !d.depthwise() }

const (
	// depthwiseWork is how many multiply-adds are worth handing over.
	depthwiseWork = 1 << 16
	// depthwiseRows is how many rows are taken at a time, at most, where several rows of the kernel
	// go over them, so that they stay in the second-level cache; of spread ones fewer, so that
	// they have about spreadElements.
	depthwiseRows  = 8
	spreadElements = 1 << 17
)

// blockRows is how many rows make a block, the source having rows of so many pixels.
func (d *depthwisePass[T]) blockRows(pixels int) int {
	if !d.spreads() {
		return depthwiseRows
	}
	return max(2, min(depthwiseRows, spreadElements/max(1, pixels*d.lanes*d.depth)))
}

// grain is how many rows of so many pixels are.
func (g *Conv) grain(pixels int) int {
	return max(1, depthwiseWork/max(1, pixels*g.InChannels*g.OutChannels/g.Groups*g.Size[0]*g.Size[1]))
}

// depthwiseChunks returns how many private sums the kernel's gradient has.
func depthwiseChunks(g *Conv) int {
	rows := g.Batch * g.Out[0]
	return max(1, min(rows, mostConvChunks, rows/g.grain(g.Out[1])))
}

// depthwiseStage is what Do is to do.
type depthwiseStage int

const (
	outputRows depthwiseStage = iota
	inputRows
	kernelSums
)

// Do implements parallel.Body.
func (d *depthwisePass[T]) Do(lo, hi int) {
	w := takeConvSpace[T]()
	for i := lo; i < hi; i++ {
		if d.stage == kernelSums {
			d.sumChunk(w, i)
			continue
		}
		blocks := ceilDiv(d.size[0], d.block)
		image, top := i/blocks, i%blocks*d.block
		d.rows(w, image, top, min(top+d.block, d.size[0]))
	}
	w.release()
}

// rows computes the rows [top, bottom) of an image.
func (d *depthwisePass[T]) rows(w *convSpace[T], image, top, bottom int) {
	first, last := d.sourceRows(top, bottom)
	source := d.source(w, image, first, last)
	for r := top; r < bottom; r++ {
		if d.stage == outputRows {
			d.row(source, image, d.along(0), r, d.along(1))
		} else {
			for b := range min(d.Stride[1], d.In[1]) { // the places of pixels in a stride
				d.row(source, image, d.back(0, r%d.Stride[0]), r/d.Stride[0], d.back(1, b))
			}
		}
		first := (image*d.size[0] + r) * d.size[1]
		row := d.to[first*d.lanes:][:d.size[1]*d.lanes]
		d.rectify(row)
		if d.Finish != nil {
			d.Finish.Finish(first, 0, row)
		}
	}
}

// row computes the results along cols of row t of an image.
func (d *depthwisePass[T]) row(source depthwiseSource[T], image int, rows depthwiseWalk, t int, cols depthwiseWalk) {
	c, pixel := d.lanes, d.lanes*d.depth
	top, height := rows.inside(t)
	from := (rows.start + t*rows.step + top*rows.dilation - source.first) * cols.size
	to := (image*d.size[0] + rows.at + t*rows.apart) * d.size[1]
	s := dots{Windows: Windows{Channels: c, Rows: height, Step: cols.step * pixel, RowStep: rows.dilation * cols.size * pixel}, apart: cols.apart * c}
	s.ColStep, s.weightCol = cols.dilation*pixel, cols.weightStep*pixel
	weight, line := cols.weight*pixel, d.Size[1]*pixel
	if d.spreads() {
		s.ColStep, s.weightCol = c, c
		if d.stage == inputRows {
			weight, line = d.packed(cols)*pixel, cols.taps*pixel
		}
	}
	weight += (rows.weight + top*rows.weightStep) * line
	s.weightRow = rows.weightStep * line
	results := func(first, count, left, width int) {
		x := source.values
		s.Count, s.Cols = count, width*d.depth
		if !s.empty() {
			x = x[(from+cols.start+first*cols.step+left*cols.dilation)*pixel:]
		}
		s.weight = weight + left*d.depth*s.weightCol
		dotWindows(d.to[(to+cols.at+first*cols.apart)*c:], x, d.weights, d.Bias, s)
	}
	first, last := cols.whole()
	if cols.taps == 0 {
		first, last = 0, 0
	}
	for j := 0; j < cols.count; j++ {
		if j == first && last > first {
			results(first, last-first, 0, cols.taps)
			j = last - 1
			continue
		}
		left, width := cols.inside(j)
		results(j, 1, left, width)
	}
}

// sumChunk sums up the kernel's gradient over a chunk of rows.
func (d *depthwisePass[T]) sumChunk(w *convSpace[T], i int) {
	sum := d.to
	if i > 0 {
		sum = d.partial[(i-1)*len(sum):][:len(sum)]
	}
	clear(sum)
	rows := d.Batch * d.Out[0]
	first, last := share(rows, i, d.chunks), share(rows, i+1, d.chunks)
	for first < last {
		image := first / d.Out[0]
		end := min(last, (image+1)*d.Out[0], first+d.block)
		d.sumRows(w, sum, image, first-image*d.Out[0], end-image*d.Out[0])
		first = end
	}
}

// sumRows adds what rows [top, bottom) of an image of dy contribute to the kernel's gradient:
// row by row where whole windows lie in the image, and column by column beside them.
func (d *depthwisePass[T]) sumRows(w *convSpace[T], sum []T, image, top, bottom int) {
	c, pixel := d.lanes, d.lanes*d.depth
	begin, end := d.sourceRows(top, bottom)
	source := d.source(w, image, begin, end)
	rows, cols := d.along(0), d.along(1)
	line := d.In[1] * pixel
	first, last := cols.whole()
	for p := range rows.taps {
		// The rows that have tap p in the image.
		from := rows.start + p*rows.dilation
		lo := max(top, ceilDiv(max(0, -from), rows.step))
		hi := min(bottom, ceilDiv(max(0, rows.size-from), rows.step))
		if lo >= hi {
			continue
		}
		x := source.values[(from+lo*rows.step-source.first)*line:]
		dy := d.weights[(image*d.Out[0]+lo)*d.Out[1]*c:]
		s := dots{Windows: Windows{Channels: c, ColStep: cols.dilation * c}, weightCol: c} // groups have no dilation
		s.Count, s.Step, s.apart = hi-lo, rows.step*line, d.Out[1]*c
		for j := 0; j < cols.count; j++ {
			if j == first && last > first {
				j = last - 1
				continue
			}
			left, width := cols.inside(j)
			if s.Cols, s.weight = width*d.depth, (p*d.Size[1]+left)*pixel; width > 0 {
				sumWindows(sum, x[(cols.start+j*cols.step+left*cols.dilation)*pixel:], dy[j*c:], s)
			}
		}
		s.Count, s.Step, s.apart = last-first, cols.step*pixel, c
		s.Cols, s.weight = cols.taps*d.depth, p*d.Size[1]*pixel
		for i := 0; i < hi-lo && last > first; i++ {
			sumWindows(sum, x[i*rows.step*line+(cols.start+first*cols.step)*pixel:], dy[(i*d.Out[1]+first)*c:], s)
		}
	}
}

var (
	depthwise32 = sync.Pool{New: func() any { return new(depthwisePass[float32]) }}
	depthwise64 = sync.Pool{New: func() any { return new(depthwisePass[float64]) }}
)

func takeDepthwise[T float32 | float64]() *depthwisePass[T] {
	if is32[T]() {
		return depthwise32.Get().(*depthwisePass[T])
	}
	return depthwise64.Get().(*depthwisePass[T])
}

func (d *depthwisePass[T]) release() {
	*d = depthwisePass[T]{}
	if is32[T]() {
		depthwise32.Put(d)
	} else {
		depthwise64.Put(d)
	}
}
