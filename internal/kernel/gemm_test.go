package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// product is one call of Gemm with its operands in padded buffers.
type product[T Float] struct {
	transA, transB bool
	m, n, k        int
	alpha, beta    T
	a, b, c        []T
	lda, ldb, ldc  int
}

func newProduct[T Float](r *rand.Rand, transA, transB bool, m, n, k, pad int, alpha, beta T) *product[T] {
	p := &product[T]{transA: transA, transB: transB, m: m, n: n, k: k, alpha: alpha, beta: beta}
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

func (p *product[T]) run() {
	Gemm(p.transA, p.transB, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc)
}

// check runs the product and compares with the definition in float64.
func (p *product[T]) check(t *testing.T) {
	t.Helper()
	before := append([]T(nil), p.c...)
	p.run()
	eps := 0x1p-52
	if is32[T]() {
		eps = 0x1p-23
	}
	inside := make([]bool, len(p.c))
	for i := 0; i < p.m; i++ {
		for j := 0; j < p.n; j++ {
			at := i*p.ldc + j
			inside[at] = true
			sum, size := 0.0, 0.0
			if p.beta != 0 {
				sum = float64(p.beta) * float64(before[at])
				size = math.Abs(sum)
			}
			for l := 0; l < p.k && p.alpha != 0; l++ {
				a, b := i*p.lda+l, l*p.ldb+j
				if p.transA {
					a = l*p.lda + i
				}
				if p.transB {
					b = j*p.ldb + l
				}
				s := float64(p.alpha) * float64(p.a[a]) * float64(p.b[b])
				sum += s
				size += math.Abs(s)
			}
			got := float64(p.c[at])
			if math.IsNaN(sum) && math.IsNaN(got) || sum == got {
				continue
			}
			if !(math.Abs(got-sum) <= eps*size*(4+math.Sqrt(float64(p.k)))) {
				t.Fatalf("%s: c[%d, %d] = %v, want %v", p, i, j, got, sum)
			}
		}
	}
	for i, in := range inside {
		if !in && p.c[i] != before[i] {
			t.Fatalf("%s: wrote between the rows of c, at %d", p, i)
		}
	}
}

func (p *product[T]) String() string {
	return fmt.Sprintf("%T %v %v m=%d n=%d k=%d ld %d %d %d alpha=%v beta=%v", p.alpha, p.transA, p.transB, p.m, p.n, p.k, p.lda, p.ldb, p.ldc, p.alpha, p.beta)
}

func TestGemm(t *testing.T) {
	t.Run("float32", testGemm[float32])
	t.Run("float64", testGemm[float64])
}

func testGemm[T Float](t *testing.T) {
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
					p := newProduct[T](r, trans&1 != 0, trans&2 != 0, m, n, k, r.IntN(2)*3, alpha, beta)
					if beta == 0 {
						for i := 0; i < m; i++ {
							Fill(p.c[i*p.ldc:i*p.ldc+n], T(nan)) // must disappear
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
		newProduct[float32](r, trans&1 != 0, trans&2 != 0, 201, 303, 97, 1, 1, 0.5).check(t)
		p := newProduct[float32](r, trans&1 != 0, trans&2 != 0, 201, 303, 97, 0, 1, 0)
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

func testGemmNonFinite[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, bad := range []float64{nan, inf, -inf} {
		for _, m := range []int{1, 2, 15, 16, 40} {
			for trans := 0; trans < 4; trans++ {
				for round := 0; round < 20; round++ {
					p := newProduct[T](r, trans&1 != 0, trans&2 != 0, m, 9, 11, r.IntN(2), 1, T(r.IntN(2)))
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

func TestAllFinite(t *testing.T) {
	t.Run("float32", testAllFinite[float32])
	t.Run("float64", testAllFinite[float64])
}

func testAllFinite[T Float](t *testing.T) {
	finite := []T{}
	for _, v := range specials[T]() {
		if v-v == 0 {
			finite = append(finite, v)
		}
	}
	for _, n := range []int{0, 1, 2, 3, 7, 8, 9, 30} {
		for off := 0; off < 3; off++ {
			x := make([]T, off+n)[off:]
			for i := range x {
				x[i] = finite[(i*7+off)%len(finite)]
			}
			if !allFinite(x) {
				t.Fatalf("finite %v", x)
			}
			for i, v := range x {
				for _, bad := range []float64{nan, inf, -inf, -nan} {
					x[i] = T(bad)
					if allFinite(x) {
						t.Fatalf("length %d offset %d: missed %v at %d", n, off, bad, i)
					}
				}
				x[i] = v
			}
		}
	}
}

// TestGemmRowsIndependent: a row of a batch does not feel the others.
func TestGemmRowsIndependent(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	const n, k, most = 300, 784, 130
	for _, transB := range []bool{false, true} {
		p := newProduct[float32](r, false, transB, most, n, k, 0, 1, 0)
		p.run()
		for _, m := range []int{1, 2, 50, 64, 65} {
			c := make([]float32, m*n)
			Gemm(false, transB, m, n, k, 1, p.a, p.lda, p.b, p.ldb, 0, c, n)
			for i := range c {
				if math.Abs(float64(c[i]-p.c[i])) > 1e-6*math.Sqrt(k)*4 {
					t.Fatalf("transB=%v: row %d of %d has %v, of %d has %v", transB, i/n, m, c[i], most, p.c[i])
				}
				if !transB && c[i] != p.c[i] { // Only dot products depend on the alignment.
					t.Fatalf("row %d of %d has %v, of %d has %v", i/n, m, c[i], most, p.c[i])
				}
			}
		}
	}
}

func TestSetGemm(t *testing.T) {
	calls := 0
	restore := SetGemm(func(_, _ bool, m, n, k int, _ float32, _ []float32, _ int, _ []float32, _ int, _ float32, _ []float32, _ int) {
		calls++
	}, nil)
	c := []float32{7}
	Gemm(false, false, 1, 1, 1, 1, []float32{2}, 1, []float32{3}, 1, 0, c, 1)
	restore()
	if calls != 1 || c[0] != 7 {
		t.Errorf("%d calls of the stub, c = %v", calls, c)
	}
	Gemm(false, false, 1, 1, 1, 1, []float32{2}, 1, []float32{3}, 1, 0, c, 1)
	if calls != 1 || c[0] != 6 {
		t.Errorf("after restore: %d calls of the stub, c = %v", calls, c)
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	p := newProduct[float32](rand.New(rand.NewPCG(1, 6)), false, false, 200, 300, 100, 0, 1, 0)
	p.run()
	if got := testing.AllocsPerRun(50, func() {
		runtime.GOMAXPROCS(2) // AllocsPerRun sets it to 1
		p.run()
	}); got > 0 {
		t.Errorf("%v allocations per call", got)
	}
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
		newProduct(r, flags&1 != 0, flags&2 != 0, int(m), int(n), int(k), pad, float32(alpha), float32(beta)).check(t)
		newProduct(r, flags&1 != 0, flags&2 != 0, int(m), int(n), int(k), pad, alpha, beta).check(t)
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
				p := newProduct[float32](rand.New(rand.NewPCG(1, 7)), s.transA, s.transB, s.m, s.n, s.k, 0, 1, 0)
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
