package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
)

// gemmCase is one call of Gemm with its operands in padded buffers.
type gemmCase[T float32 | float64] struct {
	transA, transB bool
	m, n, k        int
	alpha, beta    T
	a, b, c        []T
	lda, ldb, ldc  int
}

func newGemmCase[T float32 | float64](r *rand.Rand, transA, transB bool, m, n, k, pad int, alpha, beta T) *gemmCase[T] {
	p := &gemmCase[T]{transA: transA, transB: transB, m: m, n: n, k: k, alpha: alpha, beta: beta}
	matrix := func(rows, cols int) ([]T, int) {
		ld := cols + pad
		x := make([]T, max(0, (rows-1)*ld+cols)) // not a word more than needed
		for i := range x {
			if r.IntN(5) > 0 { // zeros, as ReLU makes them
				x[i] = T(r.NormFloat64())
			}
		}
		return x, ld
	}
	if transA {
		p.a, p.lda = matrix(k, m)
	} else {
		p.a, p.lda = matrix(m, k)
	}
	if transB {
		p.b, p.ldb = matrix(n, k)
	} else {
		p.b, p.ldb = matrix(k, n)
	}
	p.c, p.ldc = matrix(m, n)
	return p
}

func (p *gemmCase[T]) run() {
	Gemm(p.transA, p.transB, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc)
}

// check runs the product with each instruction set and compares with the definition in float64.
func (p *gemmCase[T]) check(t *testing.T) {
	t.Helper()
	before := append([]T(nil), p.c...)
	sums, bounds := p.reference()
	for isa := Portable; isa <= Best(); isa++ {
		copy(p.c, before)
		restore := Use(isa)
		p.run()
		restore()
		for at, got := range p.c {
			i, j := at/p.ldc, at%p.ldc
			if j >= p.n {
				if got != before[at] {
					t.Fatalf("%v, %s: wrote between the rows of c, at %d", isa, p, at)
				}
				continue
			}
			got, want := float64(got), sums[i*p.n+j]
			if math.IsNaN(want) && math.IsNaN(got) || want == got {
				continue
			}
			if !(math.Abs(got-want) <= bounds[i*p.n+j]) {
				t.Fatalf("%v, %s: c[%d, %d] = %v, want %v", isa, p, i, j, got, want)
			}
		}
	}
}

// reference returns the elements [m, n] of the product in float64, and how far those of T may be from them.
func (p *gemmCase[T]) reference() (sums, bounds []float64) {
	eps := 0x1p-52
	if is32[T]() {
		eps = 0x1p-23
	}
	aRow, aColumn, bRow, bColumn := p.lda, 1, p.ldb, 1
	if p.transA {
		aRow, aColumn = 1, p.lda
	}
	if p.transB {
		bRow, bColumn = 1, p.ldb
	}
	sums, bounds = make([]float64, p.m*p.n), make([]float64, p.m*p.n)
	for i := range p.m {
		for j := range p.n {
			sum := 0.0
			if p.beta != 0 {
				sum = float64(p.beta) * float64(p.c[i*p.ldc+j])
			}
			size := math.Abs(sum)
			for l := 0; l < p.k && p.alpha != 0; l++ {
				s := float64(p.alpha) * float64(p.a[i*aRow+l*aColumn]) * float64(p.b[l*bRow+j*bColumn])
				sum += s
				size += math.Abs(s)
			}
			sums[i*p.n+j], bounds[i*p.n+j] = sum, eps*size*(4+math.Sqrt(float64(p.k)))
		}
	}
	return sums, bounds
}

func (p *gemmCase[T]) String() string {
	return fmt.Sprintf("%T %v %v m=%d n=%d k=%d ld %d %d %d alpha=%v beta=%v", p.alpha, p.transA, p.transB, p.m, p.n, p.k, p.lda, p.ldb, p.ldc, p.alpha, p.beta)
}

func TestGemm(t *testing.T) {
	t.Run("float32", testGemm[float32])
	t.Run("float64", testGemm[float64])
}

// TestGemmTiles takes every number of rows and columns that a tile can have, and
// the wide tiles of few rows.
func TestGemmTiles(t *testing.T) {
	t.Run("float32", testGemmTiles[float32])
	t.Run("float64", testGemmTiles[float64])
}

