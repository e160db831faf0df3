package kernel

import (
	"sync"

	"github.com/plexaura/plexaura/internal/parallel"
)

// convPass multiplies the windows of images by a packed kernel on its way through
// parallel.For, in tasks, each a section of the output's columns (its channels) and an area
// of its pixels; or it packs the kernel.
type convPass[T float32 | float64] struct {
	shape  *Conv
	images imageWindows[T]
	out    plane[T]

	kernel     []T    // to be packed
	transposed bool   // a tap's matrix has the sum's elements along its rows
	tap        [2]int // the element of the kernel that meets a window's first pixel,
	tapStep    [2]int // and how far it is to the next
	columns    int    // of the product: channels that come out of a group

	After[T]
	packed []T // the kernel in panels: of groups, pieces of the sum, panels of columns

	micro    *microKernels
	depth    int   // of the pieces that the sum is cut into
	sections int   // of the columns
	inPlace  bool  // packed is the kernel as it is, [length, columns of all groups]
	areas    areas // that the output is cut into
	gathers  bool  // windows are copied one by one, from images that are small
	blocks   int   // that the pixels are cut into then, instead of areas
	stage    convStage
}

// plane is where a pass writes its pixels: value (i, j) of an
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
	packing     convStage = iota // the kernel
	multiplying                  // windows by it
	finishing                    // what is computed
	summing                      // the chunks of a kernel's gradient
	adding                       // these to each other, then finishing
)

// Of these and the constants of areas, blocks and costs, those that no size of a tile or a cache gives were found by
// BenchmarkConvolve on two cores with AVX-512 and an L2 cache of 1 MB each. Other processors may want others, but get the same bits.
const (
	widestPanel    = 32      // columns of a tile, of any instruction set and type
	windowElements = 1 << 16 // elements of windows that a task copies: with a piece of the kernel they stay in the L2 cache
	mostConvTasks  = 16
	fewestPixels   = tallestTile // that are worth a block
)

// length is how many products an output sums up.
func (p *convPass[T]) length() int {
	return p.images.taps[0] * p.images.taps[1] * p.images.channels
}

// run computes the output.
func (p *convPass[T]) run() {
	p.measure()
	work := float64(p.shape.Groups*p.pixels()) * float64(p.length()) * float64(p.columns)
	p.split(int(min(work/taskWork, mostConvTasks)))
	tasks := p.shape.Groups * p.sections * p.taskCount()
	grain := max(1, int(taskWork*float64(tasks)/work))
	if work < serialWork {
		grain = tasks
	}
	p.stage = multiplying
	parallel.For(tasks, grain, p)
}

// split cuts the output into tasks, if there is enough of it into at least so many.
func (p *convPass[T]) split(tasks int) {
	n := 0 // the longest tile that suits the images
	for a := range 2 {
		outputs := ceilDiv(p.out.count[a], p.images.classes(a))
		n = max(n, ceilDiv(outputs, ceilDiv(outputs, p.micro.rows)))
	}
	if p.gathers = n < p.micro.rows/2 && p.out.dense(); !p.gathers {
		p.cutAreas(tasks)
		return
	}
	// Every section gathers the windows anew, which takes an eighth as long as a panel.
	pixels := p.pixels()
	panels := ceilDiv(p.columns, p.micro.columns)
	tasks = ceilDiv(tasks, p.shape.Groups)
	p.blocks = ceilDiv(pixels, windowElements/p.depth)
	p.sections = max(ceilDiv(panels, maxPanels), min(ceilDiv(panels, 4), ceilDiv(tasks, p.blocks)))
	p.blocks = max(p.blocks, min(ceilDiv(tasks, p.sections), ceilDiv(pixels, 3*tallestTile)))
}

// taskCount returns how many tasks each section of a group's columns makes.
func (p *convPass[T]) taskCount() int {
	if p.gathers {
		return p.blocks
	}
	return p.areas.count()
}

// pieceDepth is the length of the even pieces that a sum of k products is cut into.
func pieceDepth(k int) int {
	pieces := max(1, ceilDiv(k, maxDepth))
	return (ceilDiv(k, pieces) + 7) &^ 7
}

// pixels returns how many outputs all images have, of one channel.
func (p *convPass[T]) pixels() int { return p.shape.Batch * p.out.count[0] * p.out.count[1] }

// Do implements parallel.Body.
func (p *convPass[T]) Do(lo, hi int) {
	switch p.stage {
	case packing:
		for i := lo; i < hi; i++ {
			p.packPanel(i)
		}
	case finishing:
		p.finishPixels(lo, hi)
	default:
		w := takeConvSpace[T]()
		for i := lo; i < hi; i++ {
			p.multiply(w, i)
		}
		w.release()
	}
}

// finishPixels does to pixels what is wanted after the sums.
func (p *convPass[T]) finishPixels(lo, hi int) {
	c := p.columns
	for i := lo; i < hi; i++ {
		p.addTo(p.out.values[i*c:][:c], 0)
	}
	if p.Finish != nil {
		p.Finish.Finish(lo, 0, p.out.values[lo*c:hi*c])
	}
}

var (
	convPasses32 = sync.Pool{New: func() any { return new(convPass[float32]) }}
	convPasses64 = sync.Pool{New: func() any { return new(convPass[float64]) }}
)

func takeConvPass[T float32 | float64]() *convPass[T] {
	if is32[T]() {
		return convPasses32.Get().(*convPass[T])
	}
	return convPasses64.Get().(*convPass[T])
}

func (p *convPass[T]) release() {
	*p = convPass[T]{}
	if is32[T]() {
		convPasses32.Put(p)
	} else {
		convPasses64.Put(p)
	}
}
