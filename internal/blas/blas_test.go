package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func normal(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// near compares with a result in float64 of sums of n terms.
func near(t *testing.T, what string, got []float32, want []float64, n int) {
	t.Helper()
	for i, v := range got {
		if !(math.Abs(float64(v)-want[i]) <= 2e-6*math.Sqrt(float64(n))*(4+math.Abs(want[i]))) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, v, want[i])
		}
	}
}

// TestAgainstGonum compares every operation that is replaced with gonum's in
// float64, for all increments and transposes.
func TestAgainstGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	ours, ref := Implementation{}, gonum.Implementation{}
	for _, s := range [][2]int{{1, 1}, {1, 40}, {40, 1}, {7, 33}, {65, 130}} {
		m, n := s[0], s[1]
		for _, inc := range [][2]int{{1, 1}, {2, 1}, {1, 3}, {-1, 1}} {
			for _, trans := range []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans} {
				name := fmt.Sprintf("%d x %d, increments %v, %c", m, n, inc, trans)
				lda := n + 2
				a := normal(r, m*lda)
				lx, ly := n, m
				if trans != blas.NoTrans {
					lx, ly = m, n
				}
				x, y := normal(r, lx*3), normal(r, ly*3)
				want := wide(y)
				ref.Dgemv(trans, m, n, 0.5, wide(a), lda, wide(x), inc[0], -2, want, inc[1])
				got64 := wide(y)
				ours.Dgemv(trans, m, n, 0.5, wide(a), lda, wide(x), inc[0], -2, got64, inc[1])
				ours.Sgemv(trans, m, n, 0.5, a, lda, x, inc[0], -2, y, inc[1])
				near(t, "Sgemv "+name, y, want, lx)
				for i, v := range got64 {
					if math.Abs(v-want[i]) > 1e-13*float64(lx+10) {
						t.Fatalf("Dgemv %s: %v, want %v", name, v, want[i])
					}
				}
			}
			name := fmt.Sprintf("%d x %d, increments %v", m, n, inc)
			a, x, y := normal(r, m*n), normal(r, m*3), normal(r, n*3)
			want := wide(a)
			ref.Dger(m, n, 1.5, wide(x), inc[0], wide(y), inc[1], want, n)
			if inc[0] > 0 { // gonum's assembly of float32 takes negative ones otherwise than its Dger
				ours.Sger(m, n, 1.5, x, inc[0], y, inc[1], a, n)
				near(t, "Sger "+name, a, want, 1)
			}

			x, y = normal(r, n*3), normal(r, n*3)
			near(t, "Sdot "+name, []float32{ours.Sdot(n, x, inc[0], y, inc[1])},
				[]float64{ref.Ddot(n, wide(x), inc[0], wide(y), inc[1])}, n)
			want = wide(y)
			ref.Daxpy(n, -0.5, wide(x), inc[0], want, inc[1])
			ours.Saxpy(n, -0.5, x, inc[0], y, inc[1])
			near(t, "Saxpy "+name, y, want, 1)
			if inc[0] > 0 {
				want = wide(x)
				ref.Dscal(n, 3, want, inc[0])
				ours.Sscal(n, 3, x, inc[0])
				near(t, "Sscal "+name, x, want, 1)
			}
		}
		for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans} {
			for _, tB := range []blas.Transpose{blas.NoTrans, blas.Trans} {
				const k = 21
				a, b, c := normal(r, m*k), normal(r, k*n), normal(r, m*n)
				lda, ldb := k, n
				if tA == blas.Trans {
					lda = m
				}
				if tB == blas.Trans {
					ldb = k
				}
				want := wide(c)
				ref.Dgemm(tA, tB, m, n, k, 0.5, wide(a), lda, wide(b), ldb, -1, want, n)
				got64 := wide(c)
				ours.Dgemm(tA, tB, m, n, k, 0.5, wide(a), lda, wide(b), ldb, -1, got64, n)
				ours.Sgemm(tA, tB, m, n, k, 0.5, a, lda, b, ldb, -1, c, n)
				near(t, "Sgemm", c, want, k)
				for i, v := range got64 {
					if math.Abs(v-want[i]) > 1e-12 {
						t.Fatalf("Dgemm: %v, want %v", v, want[i])
					}
				}
			}
		}
	}
}

// TestBadArguments: gonum's panics, word for word.
func TestBadArguments(t *testing.T) {
	x := make([]float32, 12)
	for name, call := range map[string]func(b blas.Float32){
		"transpose":  func(b blas.Float32) { b.Sgemm('x', blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"m":          func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.NoTrans, -1, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"lda":        func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x, 1, x, 2, 0, x, 2) },
		"short a":    func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x[:3], 2, x, 2, 0, x, 2) },
		"short b":    func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.Trans, 2, 2, 2, 1, x, 2, x[:3], 2, 0, x, 2) },
		"short c":    func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x[:3], 2) },
		"gemv lda":   func(b blas.Float32) { b.Sgemv(blas.NoTrans, 2, 3, 1, x, 2, x, 1, 0, x, 1) },
		"gemv short": func(b blas.Float32) { b.Sgemv(blas.Trans, 3, 4, 1, x, 4, x[:2], 1, 0, x, 1) },
		"ger":        func(b blas.Float32) { b.Sger(2, 3, 1, x, 1, x[:2], 1, x, 3) },
		"dot":        func(b blas.Float32) { b.Sdot(3, x[:2], 1, x, 1) },
		"axpy":       func(b blas.Float32) { b.Saxpy(3, 1, x, 0, x, 1) },
		"scal":       func(b blas.Float32) { b.Sscal(-1, 1, x, 1) },
	} {
		want, got := panicOf(call, gonum.Implementation{}), panicOf(call, Implementation{})
		if want == nil || got != want {
			t.Errorf("%s: panics with %v, gonum with %v", name, got, want)
		}
	}
}

func panicOf(call func(b blas.Float32), b blas.Float32) (p interface{}) {
	defer func() { p = recover() }()
	call(b)
	return nil
}

// TestGorgoniaUsesIt multiplies on Gorgonia's own machine.
func TestGorgoniaUsesIt(t *testing.T) {
	before := gorgonia.WhichBLAS()
	counted := &counting{}
	gorgonia.Use(counted)
	defer gorgonia.Use(before)
	expr := gorgonia.NewGraph()
	a := gorgonia.NewMatrix(expr, tensor.Float32, gorgonia.WithShape(2, 3), gorgonia.WithName("a"),
		gorgonia.WithValue(tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))))
	b := gorgonia.NewMatrix(expr, tensor.Float32, gorgonia.WithShape(3, 1), gorgonia.WithName("b"),
		gorgonia.WithValue(tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float32{1, 0, -1}))))
	c, err := gorgonia.Mul(a, b)
	if err != nil {
		t.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(expr)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	got := c.Value().Data().([]float32)
	if got[0] != -2 || got[1] != -2 || counted.calls == 0 {
		t.Errorf("%v after %d calls", got, counted.calls)
	}
}

type counting struct {
	Implementation
	calls int
}

func (c *counting) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, d []float32, ldd int) {
	c.calls++
	c.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, d, ldd)
}
