package kernel

import "unsafe"

// Of images of few pixels, many windows reach into the pads. There each element (p, q) of the kernel, a tap, gathers the
// pixels of x that it meets, and y's gradient where it meets them. A task has a part of the gradient's rows.

// sumTaps computes task i.
func (p *kernelGradient[T]) sumTaps(w *convSpace[T], i int) {
	in, _ := p.channels()
	lo, hi := share(p.rows(), i, p.tasks), share(p.rows(), i+1, p.tasks)
	sum := p.first()
	apart := p.beta != 0 && p.partials() > 0
	alpha := p.alpha
	if apart {
		alpha = 1
	} else if p.beta != 0 {
		scaleMatrix(hi-lo, p.OutChannels, p.beta, sum[lo*p.OutChannels:], p.OutChannels)
	}
	*(*T)(unsafe.Pointer(&w.tile.alpha)) = alpha
	for row := lo; row < hi; {
		tap, c := row/in, row%in
		rows := min(in-c, hi-row)
		for group := range p.Groups {
			w.tile.load = 0
			if p.beta != 0 && !apart {
				w.tile.load = 1
			}
			p.addTap(w, tap, group, c, rows, sum[row*p.OutChannels:])
		}
		row += rows
	}
	if apart {
		p.accumulate(lo*p.OutChannels, hi*p.OutChannels)
	}
	if p.finish != nil {
		p.finish.Finish(lo, 0, p.sum[lo*p.OutChannels:hi*p.OutChannels])
	}
}

// addTap adds to rows of sum what a tap meets of so many channels of a group, from c on; without a tile.load, it sets them.
func (p *kernelGradient[T]) addTap(w *convSpace[T], tap, group, c, rows int, sum []T) {
	_, out := p.channels()
	sum = sum[group*out:]
	top, bottom := p.inside(0, tap/p.Size[1])
	left, right := p.inside(1, tap%p.Size[1])
	pixels := p.Batch * (bottom - top) * (right - left)
	if pixels == 0 {
		if w.tile.load == 0 {
			scaleMatrix(rows, out, 0, sum, p.OutChannels)
		}
		return
	}
	pitch := spreadPitch[T](rows)
	blocks := ceilDiv(pixels, p.pixels)
	for i := range blocks {
		lo, hi := share(pixels, i, blocks), share(pixels, i+1, blocks)
		w.windows = grown(w.windows, (hi-lo)*pitch)
		dy := p.panels(w, hi-lo)
		for at := lo; at < hi; {
			row, j := at/(right-left), at%(right-left)
			image, y, x := row/(bottom-top), top+row%(bottom-top), left+j
			run := min(right-x, hi-at)
			p.gather(w.windows[(at-lo)*pitch:], pitch, rows, image, y, x, tap, run, group, c)
			dy.copy(p, at-lo, run, ((image*p.Out[0]+y)*p.Out[1]+x)*p.OutChannels+group*out)
			at += run
		}
		p.products(w, lineRows[T]{values: w.windows, distance: pitch}, rows, dy, sum)
		w.tile.load = 1
	}
}

// gather copies the channels that a tap meets at a run of outputs from (y, x) of an image on.
func (p *kernelGradient[T]) gather(to []T, pitch, rows, image, y, x, tap, run, group, c int) {
	in, _ := p.channels()
	i := y*p.Stride[0] + tap/p.Size[1]*p.Dilation[0] - p.Before[0]
	j := x*p.Stride[1] + tap%p.Size[1]*p.Dilation[1] - p.Before[1]
	from := p.x[((image*p.In[0]+i)*p.In[1]+j)*p.InChannels+group*in+c:]
	for k := range run {
		copy(to[k*pitch:][:rows], from[k*p.Stride[1]*p.InChannels:])
	}
}
