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
	depth    int // of the pieces that the sum is cut into
	sections int // of the columns
	blocks   [2]int
	chunks   int // of the tasks of a kernel's gradient
	partial  []T // their sums, all but the first's
	sum      []T // the kernel's gradient
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
	work := float64(p.shape.Batch*p.shape.Groups) * float64(p.out.count[0]*p.out.count[1]) * float64(k) * float64(p.columns)
	p.cut(p.shape.Groups*p.sections*p.shape.Batch, int(min(work/taskWork, mostConvTasks)))
	tasks := p.shape.Groups * p.sections * p.shape.Batch * p.blocks[0] * p.blocks[1]
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

// cut cuts the pixels of an image into blocks whose windows stay in the cache; into
// more of them where that makes tasks for all processors.
func (p *convPass[T]) cut(others, tasks int) {
	w := &p.images
	limit := maxWindows / (w.taps[1] * w.channels) // rows of windows
	rows, columns := p.out.count[0], p.out.count[1]
	fit := max(1, (limit-w.taps[0])/w.rowStep()+1)
	p.blocks[0] = ceilDiv(rows, min(rows, fit, maxBlockRows))
	height := w.height(ceilDiv(rows, p.blocks[0]))
	p.blocks[1] = ceilDiv(columns, max(1, min(columns, limit/height)))
	if others*p.blocks[0]*p.blocks[1] < tasks {
		p.blocks[1] = max(p.blocks[1], min(columns, ceilDiv(tasks, others*p.blocks[0])))
	}
	if others*p.blocks[0]*p.blocks[1] < tasks {
		p.blocks[0] = max(p.blocks[0], min(rows, ceilDiv(tasks, others*p.blocks[1])))
	}
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
	each := p.shape.Batch * p.blocks[0] * p.blocks[1]
	b := p.blockAt(i % each)
	group, section := i/each/p.sections, i/each%p.sections
	panels := ceilDiv(p.columns, p.micro.columns)
	first := share(panels, section, p.sections) * p.micro.columns
	last := min(p.columns, share(panels, section+1, p.sections)*p.micro.columns)
	x := &p.images
	for q := range x.residues() {
		if rows := x.copyBlock(w, b, group, q); rows > 0 {
			p.tiles(w, b, group, q, rows, first, last)
		}
	}
	if p.finish != nil && p.sections == 1 {
		// The output is y, without gaps.
		for y := b.top; y < b.bottom; y++ {
			at := b.image*p.out.count[0]*p.out.count[1] + y*p.out.count[1]
			c := p.columns
			p.finish.Finish(at+b.left, 0, p.out.values[(at+b.left)*c:(at+b.right)*c])
		}
	} else if p.finish != nil {
		for y := b.top; y < b.bottom; y++ {
			for x := b.left; x < b.right; x++ {
				at := b.image*p.out.count[0]*p.out.count[1] + y*p.out.count[1] + x
				p.finish.Finish(at, first, p.out.values[at*p.columns+first:at*p.columns+last])
			}
		}
	}
}

// tiles multiplies the windows that were copied, rows of them below each other in
// every column of the block, by the columns [first, last) of the kernel.
func (p *convPass[T]) tiles(w *convSpace[T], b block, group, residue, rows, first, last int) {
	x, m, t := &p.images, p.micro, &w.tile
	size := int(unsafe.Sizeof(*new(T)))
	line := x.taps[1] * x.channels
	lda, height := x.rowStep()*line, x.height(rows)
	k := p.length()
	wide := roundUp(p.columns, m.columns)
	step := x.residues() // of the rows in y
	*(*T)(unsafe.Pointer(&t.alpha)) = 1
	t.cRow = p.out.step[0] * step * size
	crowds := lda*size%4096 == 0 && last-first > m.columns
	tiles := ceilDiv(rows, m.rows)
	for l := 0; l < k; l += p.depth {
		t.k, t.load = min(p.depth, k-l), min(l, 1)
		packed := p.packed[(group*k+l)*wide:]
		for column := b.left; column < b.right; column++ {
			from := w.windows[(column-b.left)*height*line+l:]
			to := p.out.start + b.image*p.out.image + (b.top+residue)*p.out.step[0] + column*p.out.step[1] + group*p.columns
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
					t.c = unsafe.Pointer(&p.out.values[to+r*step*p.out.step[0]+at])
					t.bias = nil
					if p.bias != nil && l+t.k == k {
						t.bias = unsafe.Pointer(&p.bias[group*p.columns+at])
					}
					m.run(t)
				}
				r += t.rows
			}
		}
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
