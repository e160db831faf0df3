package kernel

import "github.com/plexaura/plexaura/internal/parallel"

// Conv is the geometry of a two-dimensional convolution of channels-last images:
//
//	x      [Batch, In[0], In[1], InChannels]
//	kernel [Size[0], Size[1], InChannels/Groups, OutChannels]
//	y      [Batch, Out[0], Out[1], OutChannels]
//
//	y[n, i, j, o] = sum over p, q, c of
//		x[n, i*Stride[0]+p*Dilation[0]-Before[0], j*Stride[1]+q*Dilation[1]-Before[1], g*channels+c] * kernel[p, q, c, o]
//
// where o lies in group g, channels = InChannels/Groups, and x is zero outside of
// the image. Before says how much of that lies above and left of it.
type Conv struct {
	Batch, Groups           int
	In, Out                 [2]int // height and width of x and y
	InChannels, OutChannels int
	Size                    [2]int // of the kernel
	Stride, Dilation        [2]int
	Before                  [2]int
}

// pointwise tells whether the convolution is a product of matrices: each output
// sees one pixel, in order.
func (g *Conv) pointwise() bool {
	one := [2]int{1, 1}
	return g.Groups == 1 && g.Size == one && g.Stride == one && g.Before == [2]int{} && g.In == g.Out
}

// depthwise tells whether every output channel has an input channel of its own.
func (g *Conv) depthwise() bool {
	return g.Groups > 1 && g.Groups == g.InChannels && g.Groups == g.OutChannels
}

// channels returns how many channels of x and of y a group has.
func (g *Conv) channels() (in, out int) { return g.InChannels / g.Groups, g.OutChannels / g.Groups }

// pixels returns how many outputs all images have, of one channel.
func (g *Conv) pixels() int { return g.Batch * g.Out[0] * g.Out[1] }

// empty tells whether there is nothing to sum up: one of the operands has no element.
func (g *Conv) empty() bool {
	return g.pixels() == 0 || g.InChannels == 0 || g.OutChannels == 0 || g.Size[0]*g.Size[1] == 0
}

// Convolve computes y as Conv defines it; then y[n, i, j, o] += bias[o] unless bias
// is nil, then f on all of y unless f is nil, to which a row is a pixel.
//
// Nothing the size of the kernel's windows is made in memory. A task copies so much of x
// as stays in the cache, a copy for each column of the kernel, in an order in which
// the windows of outputs below each other are overlapping runs of it: rows of a
// matrix of which the micro-kernels of Gemm make tiles of y. The sum is taken in the
// order of the kernel's elements with fused multiply-adds, in pieces whose length
// depends on their number alone, so an image's bits depend neither on the other
// images nor on the number of processors.
//
// scratch has g.ConvolveScratch() elements. Convolve does not allocate in the steady state.
func Convolve[T float32 | float64](g *Conv, y, x, kernel, bias, scratch []T, f Finisher[T]) {
	switch {
	case g.pixels() == 0 || g.OutChannels == 0:
	case g.pointwise():
		GemmFinish(false, false, g.pixels(), g.OutChannels, g.InChannels, 1, x, g.InChannels, kernel, g.OutChannels, 0, y, g.OutChannels, bias, f)
	case g.empty():
		clear(y)
		finishPixels(y, g.OutChannels, bias, f)
	case g.depthwise():
		convolveDepthwise(g, y, x, kernel)
		finishPixels(y, g.OutChannels, bias, f)
	default:
		in, out := g.channels()
		p := takeConvPass[T]()
		p.shape = g
		p.images = windows[T]{
			values: x, size: g.In, channels: in, allChannels: g.InChannels,
			taps: g.Size, stride: g.Stride, dilation: g.Dilation, before: g.Before,
		}
		p.out = plane[T]{values: y, count: g.Out, step: [2]int{g.Out[1] * g.OutChannels, g.OutChannels}, image: g.Out[0] * g.Out[1] * g.OutChannels}
		p.columns = out
		p.kernel, p.tap, p.tapStep = kernel, [2]int{}, [2]int{1, 1}
		p.bias = bias
		if g.Groups == 1 {
			p.finish = f
		}
		p.run(scratch)
		p.release()
		if g.Groups > 1 {
			finishPixels(y, g.OutChannels, nil, f)
		}
	}
}

// ConvolveScratch returns how many elements of scratch Convolve needs.
func (g *Conv) ConvolveScratch() int {
	if g.pointwise() || g.depthwise() || g.empty() {
		return 0
	}
	in, out := g.channels()
	return g.Groups * g.Size[0] * g.Size[1] * in * roundUp(out, widestPanel)
}

