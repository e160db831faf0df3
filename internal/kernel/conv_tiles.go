package kernel

import "unsafe"

// multiply computes task i.
func (p *convPass[T]) multiply(w *convSpace[T], i int) {
	each := p.taskCount()
	group, section := i/each/p.sections, i/each%p.sections
	panels := ceilDiv(p.columns, p.micro.columns)
	first := share(panels, section, p.sections) * p.micro.columns
	last := min(p.columns, share(panels, section+1, p.sections)*p.micro.columns)
	if p.gathers {
		lo, hi := share(p.pixels(), i%each, each), share(p.pixels(), i%each+1, each)
		p.gathered(w, lo, hi, group, first, last)
		p.finished(lo, hi, first, last)
		return
	}
	a := p.area(i % each)
	for q := range p.images.classes(0) {
		for r := range p.images.classes(1) {
			class := [2]int{q, r}
			if x := p.images.patchOf(w, a, group, class); x.count[0]*x.count[1] > 0 {
				p.tiles(w, &x, a, group, class, first, last)
			}
		}
	}
	if p.Finish == nil {
		return
	}
	for n := a.first; n < a.end; n++ {
		at := n * p.out.count[0] * p.out.count[1]
		if a.right-a.left == p.out.count[1] {
			p.finished(at+a.top*p.out.count[1], at+a.bottom*p.out.count[1], first, last)
			continue
		}
		for y := a.top; y < a.bottom; y++ {
			p.finished(at+y*p.out.count[1]+a.left, at+y*p.out.count[1]+a.right, first, last)
		}
	}
}

// finished hands over the columns [first, last) of the pixels [lo, hi), where the pass
// has somebody to hand them to: the output has no gaps then.
func (p *convPass[T]) finished(lo, hi, first, last int) {
	c := p.columns
	switch {
	case p.Finish == nil:
	case last-first == c:
		p.Finish.Finish(lo, 0, p.out.values[lo*c:hi*c])
	default:
		for i := lo; i < hi; i++ {
			p.Finish.Finish(i, first, p.out.values[i*c+first:i*c+last])
		}
	}
}

// tiles multiplies the windows of a patch, of the outputs of a class of area a, by the columns
// [first, last) of the kernel. A tile's rows are outputs beside each other or below each
// other, whatever makes fewer tiles.
func (p *convPass[T]) tiles(w *convSpace[T], x *patch[T], a area, group int, class [2]int, first, last int) {
	t := &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	run := p.images.taps[1] * x.channels
	t.run, t.jump = run, (x.pitch-run)*size
	step := [2]int{x.step[0] * x.pitch, x.step[1] * x.channels} // in the patch
	out := [2]int{p.images.classes(0) * p.out.step[0], p.images.classes(1) * p.out.step[1]}
	start := p.out.start + (a.top+class[0])*p.out.step[0] + (a.left+class[1])*p.out.step[1]
	along, across := 1, 0
	beside, below := x.count[0]*ceilDiv(x.count[1], p.micro.rows), x.count[1]*ceilDiv(x.count[0], p.micro.rows)
	if below < beside || below == beside && step[1]*size%4096 == 0 {
		along, across = 0, 1
	}
	k := p.length()
	for l := 0; l < k; l += p.depth {
		from := l/run*x.pitch + l%run
		t.first = min(run-l%run, p.depth, k-l)
		for n := range a.end - a.first {
			for line := range x.count[across] {
				p.column(w, x.values[n*x.image+line*step[across]+from:], step[along], x.count[along], l,
					start+(a.first+n)*p.out.image+line*out[across], out[along], group, first, last)
			}
		}
	}
	t.first = 0
}

// column multiplies a column of rows of windows, lda elements apart from the piece l of
// the sum on, by the columns [first, last) of the kernel. The rows of the output begin
// at to, and are as far apart as distance says.
func (p *convPass[T]) column(w *convSpace[T], from []T, lda, rows, l, to, distance, group, first, last int) {
	m, t := p.micro, &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	k := p.length()
	t.k, t.load = min(p.depth, k-l), min(l, 1)
	*(*T)(unsafe.Pointer(&t.alpha)) = 1
	t.cRow = distance * size
	to += group * p.columns
	// In panels, column at of the kernel begins at*depth elements behind the first.
	b, bRow, panel := (group*k+l)*roundUp(p.columns, m.columns), m.columns, t.k
	if p.inPlace {
		b, bRow, panel = l*p.shape.OutChannels+group*p.columns, p.shape.OutChannels, 1
	}
	t.bRow = bRow * size
	t.ahead = t.bRow * 8
	crowds := lda*size%4096 == 0 && last-first > m.columns
	begin, jump := t.first, t.jump
	tiles := ceilDiv(rows, m.rows)
	for i, r := 0, 0; i < tiles; i++ {
		t.rows = ceilDiv(rows-r, tiles-i)
		t.a, t.aRow, t.aColumn = unsafe.Pointer(&from[r*lda]), lda*size, size
		if crowds {
			w.copyA(from[r*lda:], lda)
		}
		for at := first; at < last; at += m.columns {
			t.columns = min(m.columns, last-at)
			t.b = unsafe.Pointer(&p.packed[b+at*panel])
			t.c = unsafe.Pointer(&p.out.values[to+r*distance+at])
			p.place(t, group*p.columns+at, l+t.k == k)
			m.run(t)
		}
		t.first, t.jump = begin, jump
		r += t.rows
	}
}
