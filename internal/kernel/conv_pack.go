package kernel

import "github.com/plexaura/plexaura/internal/parallel"

// PackedSize returns how many elements the packed kernel of Convolve has; 0 where that
// reads the kernel as it is: there is nothing to multiply, too few pixels share a
// copy, or the channels are vectors by themselves. It depends on the images only by
// being 0 or not.
func (g *Conv) PackedSize() int {
	in, out := g.channels()
	if g.channelwise() || g.readsInPlace(out) || !g.pointwise() && g.pixels() <= fewRows*tallestTile {
		return 0
	}
	return g.Groups * g.Size[0] * g.Size[1] * in * roundUp(out, widestPanel)
}

// PackedInputSize is PackedSize for ConvolveInput.
func (g *Conv) PackedInputSize() int {
	in, out := g.channels()
	switch {
	case g.depthwise() || g.readsInPlace(in):
		return 0
	case g.channelwise():
		return g.Size[0] * g.Size[1] * out * g.InChannels
	}
	return g.Groups * g.Size[0] * g.Size[1] * out * roundUp(in, widestPanel)
}

// readsInPlace tells whether a product of so many columns a group reads the kernel as it is.
func (g *Conv) readsInPlace(columns int) bool {
	return g.empty() || g.pointwise() && (columns == 1 || g.pixels() <= fewestPixels)
}

// PackKernel copies a kernel [Size[0], Size[1], InChannels/Groups, OutChannels] into the
// panels that Convolve reads without gaps: for each group and piece of the sum, one for
// the columns of every tile. packed has g.PackedSize() elements, one at least.
//
// Packing takes as long as the convolution of a few pixels, so it pays to keep the result.
func PackKernel[T float32 | float64](g *Conv, packed, kernel []T) {
	p := takeConvPass[T]()
	p.forward(g)
	p.pack(packed, kernel)
	p.release()
}

// PackInputKernel is PackKernel for ConvolveInput: the panels of every phase, transposed.
// packed has g.PackedInputSize() elements, one at least.
func PackInputKernel[T float32 | float64](g *Conv, packed, kernel []T) {
	if g.channelwise() {
		packGroups(g, packed, kernel)
		return
	}
	for a := range min(g.phaseStep(0), g.Size[0]) {
		for b := range min(g.phaseStep(1), g.Size[1]) {
			p := takeConvPass[T]()
			at := p.phase(g, [2]int{a, b})
			p.pack(packed[at:], kernel)
			p.release()
		}
	}
}

// pack copies the kernel, in parallel where it is large.
func (p *convPass[T]) pack(packed, kernel []T) {
	const elements = 32768
	p.kernel, p.packed, p.stage = kernel, packed, packing
	p.measure()
	panels := ceilDiv(p.columns, p.micro.columns)
	parallel.For(p.shape.Groups*panels, max(1, elements/(p.length()*p.micro.columns)), p)
}

// measure fixes the sizes of panels and pieces.
func (p *convPass[T]) measure() {
	p.micro = microKernelsOf[T]()
	p.depth = pieceDepth(p.length())
}

// packPanel copies panel i of the kernel, counted through the groups. The last of a group
// may be narrower; what stands behind its columns is not read.
func (p *convPass[T]) packPanel(i int) {
	x, width := &p.images, p.micro.columns
	panels := ceilDiv(p.columns, width)
	group, at := i/panels, i%panels*width
	columns := min(width, p.columns-at)
	k := p.length()
	in, out := p.shape.channels()
	distance := p.shape.OutChannels
	for l := 0; l < k; {
		piece := l / p.depth * p.depth
		depth := min(p.depth, k-piece)
		tap, c := l/x.channels, l%x.channels
		run := min(x.channels-c, piece+depth-l)
		row, column := p.tap[0]+tap/x.taps[1]*p.tapStep[0], p.tap[1]+tap%x.taps[1]*p.tapStep[1]
		from := p.kernel[(row*p.shape.Size[1]+column)*in*distance+group*out:]
		to := p.packed[(group*k+piece)*panels*width+at*depth+(l-piece)*width:]
		switch {
		case p.transposed:
			packColumns(to[:run*width], from[at*distance+c:], run, columns, distance, width)
		case columns == width:
			packRows(to[:run*width], from[c*distance+at:], distance, width)
		default:
			for r := 0; r < run; r++ {
				copy(to[r*width:][:columns], from[(c+r)*distance+at:])
			}
		}
		l += run
	}
}