func testGemmTiles[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	step := 1
	if raceDetector {
		step = 7
	}
	for m := 1; m <= 30; m++ {
		for n := 1; n <= 67; n += step {
			trans := r.IntN(4)
			newGemmCase(r, trans&1 != 0, trans&2 != 0, m, n, 1+r.IntN(12), r.IntN(3), T(1), T(r.IntN(2))).check(t)
		}
	}
	for m := 1; m <= 4; m++ {
		for _, n := range []int{128, 129, 300, 340} {
			newGemmCase(r, m%2 == 0, false, m, n, 270, 1, T(1), T(r.IntN(2))).check(t)
		}
	}
	for _, ld := range []int{256, 512, 1024} { // rows that crowd the cache
		newGemmCase(r, false, false, 40, ld, ld, 0, T(1), T(0)).check(t)
	}
}

// TestGemmFinish compares with a product followed by the same steps.
func TestGemmFinish(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testGemmFinish[float32])
		t.Run("float64", testGemmFinish[float64])
	})
}

func testGemmFinish[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for _, s := range [][3]int{{1, 10, 100}, {3, 300, 784}, {50, 300, 784}, {200, 100, 300}, {600, 70, 33}, {7, 5, 0}, {784, 500, 200}, {520, 250, 50}, {300, 120, 300}, {290, 200, 7}} {
		m, n, k := s[0], s[1], s[2]
		if raceDetector && m*n*k > 7e6 { // the others are shared out too
			continue
		}
		for _, alpha := range []T{1, -0.5, 0} {
			pad := r.IntN(2)
			p := newGemmCase(r, false, false, m, n, k, pad, alpha, T(r.IntN(2)))
			bias := make([]T, n)
			for j := range bias {
				bias[j] = T(r.NormFloat64())
			}
			got := append([]T(nil), p.c...)
			p.run()
			calls := &finishCount[T]{n: n, gaps: pad > 0, seen: make([]atomic.Int32, m*n)}
			after := After[T]{Bias: bias, Finish: calls}
			switch r.IntN(3) {
			case 0:
				after.Rectify, after.Most = true, T(math.Inf(1))
			case 1:
				after.Rectify, after.Most = true, 0.5
			}
			GemmFinish(false, false, m, n, k, alpha, p.a, p.lda, p.b, p.ldb, p.beta, got, p.ldc, after)
			for i := range calls.seen {
				row, col := i/n, i%n
				if c := calls.seen[i].Load(); c != 1 {
					t.Fatalf("%s: element %d, %d was finished %d times", p, row, col, c)
				}
				want := p.c[row*p.ldc+col] + bias[col]
				if after.Rectify {
					want = min(max(want, 0), after.Most)
				}
				want *= 2
				if got[row*p.ldc+col] != want {
					t.Fatalf("%s: c[%d, %d] = %v, want %v", p, row, col, got[row*p.ldc+col], want)
				}
			}
		}
	}
}

// TestRectify looks at what is special: NaN stays, zeros lose their sign, and infinities are bounded.
func TestRectify(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testRectify[float32])
		t.Run("float64", testRectify[float64])
	})
}

func testRectify[T float32 | float64](t *testing.T) {
	inf := T(math.Inf(1))
	special := []T{T(math.NaN()), T(math.Copysign(0, -1)), 0, -1, 3, 6, 7, inf, -inf, 5.5}
	bits := func(v T) uint64 { return math.Float64bits(float64(v)) }
	for _, most := range []T{6, inf} {
		for m := 1; m <= 30; m++ {
			for _, n := range []int{1, 7, 20, 33, 350} {
				// 1*v, to which -0 is added, which changes nothing.
				a, b, bias, c := make([]T, m), make([]T, n), make([]T, n), make([]T, m*n)
				for i := range a {
					a[i] = 1
				}
				for j := range b {
					b[j] = special[j%len(special)]
					bias[j] = T(math.Copysign(0, -1))
				}
				GemmFinish(false, false, m, n, 1, 1, a, 1, b, n, 0, c, n, After[T]{Bias: bias, Rectify: true, Most: most})
				for i, got := range c {
					v := b[i%n]
					want := rectified(v, most)
					if v != v && got == got || v == v && bits(got) != bits(want) {
						t.Fatalf("%d x %d, at most %v: %v became %v, want %v", m, n, most, v, got, want)
					}
				}
			}
		}
	}
}

// finishCount doubles what it is given and counts how often.
type finishCount[T float32 | float64] struct {
	n    int
	gaps bool
	seen []atomic.Int32
}

func (f *finishCount[T]) Finish(i, j int, run []T) {
	if len(run) > f.n && f.gaps {
		panic("a run goes over the gap between rows")
	}
	for q := range run {
		run[q] *= 2
		f.seen[i*f.n+j+q].Add(1)
	}
}

