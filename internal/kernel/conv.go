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

// fewestGrouped is how many channels a group must have, of x or of y, to be worth tiles of its own.
const fewestGrouped = 5

// channelwise tells whether the channels are convolved by themselves, or in groups of so few that
// vectors across the groups do better than a product for each.
func (g *Conv) channelwise() bool {
	in, out := g.channels()
	return g.depthwise() || g.Groups > 1 && in < fewestGrouped && out < fewestGrouped && g.Dilation[1] == 1
}

// channels returns how many channels of x and of y a group has.
func (g *Conv) channels() (in, out int) { return g.InChannels / g.Groups, g.OutChannels / g.Groups }

// pixels returns how many outputs all images have, of one channel.
func (g *Conv) pixels() int { return g.Batch * g.Out[0] * g.Out[1] }

// empty tells whether there is nothing to sum up: one of the operands has no element.
func (g *Conv) empty() bool {
	return g.pixels() == 0 || g.InChannels == 0 || g.OutChannels == 0 || g.Size[0]*g.Size[1] == 0
}

// Convolve computes y as Conv defines it, then does to it what after says, to which a row
// is a pixel. The kernel is as PackKernel has packed it, or where PackedSize is 0, as it is.
//
// Nothing the size of the kernel's windows is made in memory. A task copies so much of x
// as stays in the cache, with its pads, or reads it where it lies; there the windows of
// outputs beside or below each other are the overlapping rows of a matrix of which the
// micro-kernels of Gemm make tiles of y. The sum is taken in the order of the kernel's
// elements with fused multiply-adds, in pieces whose length depends on their number
// alone, so an image's bits depend neither on the other images nor on the number of
// processors.
//
// Convolve does not allocate in the steady state.
func Convolve[T float32 | float64](g *Conv, y, x, kernel []T, after After[T]) {
	switch {
	case g.pixels() == 0 || g.OutChannels == 0:
	case g.pointwise():
		multiplyPixels(g.pixels(), g.OutChannels, g.InChannels, false, y, x, kernel, g.PackedSize() > 0, after)
	case g.empty():
		clear(y)
		finishPixels(y, g.OutChannels, after)
	case g.channelwise():
		convolveDepthwise(g, y, x, kernel, after)
	default:
		p := takeConvPass[T]()
		p.forward(g)
		p.inPlace = g.PackedSize() == 0
		p.images.values, p.out.values, p.packed, p.After = x, y, kernel, after
		if g.Groups > 1 {
			p.Finish = nil
		}
		p.run()
		p.release()
		if g.Groups > 1 {
			finishPixels(y, g.OutChannels, After[T]{Finish: after.Finish})
		}
	}
}

// forward makes p ready for the convolution g but for the operands.
func (p *convPass[T]) forward(g *Conv) {
	in, out := g.channels()
	p.shape, p.columns = g, out
	p.images = imageWindows[T]{size: g.In, channels: in, allChannels: g.InChannels, taps: g.Size, stride: g.Stride, dilation: g.Dilation, before: g.Before}
	p.out = plane[T]{count: g.Out, step: [2]int{g.Out[1] * g.OutChannels, g.OutChannels}, image: g.Out[0] * g.Out[1] * g.OutChannels}
	p.tap, p.tapStep = [2]int{}, [2]int{1, 1}
}

// multiplyPixels computes y [pixels, out] as the product of x [pixels, in] and a kernel
// [in, out], or [out, in] if it is transposed, packed or as it is; then it does what after says.
func multiplyPixels[T float32 | float64](pixels, out, in int, transposed bool, y, x, kernel []T, packed bool, after After[T]) {
	switch {
	case packed:
		gemmPacked(pixels, out, in, x, kernel, y, after)
	case transposed:
		GemmFinish(false, true, pixels, out, in, 1, x, in, kernel, in, 0, y, out, after)
	default:
		GemmFinish(false, false, pixels, out, in, 1, x, in, kernel, out, 0, y, out, after)
	}
}

// finishPixels does what after says to pixels of so many channels, where that was not done
// on the way.
func finishPixels[T float32 | float64](y []T, channels int, after After[T]) {
	if len(y) == 0 || after.Bias == nil && !after.Rectify && after.Finish == nil {
		return
	}
	p := takeConvPass[T]()
	p.columns, p.After, p.out.values = channels, after, y
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
