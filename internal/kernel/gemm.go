package kernel

import (
	"sync"

	"github.com/plexaura/plexaura/internal/parallel"
)

// Gemm is the matrix product of row-major matrices
//
//	for i := range m {
//		for j := range n {
//			s := sum over l < k of op(a)[i, l] * op(b)[l, j]
//			c[i*ldc+j] = alpha*s + beta*c[i*ldc+j]
//		}
//	}
//
// where op(a) is [m, k] with op(a)[i, l] = a[i*lda+l], or a[l*lda+i] if
// transA, and op(b) is [k, n] with op(b)[l, j] = b[l*ldb+j], or b[j*ldb+l] if
// transB. The sum is taken in ascending l with fused multiply-adds where the
// processor has them, in pieces whose length depends on k alone (for n == 1
// as Dot takes it), so a row of c has the same bits whatever the other rows of a
// batch are, and whatever the number of processors is.
//
// With beta == 0, c is only written (NaN in it disappears); with alpha == 0 or
// k == 0, a and b are not read and c is scaled by beta. Otherwise NaN and
// infinities in a and b propagate by IEEE 754: 0 * NaN is NaN. c must not
// overlap a or b. Gemm splits large products over package parallel and does
// not allocate.
func Gemm[T Float](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	if is32[T]() {
		GemmFinish(transA, transB, m, n, k, float32(alpha), as32(a), lda, as32(b), ldb, float32(beta), as32(c), ldc, After[float32]{})
	} else {
		GemmFinish(transA, transB, m, n, k, float64(alpha), as64(a), lda, as64(b), ldb, float64(beta), as64(c), ldc, After[float64]{})
	}
}

// GemmFinish is Gemm, then what after says, without another walk over c where that is
// possible.
func GemmFinish[T float32 | float64](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int, after After[T]) {
	if m <= 0 || n <= 0 {
		return
	}
	p := takeProduct[T]()
	p.m, p.n, p.k = m, n, k
	p.alpha, p.beta = alpha, beta
	p.a, p.aRow, p.aColumn = a, lda, 1
	if transA {
		p.aRow, p.aColumn = 1, lda
	}
	p.b, p.bRow, p.bColumn = b, ldb, 1
	if transB {
		p.bRow, p.bColumn = 1, ldb
	}
	p.c, p.ldc = c, ldc
	p.dotted = n == 1 && !transA && p.bRow == 1
	p.After = after
	p.check()
	p.run()
	p.release()
}

// gemmPacked is GemmFinish(false, false, m, n, k, 1, a, k, b, n, 0, c, n, after) with b in
// panels: pieces of its rows, each in panels of a tile's columns, as PackKernel leaves it.
func gemmPacked[T float32 | float64](m, n, k int, a, b, c []T, after After[T]) {
	p := takeProduct[T]()
	p.m, p.n, p.k = m, n, k
	p.alpha, p.beta = 1, 0
	p.a, p.aRow, p.aColumn = a, k, 1
	p.panelsOfB = b
	p.c, p.ldc = c, n
	p.dotted = false
	p.After = after
	p.run()
	p.release()
}

// run computes the product and finishes it.
func (p *product[T]) run() {
	p.split()
	parallel.For(p.tasks, p.grain, p)
	if p.Finish != nil && p.across > 1 {
		p.finishing = true
		parallel.For(p.m, max(1, finishGrain/p.n), p)
	}
}

// product is one product on its way through parallel.For, which computes it in
// tasks, blocks of c.
type product[T float32 | float64] struct {
	m, n, k       int
	alpha, beta   T
	a             []T
	aRow, aColumn int // distances in elements
	b             []T
	bRow, bColumn int
	panelsOfB     []T // b where it is packed ahead
	c             []T
	ldc           int
	After[T]
	dotted       bool // c is a column, whose elements are dot products of vectors without gaps
	micro        *microKernels
	depth        int // of the pieces that k is cut into
	panels       int // of a tile's columns, beside each other in c
	down, across int // tasks below and beside each other
	tasks, grain int
	finishing    bool // the tasks are done, Do is to finish rows
}

// check panics where an operand is too short, before anything is read behind
// its end.
func (p *product[T]) check() {
	_ = p.c[(p.m-1)*p.ldc+p.n-1]
	if p.Bias != nil {
		_ = p.Bias[p.n-1]
	}
	if p.k > 0 && p.alpha != 0 {
		_ = p.a[(p.m-1)*p.aRow+(p.k-1)*p.aColumn]
		_ = p.b[(p.k-1)*p.bRow+(p.n-1)*p.bColumn]
	}
}