// TestGemmShort panics where an operand is too short, before it reads.
func TestGemmShort(t *testing.T) {
	full := func() *gemmCase[float32] {
		return newGemmCase[float32](rand.New(rand.NewPCG(1, 10)), false, false, 9, 40, 11, 0, 1, 0)
	}
	for name, cut := range map[string]func(p *gemmCase[float32]){
		"a": func(p *gemmCase[float32]) { p.a = p.a[:len(p.a)-1] },
		"b": func(p *gemmCase[float32]) { p.b = p.b[:len(p.b)-1] },
		"c": func(p *gemmCase[float32]) { p.c = p.c[:len(p.c)-1] },
	} {
		p := full()
		cut(p)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is too short, and nothing was said", name)
				}
			}()
			p.run()
		}()
	}
}

func testGemm[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{0, 1, 2, 3, 10, 63, 64, 65, 130}
	if testing.Short() {
		sizes = []int{0, 1, 3, 65, 130}
	}
	for _, m := range sizes {
		for _, n := range sizes {
			for _, k := range []int{0, 1, 5, 64, 300} {
				for trans := 0; trans < 4; trans++ {
					alpha := []T{1, 1, 0.5, -2, 0}[r.IntN(5)]
					beta := []T{0, 1, 0.5, -1}[r.IntN(4)]
					p := newGemmCase[T](r, trans&1 != 0, trans&2 != 0, m, n, k, r.IntN(2)*3, alpha, beta)
					if beta == 0 {
						for i := 0; i < m; i++ {
							fill(p.c[i*p.ldc:i*p.ldc+n], T(nan)) // must disappear
						}
					}
					p.check(t)
				}
			}
		}
	}
}

func TestGemmParallel(t *testing.T) {
	old := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(old)
	r := rand.New(rand.NewPCG(1, 3))
	for trans := 0; trans < 4; trans++ {
		newGemmCase[float32](r, trans&1 != 0, trans&2 != 0, 201, 303, 97, 1, 1, 0.5).check(t)
		p := newGemmCase[float32](r, trans&1 != 0, trans&2 != 0, 201, 303, 97, 0, 1, 0)
		p.run()
		want := append([]float32(nil), p.c...)
		runtime.GOMAXPROCS(1)
		p.run()
		runtime.GOMAXPROCS(4)
		for i, v := range p.c {
			if v != want[i] {
				t.Fatalf("%s: element %d is %v with one processor, %v with four", p, i, v, want[i])
			}
		}
	}
}

// TestGemmNonFinite puts NaN and infinities opposite to zeros.
func TestGemmNonFinite(t *testing.T) {
	t.Run("float32", testGemmNonFinite[float32])
	t.Run("float64", testGemmNonFinite[float64])
}

func testGemmNonFinite[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, bad := range []float64{nan, inf, -inf} {
		for _, m := range []int{1, 2, 15, 16, 40} {
			for trans := 0; trans < 4; trans++ {
				for round := 0; round < 20; round++ {
					p := newGemmCase[T](r, trans&1 != 0, trans&2 != 0, m, 9, 11, r.IntN(2), 1, T(r.IntN(2)))
					for i := range p.a {
						if r.IntN(2) == 0 {
							p.a[i] = 0
						}
					}
					if round%2 == 0 {
						p.b[r.IntN(len(p.b))] = T(bad)
					} else {
						p.a[r.IntN(len(p.a))] = T(bad)
						p.b[r.IntN(len(p.b))] = 0
					}
					p.check(t)
				}
			}
		}
	}
}

// TestGemmRowsIndependent: the bits of a row do not depend on how many others
// there are, nor on its place among them.
func TestGemmRowsIndependent(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testGemmRowsIndependent[float32])
		t.Run("float64", testGemmRowsIndependent[float64])
	})
}

func testGemmRowsIndependent[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	const most = 300
	step := func(m int) int { // every number of rows of a few tiles, some of more
		switch {
		case raceDetector:
			return 71
		case active == Portable:
			return 29
		case m > 60:
			return 13
		}
		return 1
	}
	for _, s := range []struct{ n, k int }{{300, 330}, {100, 300}, {10, 100}, {1, 60}, {47, 600}} {
		for _, transB := range []bool{false, true} {
			p := newGemmCase[T](r, false, transB, most, s.n, s.k, 0, 1, 0)
			p.run()
			for m := 1; m <= most; m += step(m) {
				at := (most - m) / 2 // rows [at, at+m) alone
				c := make([]T, m*s.n)
				Gemm(false, transB, m, s.n, s.k, 1, p.a[at*p.lda:], p.lda, p.b, p.ldb, 0, c, s.n)
				for i, v := range c {
					if want := p.c[at*s.n+i]; v != want {
						t.Fatalf("n=%d k=%d transB=%v: row %d of %d has %v, of %d has %v", s.n, s.k, transB, i/s.n, m, v, most, want)
					}
				}
			}
		}
	}
}

