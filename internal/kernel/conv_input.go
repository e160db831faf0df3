package kernel

// ConvolveInput computes the gradient of a convolution for x, given that for y; it is
// the transposed convolution. Then it calls f on all of dx unless f is nil.
//
//	dx[n, a, b, g*channels+c] = sum over p, q, o of dy[n, i, j, o] * kernel[p, q, c, o]
//	over the i, j with i*Stride[0]+p*Dilation[0]-Before[0] = a, and so on, and the o of group g
//
// The kernel is as PackInputKernel has packed it, or where PackedInputSize is 0, as it is.
//
// It is a convolution of dy for each of the Stride[0] * Stride[1] places of a that meet
// other elements of the kernel, its phases, by the same code as Convolve, with what that
// says of order, bits and memory.
func ConvolveInput[T float32 | float64](g *Conv, dx, dy, kernel []T, f Finisher[T]) {
	switch {
	case len(dx) == 0:
	case g.empty():
		clear(dx)
		finishPixels(dx, g.InChannels, After[T]{Finish: f})
	case g.pointwise():
		multiplyPixels(g.pixels(), g.InChannels, g.OutChannels, true, dx, dy, kernel, g.PackedInputSize() > 0, After[T]{Finish: f})
	case g.channelwise():
		convolveDepthwiseInput(g, dx, dy, kernel, f)
	case g.Groups == 1 && g.Stride == [2]int{1, 1}:
		convolvePhase(g, [2]int{}, dx, dy, kernel, f)
	default:
		clear(dx) // a stride may leave pixels out
		for a := range min(g.Stride[0], g.In[0]) {
			for b := range min(g.Stride[1], g.In[1]) {
				phase := [2]int{(a + g.Before[0]) % g.Stride[0], (b + g.Before[1]) % g.Stride[1]}
				convolvePhase(g, phase, dx, dy, kernel, nil)
			}
		}
		finishPixels(dx, g.InChannels, After[T]{Finish: f})
	}
}

// convolvePhase computes the pixels of dx whose place, counted from where the
// kernel may begin, is phase modulo the stride. Those that follow each other meet the
// same elements of the kernel at outputs that follow each other. f may be given where
// these are all pixels.
func convolvePhase[T float32 | float64](g *Conv, phase [2]int, dx, dy, packed []T, f Finisher[T]) {
	var first [2]int
	for a := range 2 {
		for first[a]*g.Dilation[a]%g.Stride[a] != phase[a] {
			if first[a]++; first[a] == g.Size[a] {
				return // it meets no element
			}
		}
	}
	p := takeConvPass[T]()
	defer p.release()
	at := p.phase(g, first)
	w, o := &p.images, &p.out
	w.values, w.size, w.allChannels, w.stride = dy, g.Out, g.OutChannels, [2]int{1, 1}
	o.values, o.image = dx, g.In[0]*g.In[1]*g.InChannels
	row := [2]int{g.In[1] * g.InChannels, g.InChannels}
	for a := range 2 {
		// The kernel's element k meets pixel t*Stride + phase - Before at output
		// t - (k*Dilation - phase)/Stride: the last element at the first output.
		begin := ceilDiv(max(0, g.Before[a]-phase[a]), g.Stride[a])
		start := begin*g.Stride[a] + phase[a] - g.Before[a]
		if start >= g.In[a] {
			return
		}
		w.dilation[a] = g.Dilation[a] / gcd(g.Stride[a], g.Dilation[a])
		w.before[a] = (p.tap[a]*g.Dilation[a]-phase[a])/g.Stride[a] - begin
		o.count[a] = ceilDiv(g.In[a]-start, g.Stride[a])
		o.start += start * row[a]
		o.step[a] = g.Stride[a] * row[a]
	}
	p.packed, p.Finish = packed[at:], f
	p.run()
}

// phase makes p know which elements of the kernel meet the phase of which first is the
// first one, the last one first, and returns where they begin in the packed kernel.
func (p *convPass[T]) phase(g *Conv, first [2]int) (at int) {
	in, out := g.channels()
	p.shape, p.columns, p.transposed = g, in, true
	p.images.channels = out
	var before [2]int // elements of the phases before this one, along each axis
	for a := range 2 {
		step := g.phaseStep(a)
		for k := range first[a] {
			before[a] += ceilDiv(g.Size[a]-k, step)
		}
		taps := ceilDiv(g.Size[a]-first[a], step)
		p.images.taps[a], p.tap[a], p.tapStep[a] = taps, first[a]+(taps-1)*step, -step
	}
	return g.Groups * (before[0]*g.Size[1] + p.images.taps[0]*before[1]) * out * roundUp(in, widestPanel)
}

// phaseStep is how far the elements of the kernel that meet one phase are apart along an
// axis; so the first as many are the first ones of the phases that meet any.
func (g *Conv) phaseStep(a int) int { return g.Stride[a] / gcd(g.Stride[a], g.Dilation[a]) }