// Sizes of the blocks. A piece of b, maxDepth rows of a tile's columns, and the
// rows of a that meet it fit the L1 cache; a task's share of them the L2 cache.
const (
	maxDepth    = 320
	maxTaskRows = 512
	pieceRows   = 160     // where c, to which every piece of b adds, is to stay in the L2 cache too
	maxPanels   = 8       // of a tile's columns, in a task that copies them;
	morePanels  = 16      // where they are packed ahead, so that a is read less often, or make whole rows
	tallestTile = 14      // rows, of any instruction set
	wholeRows   = 128     // as many in a task repay that it copies so many panels
	fewRows     = 4       // as many tiles above each other do not repay packing b
	serialWork  = 1 << 20 // multiply-adds below which goroutines do not pay
	taskWork    = 1 << 19 // as many are worth a task
	mostTasks   = 8       // enough for all processors to end at about the same time
	finishGrain = 16384   // elements that a goroutine finishes at a time
	finishLeast = 4096    // elements that are finished at once, which are in the L1 cache
	memoryRows  = 5       // fewer rows take about as long: b's way from memory
)

// split cuts k into pieces of even length and c into tasks. Only the former
// influences the result.
func (p *product[T]) split() {
	p.micro = microKernelsOf[T]()
	p.depth = pieceDepth(p.k)
	panels := ceilDiv(p.n, p.micro.columns)
	down, across := ceilDiv(p.m, maxTaskRows), ceilDiv(panels, maxPanels)
	if p.panelsOfB != nil {
		across = ceilDiv(panels, morePanels)
		if p.k > p.depth {
			down = ceilDiv(p.m, pieceRows)
		}
	}
	work := float64(max(p.m, memoryRows)) * float64(p.n) * float64(p.k) // in an int it might overflow
	tasks := int(min(work/taskWork, mostTasks)) &^ 1                    // an even number keeps two processors busy to the end
	if p.wantsWholeRows(panels) {
		across, down = 1, max(down, min(p.m/wholeRows, mostTasks/2)&^1)
		tasks = down
	}
	if p.Finish == nil || across > 1 { // otherwise whole rows can be finished at once
		across = max(across, min(tasks/down, panels))
	}
	if down*across < tasks/2 {
		down = max(down, min(tasks/across, ceilDiv(p.m, p.micro.rows)))
	}
	p.down, p.across, p.panels = down, across, panels
	p.tasks, p.grain = down*across, 1
	if work < serialWork {
		p.grain = p.tasks
	}
}

// wantsWholeRows tells whether tasks of whole rows, which are finished in the cache, repay that each copies
// all panels of b, more of them than it would otherwise.
func (p *product[T]) wantsWholeRows(panels int) bool {
	return p.Finish != nil && p.panelsOfB == nil && p.k <= p.depth && panels > maxPanels && panels <= morePanels && p.m >= 2*wholeRows
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// share is where part i of so many equal parts of n begins.
func share(n, i, parts int) int { return int(int64(n) * int64(i) / int64(parts)) }

// Do computes the tasks [lo, hi), or finishes the rows [lo, hi). The latter where
// tasks are parts of rows: these are short, and a call for each costs more than
// another walk over c in longer runs.
func (p *product[T]) Do(lo, hi int) {
	if p.finishing {
		p.finishRows(lo, hi)
		return
	}
	w := takeWorkspace[T]()
	for task := lo; task < hi; task++ {
		// Down first: a half of the tasks is a half of c's columns, in a product
		// with weights as in that of their gradient. See package parallel.
		x, y := task/p.down, task%p.down
		i, j := share(p.m, y, p.down), share(p.panels, x, p.across)*p.micro.columns
		rows := share(p.m, y+1, p.down) - i
		columns := min(p.n, share(p.panels, x+1, p.across)*p.micro.columns) - j
		p.block(w, i, j, rows, columns)
	}
	w.release()
}

// final hands over rows that a task has computed, unless tasks are parts of rows.
func (p *product[T]) final(lo, hi int) {
	if p.Finish != nil && p.across == 1 {
		p.finishRows(lo, hi)
	}
}

// finishRows hands over the rows [lo, hi).
func (p *product[T]) finishRows(lo, hi int) {
	if p.ldc == p.n {
		p.Finish.Finish(lo, 0, p.c[lo*p.n:hi*p.n])
		return
	}
	for r := lo; r < hi; r++ {
		p.Finish.Finish(r, 0, p.c[r*p.ldc:][:p.n])
	}
}

var products32 = sync.Pool{New: func() any { return new(product[float32]) }}
var products64 = sync.Pool{New: func() any { return new(product[float64]) }}

func takeProduct[T float32 | float64]() *product[T] {
	if is32[T]() {
		return any(products32.Get()).(*product[T])
	}
	return any(products64.Get()).(*product[T])
}

func (p *product[T]) release() {
	p.a, p.b, p.panelsOfB, p.c, p.After, p.finishing = nil, nil, nil, nil, After[T]{}, false
	if is32[T]() {
		products32.Put(p)
	} else {
		products64.Put(p)
	}
}

// scaleMatrix is c = beta * c, and zero for beta == 0 whatever c held.
func scaleMatrix[T Float](m, n int, beta T, c []T, ldc int) {
	if beta == 1 {
		return
	}
	for i := 0; i < m; i++ {
		row := c[i*ldc : i*ldc+n]
		if beta == 0 {
			clear(row)
		} else {
			MulScalar(row, row, beta)
		}
	}
}