// TestGemmRowsIndependentTransposed: so too where the rows are the columns of a,
// of which there may be one.
func TestGemmRowsIndependentTransposed(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 11))
		for _, n := range []int{1, 3} {
			p := newGemmCase[float32](r, true, false, 5, n, 333, 0, 1, 0)
			p.run()
			for i := 0; i < p.m; i++ {
				a, c := make([]float32, p.k), make([]float32, n)
				for l := range a {
					a[l] = p.a[l*p.lda+i]
				}
				Gemm(true, false, 1, n, p.k, 1, a, 1, p.b, p.ldb, 0, c, n)
				for j, v := range c {
					if want := p.c[i*n+j]; v != want {
						t.Fatalf("n=%d: row %d alone has %v, among others %v", n, i, v, want)
					}
				}
			}
		}
	})
}

func TestGemmAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("under the race detector pools forget at random")
	}
	p := newGemmCase[float32](rand.New(rand.NewPCG(1, 6)), false, false, 200, 300, 100, 0, 1, 0)
	if got := steadyAllocations(p.run); got > 0 {
		t.Errorf("%d allocations", got)
	}
}

// steadyAllocations returns how many allocations f makes on two processors once what it keeps in pools is there: the fewest of
// several rounds of calls. A pool fills when a goroutine first needs something, which may be late on a busy machine, and again
// after collections; what every call allocates shows in all rounds. testing.AllocsPerRun would change the number of
// processors, at which pools forget all.
func steadyAllocations(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	const rounds, calls = 20, 5
	fewest := uint64(math.MaxUint64)
	var before, after runtime.MemStats
	for round := 0; round < rounds && fewest > 0; round++ {
		runtime.ReadMemStats(&before)
		for range calls {
			f()
		}
		runtime.ReadMemStats(&after)
		fewest = min(fewest, after.Mallocs-before.Mallocs)
	}
	return fewest
}

func FuzzGemm(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(4), uint8(5), uint8(0), 1.0, 0.0)
	f.Add(uint64(2), uint8(70), uint8(1), uint8(65), uint8(7), -0.5, 1.0)
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k, flags uint8, alpha, beta float64) {
		if !(math.Abs(alpha) < 1e6 && math.Abs(beta) < 1e6) || alpha != 0 && math.Abs(alpha) < 1e-6 {
			t.Skip("out of the range of the error bound")
		}
		r := rand.New(rand.NewPCG(seed, 0))
		pad := int(flags >> 2 % 8)
		newGemmCase(r, flags&1 != 0, flags&2 != 0, int(m), int(n), int(k), pad, float32(alpha), float32(beta)).check(t)
		newGemmCase(r, flags&1 != 0, flags&2 != 0, int(m), int(n), int(k), pad, alpha, beta).check(t)
	})
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range []struct {
		name           string
		transA, transB bool
		m, n, k        int
	}{
		{"NN_256", false, false, 256, 256, 256},
		{"NN_50x300x784", false, false, 50, 300, 784},
		{"NN_200x300x784", false, false, 200, 300, 784},
		{"NN_1x300x784", false, false, 1, 300, 784},
		{"TN_784x300x50", true, false, 784, 300, 50},
		{"TN_784x300x200", true, false, 784, 300, 200},
		{"NT_50x300x100", false, true, 50, 300, 100},
		{"NT_200x784x300", false, true, 200, 784, 300},
	} {
		for _, procs := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/procs%d", s.name, procs), func(b *testing.B) {
				old := runtime.GOMAXPROCS(procs)
				defer runtime.GOMAXPROCS(old)
				p := newGemmCase[float32](rand.New(rand.NewPCG(1, 7)), s.transA, s.transB, s.m, s.n, s.k, 0, 1, 0)
				p.a, p.b = random[float32](len(p.a), 1), random[float32](len(p.b), 2)
				p.run()
				b.ReportAllocs()
				b.ResetTimer()
				for i := 0; i < b.N; i++ {
					p.run()
				}
				flops := 2 * float64(s.m) * float64(s.n) * float64(s.k) * float64(b.N)
				b.ReportMetric(flops/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
