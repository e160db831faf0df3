package kernel

import (
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/plexaura/plexaura/internal/parallel"
)

// tiledGemm splits c into tiles and runs gonum's product on each. A tile is
// below gonum's own threshold for goroutines, so gonum stays in the calling
// goroutine and does not allocate.
func tiledGemm[T Float](transA, transB bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	t := getTiles[T]()
	t.transA, t.transB = blas.NoTrans, blas.NoTrans
	if transA {
		t.transA = blas.Trans
	}
	if transB {
		t.transB = blas.Trans
	}
	t.m, t.n, t.k = m, n, k
	t.alpha, t.beta = alpha, beta
	t.a, t.b, t.c = a, b, c
	t.lda, t.ldb, t.ldc = lda, ldb, ldc
	t.tileM, t.tileN, t.tileK = tileSizes(transA, transB, n)
	t.across = (n + t.tileN - 1) / t.tileN
	count := t.across * ((m + t.tileM - 1) / t.tileM)
	grain := 1
	if 2*float64(m)*float64(n)*float64(k) < serialFlops {
		grain = count
	}
	parallel.For(count, grain, t)
	putTiles(t)
}

// serialFlops is the work below which goroutines do not pay.
const serialFlops = 1 << 20

// tileSizes returns the shape of the tiles of c and how much of k to take at a
// time. They were measured: long rows for gonum's loops, and what these walk
// over again and again (tileK rows of b, or the tile of c for a transposed a)
// within the L1 cache. 192 columns are three of gonum's blocks of 64, and four
// would start its goroutines. tileN depends on n and not on m, and tileK on
// neither, so that the rows of a batch do not influence each other.
func tileSizes(transA, transB bool, n int) (tileM, tileN, tileK int) {
	if transA && transB { // A strided loop, not worth more thought.
		return 64, 64, 64
	}
	const widest, lane = 192, 16
	pieces := (n + widest - 1) / widest
	tileN = min(widest, ((n+pieces-1)/pieces+lane-1)/lane*lane) // even pieces
	if transA || transB {
		return 32, tileN, 256
	}
	return 64, tileN, 64
}

// tiles is one product on its way through parallel.For.
type tiles[T Float] struct {
	transA, transB      blas.Transpose
	m, n, k             int
	alpha, beta         T
	a, b, c             []T
	lda, ldb, ldc       int
	tileM, tileN, tileK int
	across              int // tiles in a row of c
}

// Do computes the tiles [lo, hi).
func (t *tiles[T]) Do(lo, hi int) {
	for tile := lo; tile < hi; tile++ {
		i, j := tile/t.across*t.tileM, tile%t.across*t.tileN
		m, n := min(t.tileM, t.m-i), min(t.tileN, t.n-j)
		c := t.c[i*t.ldc+j:]
		beta := t.beta
		for l := 0; l < t.k; l += t.tileK {
			k := min(t.tileK, t.k-l)
			at, bt := i*t.lda+l, l*t.ldb+j
			if t.transA != blas.NoTrans {
				at = l*t.lda + i
			}
			if t.transB != blas.NoTrans {
				bt = j*t.ldb + l
			}
			if is32[T]() {
				gonum.Implementation{}.Sgemm(t.transA, t.transB, m, n, k, float32(t.alpha), as32(t.a[at:]), t.lda, as32(t.b[bt:]), t.ldb, float32(beta), as32(c), t.ldc)
			} else {
				gonum.Implementation{}.Dgemm(t.transA, t.transB, m, n, k, float64(t.alpha), as64(t.a[at:]), t.lda, as64(t.b[bt:]), t.ldb, float64(beta), as64(c), t.ldc)
			}
			beta = 1
		}
	}
}

var tiles32 = sync.Pool{New: func() any { return new(tiles[float32]) }}
var tiles64 = sync.Pool{New: func() any { return new(tiles[float64]) }}

func getTiles[T Float]() *tiles[T] {
	if is32[T]() {
		return any(tiles32.Get()).(*tiles[T])
	}
	return any(tiles64.Get()).(*tiles[T])
}

func putTiles[T Float](t *tiles[T]) {
	t.a, t.b, t.c = nil, nil, nil
	if is32[T]() {
		tiles32.Put(t)
	} else {
		tiles64.Put(t)
	}
}
