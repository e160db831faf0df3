package kernel

import (
	"sync"

	"github.com/plexaura/plexaura/internal/parallel"
)

// depthwisePass is a convolution of each channel by itself, or one of its gradients,
// on its way through parallel.For. With the channels last, each element of the
// kernel is a vector that meets vectors.
type depthwisePass[T float32 | float64] struct {
	*Conv
	stage   depthwiseStage
	y, x    []T
	kernel  []T
	partial []T
	chunks  int // of rows, where their sums are private
}

func convolveDepthwise[T float32 | float64](g *Conv, y, x, kernel []T) {
	d := takeDepthwise[T]()
	d.Conv, d.y, d.x, d.kernel, d.stage = g, y, x, kernel, outputRows
	parallel.For(g.Batch*g.Out[0], d.grain(g.Out[1]), d)
	d.release()
}

func convolveDepthwiseInput[T float32 | float64](g *Conv, dx, dy, kernel []T) {
	d := takeDepthwise[T]()
	d.Conv, d.y, d.x, d.kernel, d.stage = g, dy, dx, kernel, inputRows
	parallel.For(g.Batch*g.In[0], d.grain(g.In[1]), d)
	d.release()
}

func convolveDepthwiseKernel[T float32 | float64](g *Conv, dkernel, x, dy, scratch []T) {
	d := takeDepthwise[T]()
	d.Conv, d.y, d.x, d.kernel, d.partial, d.stage = g, dy, x, dkernel, scratch, kernelSums
	d.chunks = depthwiseChunks(g)
	parallel.For(d.chunks, 1, d)
	for c := 0; c < d.chunks-1; c++ {
		Add(dkernel, dkernel, scratch[c*len(dkernel):][:len(dkernel)])
	}
	d.release()
}

// depthwiseWork is how many multiply-adds are worth handing over.
const depthwiseWork = 1 << 16

// grain is how many rows of so many pixels are.
func (g *Conv) grain(pixels int) int {
	return max(1, depthwiseWork/max(1, pixels*g.InChannels*g.Size[0]*g.Size[1]))
}

// depthwiseChunks returns how many private sums the kernel's gradient has.
func depthwiseChunks(g *Conv) int {
	rows := g.Batch * g.Out[0]
	return max(1, min(rows, mostConvChunks, rows/g.grain(g.Out[1])))
}

// Do implements parallel.Body.
func (d *depthwisePass[T]) Do(lo, hi int) {
	for i := lo; i < hi; i++ {
		switch d.stage {
		case outputRows:
			d.outputRow(i)
		case inputRows:
			d.inputRow(i)
		default:
			d.sumChunk(i)
		}
	}
}

// depthwiseStage is what Do is to do.
type depthwiseStage int

const (
	outputRows depthwiseStage = iota
	inputRows
	kernelSums
)

// sumChunk sums up the kernel's gradient over a chunk of rows.
func (d *depthwisePass[T]) sumChunk(i int) {
	sum := d.kernel
	if i > 0 {
		sum = d.partial[(i-1)*len(sum):][:len(sum)]
	}
	clear(sum)
	rows := d.Batch * d.Out[0]
	for r := share(rows, i, d.chunks); r < share(rows, i+1, d.chunks); r++ {
		d.sumRow(sum, r)
	}
}

// rowOf returns row r of images with so many rows, of so many pixels.
func (g *Conv) rowOf(size [2]int, image, row int) (at, length int) {
	length = size[1] * g.InChannels
	return (image*size[0] + row) * length, length
}

// columns returns the outputs [first, last) of a row that tap q finds inside of the image.
func (g *Conv) columns(q int) (first, last int) {
	left := q*g.Dilation[1] - g.Before[1]
	first = ceilDiv(max(0, -left), g.Stride[1])
	last = min(g.Out[1], ceilDiv(max(0, g.In[1]-left), g.Stride[1]))
	return first, max(first, last)
}

// tap returns the column of x that output j meets with tap q.
func (g *Conv) tap(j, q int) int { return j*g.Stride[1] + q*g.Dilation[1] - g.Before[1] }

// outputRow computes a row of y.
func (d *depthwisePass[T]) outputRow(row int) {
	n, i, c := row/d.Out[0], row%d.Out[0], d.InChannels
	at, length := d.rowOf(d.Out, n, i)
	y := d.y[at:][:length]
	clear(y)
	for p := range d.Size[0] {
		a := i*d.Stride[0] + p*d.Dilation[0] - d.Before[0]
		if a < 0 || a >= d.In[0] {
			continue
		}
		at, length := d.rowOf(d.In, n, a)
		x := d.x[at:][:length]
		for q := range d.Size[1] {
			w := d.kernel[(p*d.Size[1]+q)*c:][:c]
			first, last := d.columns(q)
			if b := d.tap(first, q); first < last {
				MulAddRows(y[first*c:], x[b*c:], w, last-first, c, d.Stride[1]*c)
			}
		}
	}
}

// inputRow computes a row of dx, which is d.x, given dy, which is d.y.
func (d *depthwisePass[T]) inputRow(row int) {
	n, a, c := row/d.In[0], row%d.In[0], d.InChannels
	at, length := d.rowOf(d.In, n, a)
	dx := d.x[at:][:length]
	clear(dx)
	for p := range d.Size[0] {
		i := a + d.Before[0] - p*d.Dilation[0]
		if i < 0 || i%d.Stride[0] != 0 || i/d.Stride[0] >= d.Out[0] {
			continue
		}
		at, length := d.rowOf(d.Out, n, i/d.Stride[0])
		dy := d.y[at:][:length]
		for q := range d.Size[1] {
			w := d.kernel[(p*d.Size[1]+q)*c:][:c]
			first, last := d.columns(q)
			if b := d.tap(first, q); first < last {
				MulAddRows(dx[b*c:], dy[first*c:], w, last-first, d.Stride[1]*c, c)
			}
		}
	}
}

// sumRow adds what a row of dy, which is d.y, contributes to the kernel's gradient.
func (d *depthwisePass[T]) sumRow(sum []T, row int) {
	n, i, c := row/d.Out[0], row%d.Out[0], d.InChannels
	at, length := d.rowOf(d.Out, n, i)
	dy := d.y[at:][:length]
	for p := range d.Size[0] {
		a := i*d.Stride[0] + p*d.Dilation[0] - d.Before[0]
		if a < 0 || a >= d.In[0] {
			continue
		}
		at, length := d.rowOf(d.In, n, a)
		x := d.x[at:][:length]
		for q := range d.Size[1] {
			s := sum[(p*d.Size[1]+q)*c:][:c]
			first, last := d.columns(q)
			if b := d.tap(first, q); first < last {
				MulAddSums(s, x[b*c:], dy[first*c:], last-first, d.Stride[1]*c, c)
			}
		}
	}
}

var (
	depthwise32 = sync.Pool{New: func() any { return new(depthwisePass[float32]) }}
	depthwise64 = sync.Pool{New: func() any { return new(depthwisePass[float64]) }}
)

func takeDepthwise[T float32 | float64]() *depthwisePass[T] {
	if is32[T]() {
		return any(depthwise32.Get()).(*depthwisePass[T])
	}
	return any(depthwise64.Get()).(*depthwisePass[T])
}

func (d *depthwisePass[T]) release() {
	*d = depthwisePass[T]{}
	if is32[T]() {
		depthwise32.Put(d)
	} else {
		depthwise64.Put(d)
	}
}
