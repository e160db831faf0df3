package kernel

// The rows and columns of small images are too short for the micro-kernels' tiles. There whole
// windows are copied, piece by piece of the sum, in the order of the output's pixels, through
// the images.

// gathered multiplies the windows of the pixels [lo, hi) by the columns [first, last) of
// the kernel.
func (p *convPass[T]) gathered(w *convSpace[T], lo, hi, group, first, last int) {
	for l := 0; l < p.length(); l += p.depth {
		depth := min(p.depth, p.length()-l)
		p.gather(w, lo, hi, group, l, depth)
		p.column(w, w.windows, depth, hi-lo, l, lo*p.out.step[1], p.out.step[1], group, first, last)
	}
}

// gather copies the elements [l, l+depth) of the windows of the pixels [lo, hi).
func (p *convPass[T]) gather(w *convSpace[T], lo, hi, group, l, depth int) {
	x := &p.images
	w.windows = grown(w.windows, (hi-lo)*depth)
	for pixel := lo; pixel < hi; pixel++ {
		image, i, j := pixel/p.out.count[1]/p.out.count[0], pixel/p.out.count[1]%p.out.count[0], pixel%p.out.count[1]
		values := x.values[image*x.size[0]*x.size[1]*x.allChannels:]
		to := w.windows[(pixel-lo)*depth:][:depth]
		for at := l; len(to) > 0; {
			tap, c := at/x.channels, at%x.channels
			run := min(x.channels-c, len(to))
			a := i*x.stride[0] + tap/x.taps[1]*x.dilation[0] - x.before[0]
			b := j*x.stride[1] + tap%x.taps[1]*x.dilation[1] - x.before[1]
			if a < 0 || a >= x.size[0] || b < 0 || b >= x.size[1] {
				clear(to[:run])
			} else {
				copy(to[:run], values[(a*x.size[1]+b)*x.allChannels+group*x.channels+c:])
			}
			to, at = to[run:], at+run
		}
	}
}
