package kernel

// depthwiseWalk is how a convolution of channels by themselves, or its gradient for the images, goes
// along one axis: from result to result, each of which sees some elements of the
// source through some of the weights.
type depthwiseWalk struct {
	count, at, apart     int // results: how many, the first one's place, their distance
	start, step          int // where the first one's window begins, and how far it is to the next
	taps, dilation, size int // elements of a window, their distance, elements of the source
	weight, weightStep   int // the first element's weight, and the distance of weights
}

// along is the walk of the convolution along an axis.
func (g *Conv) along(axis int) depthwiseWalk {
	return depthwiseWalk{
		count: g.Out[axis], apart: 1, start: -g.Before[axis], step: g.Stride[axis],
		taps: g.Size[axis], dilation: g.Dilation[axis], size: g.In[axis], weightStep: 1,
	}
}

// back is the walk of the gradient along an axis, over the elements of the image from at on
// which are a stride apart: those meet the same weights, at outputs that follow each other.
func (g *Conv) back(axis, at int) depthwiseWalk {
	stride, dilation := g.Stride[axis], g.Dilation[axis]
	w := depthwiseWalk{count: ceilDiv(g.In[axis]-at, stride), at: at, apart: stride, step: 1, size: g.Out[axis]}
	// Weight k meets element at + t*stride at output t + (at+Before-k*dilation)/stride: the
	// last weight at the first output.
	k := 0
	for k < g.Size[axis] && (at+g.Before[axis]-k*dilation)%stride != 0 {
		k++
	}
	if k == g.Size[axis] {
		return w
	}
	common := gcd(stride, dilation)
	w.weightStep = -stride / common
	w.dilation = dilation / common
	w.taps = (g.Size[axis]-1-k)/-w.weightStep + 1
	w.weight = k - (w.taps-1)*w.weightStep
	w.start = (at + g.Before[axis] - w.weight*dilation) / stride
	return w
}

// inside returns which elements of result t's window lie in the source: n from the first on.
func (w *depthwiseWalk) inside(t int) (first, n int) {
	if w.taps == 0 {
		return 0, 0
	}
	from := w.start + t*w.step
	first = ceilDiv(max(0, -from), w.dilation)
	last := min(w.taps, ceilDiv(max(0, w.size-from), w.dilation))
	return first, max(0, last-first)
}

// whole returns the results [first, last) whose windows lie in the source as a whole.
func (w *depthwiseWalk) whole() (first, last int) {
	room := w.size - (w.taps-1)*w.dilation - w.start // the first one that would not
	first = min(w.count, ceilDiv(max(0, -w.start), w.step))
	last = min(w.count, ceilDiv(max(0, room), w.step))
	return first, max(first, last)
}
