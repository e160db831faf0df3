package kernel

import (
	"sync"
	"unsafe"

	"github.com/plexaura/plexaura/internal/parallel"
)

// convPass multiplies the windows of images by a kernel on its way through
// parallel.For: first the kernel is copied into panels, then come tasks, each a part of
// the output's columns (its channels) and a block of an image's pixels.
type convPass[T float32 | float64] struct {
	shape  *Conv
	images windows[T]
	out    plane[T]

	kernel     []T
	transposed bool   // a tap's matrix has the sum's elements along its rows
	tap        [2]int // the element of the kernel that meets a window's first pixel,
	tapStep    [2]int // and how far it is to the next
	columns    int    // of the product: channels that come out of a group

	bias   []T
	finish Finisher[T]
	packed []T // the kernel in panels: of groups, pieces of the sum, panels of columns

	micro    *microKernels
	depth    int    // of the pieces that the sum is cut into
	sections int    // of the columns
	blocks   [2]int // that an image is cut into, or all of them if the pass gathers
	gathers  bool   // windows are copied one by one, from images that are low
	chunks   int    // of the tasks of a kernel's gradient
	partial  []T    // their sums, all but the first's
	sum      []T    // the kernel's gradient
	stage    convStage
}

// plane is where a pass writes its pixels, or reads them: value (i, j) of an
// image is at start + i*step[0] + j*step[1].
type plane[T float32 | float64] struct {
	values []T
	start  int
	count  [2]int
	step   [2]int
	image  int // distance of images
}

// dense tells whether the pixels of all images follow each other without gaps.
func (o *plane[T]) dense() bool {
	return o.start == 0 && o.step[0] == o.count[1]*o.step[1] && o.image == o.count[0]*o.step[0]
}

// convStage is what Do is to do.
type convStage int

const (
	packing convStage = iota
	multiplying
	finishing
	summing
	adding
)

const (
	widestPanel   = 32      // columns of a tile, of any instruction set and type
	maxWindows    = 1 << 16 // elements of a block's windows, which shall stay in the L2 cache
	maxBlockRows  = 56      // four tiles' rows: more make a block a narrow strip
	mostConvTasks = 16
	fewImageRows  = 12 // tiles of fewer do not repay windows that overlap
	fewestPixels  = 14 // that are worth a block, a tile's rows
)

// length is how many products an output sums up.
func (p *convPass[T]) length() int {
	return p.images.taps[0] * p.images.taps[1] * p.images.channels
}

// run computes the output.
func (p *convPass[T]) run(scratch []T) {
	p.micro = microKernelsOf[T]()
	k := p.length()
	p.depth = pieceDepth(k)
	panels := ceilDiv(p.columns, p.micro.columns)
	p.packed = scratch
	p.stage = packing
	p.packGrain(k, panels)

	p.sections = ceilDiv(panels, maxPanels)
	work := float64(p.shape.Groups*p.pixels()) * float64(k) * float64(p.columns)
	p.cut(p.shape.Groups*p.sections, int(min(work/taskWork, mostConvTasks)))
	tasks := p.shape.Groups * p.sections * p.blockCount()
	grain := max(1, int(taskWork*float64(tasks)/work))
	if work < serialWork {
		grain = tasks
	}
	p.stage = multiplying
	parallel.For(tasks, grain, p)
}

// packGrain copies the kernel, in parallel where it is large.
func (p *convPass[T]) packGrain(k, panels int) {
	const elements = 32768
	parallel.For(p.shape.Groups*panels, max(1, elements/(k*p.micro.columns)), p)
}

// pieceDepth is the length of the even pieces that a sum of k products is cut into.
func pieceDepth(k int) int {
	pieces := max(1, ceilDiv(k, maxDepth))
	return (ceilDiv(k, pieces) + 7) &^ 7
}

// pixels returns how many outputs all images have, of one channel.
func (p *convPass[T]) pixels() int { return p.shape.Batch * p.out.count[0] * p.out.count[1] }