// ConvolveInput computes the gradient of a convolution for x, given that for y; it is
// the transposed convolution. Then it calls f on all of dx unless f is nil.
//
//	dx[n, a, b, g*channels+c] = sum over p, q, o of dy[n, i, j, o] * kernel[p, q, c, o]
//	over the i, j with i*Stride[0]+p*Dilation[0]-Before[0] = a, and so on, and the o of group g
//
// It is a convolution of dy for each of the Stride[0] * Stride[1] places of a that meet
// other elements of the kernel, by the same code as Convolve, with what that says
// of order, bits and memory. scratch has g.ConvolveInputScratch() elements.
func ConvolveInput[T float32 | float64](g *Conv, dx, dy, kernel, scratch []T, f Finisher[T]) {
	switch {
	case len(dx) == 0:
	case g.empty():
		clear(dx)
		finishPixels(dx, g.InChannels, nil, f)
	case g.pointwise():
		GemmFinish(false, true, g.pixels(), g.InChannels, g.OutChannels, 1, dy, g.OutChannels, kernel, g.OutChannels, 0, dx, g.InChannels, nil, f)
	case g.depthwise():
		convolveDepthwiseInput(g, dx, dy, kernel)
		finishPixels(dx, g.InChannels, nil, f)
	case g.Groups == 1 && g.Stride == [2]int{1, 1}:
		convolvePhase(g, [2]int{}, dx, dy, kernel, scratch, f)
	default:
		clear(dx) // a stride may leave pixels out
		for a := range min(g.Stride[0], g.In[0]) {
			for b := range min(g.Stride[1], g.In[1]) {
				phase := [2]int{(a + g.Before[0]) % g.Stride[0], (b + g.Before[1]) % g.Stride[1]}
				convolvePhase(g, phase, dx, dy, kernel, scratch, nil)
			}
		}
		finishPixels(dx, g.InChannels, nil, f)
	}
}

// ConvolveInputScratch returns how many elements of scratch ConvolveInput needs.
func (g *Conv) ConvolveInputScratch() int {
	if g.pointwise() || g.depthwise() || g.empty() {
		return 0
	}
	in, out := g.channels()
	return g.Groups * g.Size[0] * g.Size[1] * out * roundUp(in, widestPanel)
}

// convolvePhase computes the pixels of dx whose place, counted from where the
// kernel may begin, is phase modulo the stride. Those that follow each other meet the
// same elements of the kernel at outputs that follow each other. f may be given where
// these are all pixels.
func convolvePhase[T float32 | float64](g *Conv, phase [2]int, dx, dy, kernel, scratch []T, f Finisher[T]) {
	in, out := g.channels()
	p := takeConvPass[T]()
	defer p.release()
	p.shape = g
	w := windows[T]{values: dy, size: g.Out, channels: out, allChannels: g.OutChannels, stride: [2]int{1, 1}}
	o := plane[T]{values: dx, image: g.In[0] * g.In[1] * g.InChannels}
	row := [2]int{g.In[1] * g.InChannels, g.InChannels}
	for a := range 2 {
		first := 0
		for first < g.Size[a] && first*g.Dilation[a]%g.Stride[a] != phase[a] {
			first++
		}
		common := gcd(g.Stride[a], g.Dilation[a])
		step := g.Stride[a] / common
		w.taps[a] = max(0, ceilDiv(g.Size[a]-first, step))
		if w.taps[a] == 0 {
			return
		}
		// The kernel's element k meets pixel t*Stride + phase - Before at output
		// t - (k*Dilation - phase)/Stride: the last element at the first output.
		last := first + (w.taps[a]-1)*step
		begin := ceilDiv(max(0, g.Before[a]-phase[a]), g.Stride[a])
		at := begin*g.Stride[a] + phase[a] - g.Before[a]
		if at >= g.In[a] {
			return
		}
		w.dilation[a] = g.Dilation[a] / common
		w.before[a] = (last*g.Dilation[a]-phase[a])/g.Stride[a] - begin
		o.count[a] = ceilDiv(g.In[a]-at, g.Stride[a])
		o.start += at * row[a]
		o.step[a] = g.Stride[a] * row[a]
		p.tap[a], p.tapStep[a] = last, -step
	}
	p.images, p.out, p.columns = w, o, in
	p.kernel, p.transposed, p.finish = kernel, true, f
	p.run(scratch)
}

// finishPixels adds the bias to pixels of so many channels and calls f, where that was
// not done on the way.
func finishPixels[T float32 | float64](y []T, channels int, bias []T, f Finisher[T]) {
	if len(y) == 0 || bias == nil && f == nil {
		return
	}
	p := takeConvPass[T]()
	p.columns, p.bias, p.finish, p.out.values = channels, bias, f, y
	p.stage = finishing
	parallel.For(len(y)/channels, max(1, finishGrain/channels), p)
	p.release()
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
