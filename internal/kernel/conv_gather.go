package kernel

import "unsafe"

// Of low images, columns of windows are too short for the micro-kernels' tiles. There
// whole windows are copied, piece by piece of the sum, in the order of the output's pixels,
// through the images.

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

// gatheredSums adds to sum the products of the windows of the pixels [lo, hi), transposed,
// with the columns [first, last) of y's gradient; without a tile.load, it sets it.
func (p *convPass[T]) gatheredSums(w *convSpace[T], lo, hi, group, first, last int, sum []T) {
	m, t := p.micro, &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	distance := p.out.step[1]
	dy := p.out.values[lo*distance+group*p.columns+first:]
	whole := 0 // columns that are copied, since several tiles read them
	if p.length() > m.rows {
		whole = (last - first) / m.columns * m.columns
		w.rows = grown(w.rows, whole*(hi-lo))
		for at := 0; at < whole; at += m.columns {
			packRows(w.rows[at*(hi-lo):][:m.columns*(hi-lo)], dy[at:], distance, m.columns)
		}
	}
	*(*T)(unsafe.Pointer(&t.alpha)) = 1
	t.bias = nil
	t.cRow = p.shape.OutChannels * size
	for l := 0; l < p.length(); l += p.depth {
		depth := min(p.depth, p.length()-l)
		p.gather(w, lo, hi, group, l, depth)
		t.k, t.aRow, t.aColumn = hi-lo, size, depth*size
		tiles := ceilDiv(depth, m.rows)
		for i, r := 0, 0; i < tiles; i++ {
			t.rows = ceilDiv(depth-r, tiles-i)
			t.a = unsafe.Pointer(&w.windows[r])
			for at := 0; at < last-first; at += m.columns {
				t.columns = min(m.columns, last-first-at)
				t.c = unsafe.Pointer(&sum[(l+r)*p.shape.OutChannels+group*p.columns+first+at])
				if at < whole {
					t.b, t.bRow = unsafe.Pointer(&w.rows[at*(hi-lo)]), m.columns*size
				} else {
					t.b, t.bRow = unsafe.Pointer(&dy[at]), distance*size
				}
				t.ahead = t.bRow * 8
				m.run(t)
			}
			r += t.rows
		}
	}
	t.load = 1
}