// cut cuts the pixels into blocks whose windows stay in the cache; into more of them
// where that makes tasks for all processors. others is how many tasks each block makes.
func (p *convPass[T]) cut(others, tasks int) {
	p.gathers = p.out.count[0] < fewImageRows && p.out.dense()
	if p.gathers {
		n := p.pixels()
		p.blocks = [2]int{max(ceilDiv(n, maxWindows/p.depth), min(ceilDiv(tasks, others), ceilDiv(n, fewestPixels))), 1}
		return
	}
	w := &p.images
	limit := maxWindows / (w.taps[1] * w.channels) // rows of windows
	rows, columns := p.out.count[0], p.out.count[1]
	fit := max(1, (limit-w.taps[0])/w.rowStep()+1)
	p.blocks[0] = ceilDiv(rows, min(rows, fit, maxBlockRows))
	height := w.height(ceilDiv(rows, p.blocks[0]))
	p.blocks[1] = ceilDiv(columns, max(1, min(columns, limit/height)))
	others *= p.shape.Batch
	if others*p.blocks[0]*p.blocks[1] < tasks {
		p.blocks[1] = max(p.blocks[1], min(columns, ceilDiv(tasks, others*p.blocks[0])))
	}
	if others*p.blocks[0]*p.blocks[1] < tasks {
		p.blocks[0] = max(p.blocks[0], min(rows, ceilDiv(tasks, others*p.blocks[1])))
	}
}

// blockCount returns how many blocks there are in all images.
func (p *convPass[T]) blockCount() int {
	if p.gathers {
		return p.blocks[0]
	}
	return p.shape.Batch * p.blocks[0] * p.blocks[1]
}

// Do implements parallel.Body.
func (p *convPass[T]) Do(lo, hi int) {
	switch p.stage {
	case packing:
		for i := lo; i < hi; i++ {
			p.packPanel(i)
		}
	case finishing:
		p.finishPixels(lo, hi)
	case adding:
		p.addChunks(lo, hi)
	default:
		w := takeConvSpace[T]()
		for i := lo; i < hi; i++ {
			if p.stage == multiplying {
				p.multiply(w, i)
			} else {
				p.sumChunk(w, i)
			}
		}
		w.release()
	}
}

// block is a part of an image's pixels, rows [top, bottom) and columns [left, right).
type block struct{ image, top, bottom, left, right int }

// blockAt returns block i of the images, counted through them.
func (p *convPass[T]) blockAt(i int) block {
	b := block{}
	x := i % p.blocks[1]
	i /= p.blocks[1]
	y := i % p.blocks[0]
	b.image = i / p.blocks[0]
	b.top, b.bottom = share(p.out.count[0], y, p.blocks[0]), share(p.out.count[0], y+1, p.blocks[0])
	b.left, b.right = share(p.out.count[1], x, p.blocks[1]), share(p.out.count[1], x+1, p.blocks[1])
	return b
}

// multiply computes task i.
func (p *convPass[T]) multiply(w *convSpace[T], i int) {
	each := p.blockCount()
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
	b := p.blockAt(i % each)
	for q := range p.images.residues() {
		if rows := p.images.copyBlock(w, b, group, q); rows > 0 {
			p.tiles(w, b, group, q, rows, first, last)
		}
	}
	for y := b.top; y < b.bottom; y++ {
		at := (b.image*p.out.count[0] + y) * p.out.count[1]
		p.finished(at+b.left, at+b.right, first, last)
	}
}

// finished hands over the columns [first, last) of the pixels [lo, hi), where the pass
// has somebody to hand them to: the output has no gaps then.
func (p *convPass[T]) finished(lo, hi, first, last int) {
	c := p.columns
	switch {
	case p.finish == nil:
	case last-first == c:
		p.finish.Finish(lo, 0, p.out.values[lo*c:hi*c])
	default:
		for i := lo; i < hi; i++ {
			p.finish.Finish(i, first, p.out.values[i*c+first:i*c+last])
		}
	}
}

