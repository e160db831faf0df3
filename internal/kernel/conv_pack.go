package kernel

import "github.com/plexaura/plexaura/internal/parallel"

// pack copies the kernel, in parallel where it is large.
func (p *convPass[T]) pack(k, panels int) {
	const elements = 32768
	parallel.For(p.shape.Groups*panels, max(1, elements/(k*p.micro.columns)), p)
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
		if p.transposed {
			packColumns(to[:run*width], from[at*distance+c:], run, columns, distance, width)
		} else {
			for r := 0; r < run; r++ {
				copy(to[r*width:][:columns], from[(c+r)*distance+at:])
			}
		}
		l += run
	}
}