// tiles multiplies the windows that were copied, rows of them below each other in
// every column of the block, by the columns [first, last) of the kernel.
func (p *convPass[T]) tiles(w *convSpace[T], b block, group, residue, rows, first, last int) {
	x := &p.images
	line := x.taps[1] * x.channels
	lda, height := x.rowStep()*line, x.height(rows)
	distance := x.residues() * p.out.step[0] // of the rows in y
	for l := 0; l < p.length(); l += p.depth {
		for column := b.left; column < b.right; column++ {
			from := w.windows[(column-b.left)*height*line+l:]
			to := p.out.start + b.image*p.out.image + (b.top+residue)*p.out.step[0] + column*p.out.step[1]
			p.column(w, from, lda, rows, l, to, distance, group, first, last)
		}
	}
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
	packed := p.packed[(group*k+l)*roundUp(p.columns, m.columns):]
	crowds := lda*size%4096 == 0 && last-first > m.columns
	tiles := ceilDiv(rows, m.rows)
	for i, r := 0, 0; i < tiles; i++ {
		t.rows = ceilDiv(rows-r, tiles-i)
		t.a, t.aRow, t.aColumn = unsafe.Pointer(&from[r*lda]), lda*size, size
		if crowds {
			w.copyA(from[r*lda:], lda)
		}
		for at := first; at < last; at += m.columns {
			t.columns = min(m.columns, last-at)
			t.b, t.bRow = unsafe.Pointer(&packed[at*t.k]), m.columns*size
			t.ahead = t.bRow * 8
			t.c = unsafe.Pointer(&p.out.values[to+r*distance+at])
			t.bias = nil
			if p.bias != nil && l+t.k == k {
				t.bias = unsafe.Pointer(&p.bias[group*p.columns+at])
			}
			m.run(t)
		}
		r += t.rows
	}
}

// finishPixels adds the bias to pixels and hands them over.
func (p *convPass[T]) finishPixels(lo, hi int) {
	c := p.columns
	if p.bias != nil {
		for i := lo; i < hi; i++ {
			row := p.out.values[i*c:][:c]
			Add(row, row, p.bias)
		}
	}
	if p.finish != nil {
		p.finish.Finish(lo, 0, p.out.values[lo*c:hi*c])
	}
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

// convSpace is what one goroutine needs to compute blocks.
type convSpace[T float32 | float64] struct {
	tile    microTile
	windows []T
	a       []T // rows of a tile, where they crowd the cache
	rows    []T // of y's gradient, in panels
}

// grown returns x or, where that is shorter than n, a longer slice.
func grown[T Float](x []T, n int) []T {
	if len(x) < n {
		return aligned[T](n+n/8, 64)
	}
	return x
}

// copyA copies the rows of a tile so that they do not crowd the cache.
func (w *convSpace[T]) copyA(a []T, lda int) {
	t := &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	row := t.k + 64/size
	w.a = grown(w.a, t.rows*row)
	for r := 0; r < t.rows; r++ {
		copy(w.a[r*row:r*row+t.k], a[r*lda:])
	}
	t.a, t.aRow, t.aColumn = unsafe.Pointer(&w.a[0]), row*size, size
}

var (
	convSpaces32 = sync.Pool{New: func() any { return new(convSpace[float32]) }}
	convSpaces64 = sync.Pool{New: func() any { return new(convSpace[float64]) }}
	convPasses32 = sync.Pool{New: func() any { return new(convPass[float32]) }}
	convPasses64 = sync.Pool{New: func() any { return new(convPass[float64]) }}
)

func takeConvSpace[T float32 | float64]() *convSpace[T] {
	if is32[T]() {
		return any(convSpaces32.Get()).(*convSpace[T])
	}
	return any(convSpaces64.Get()).(*convSpace[T])
}

func (w *convSpace[T]) release() {
	w.tile = microTile{}
	if is32[T]() {
		convSpaces32.Put(w)
	} else {
		convSpaces64.Put(w)
	}
}

func takeConvPass[T float32 | float64]() *convPass[T] {
	if is32[T]() {
		return any(convPasses32.Get()).(*convPass[T])
	}
	return any(convPasses64.Get()).(*convPass[T])
}

func (p *convPass[T]) release() {
	*p = convPass[T]{}
	if is32[T]() {
		convPasses32.Put(p)
	} else {
		convPasses64.Put(p)
	}
}
