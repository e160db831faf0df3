package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// lengths are around every unrolling, block and strip in this package.
var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 256, 257, 1000}

const guard = -12345.5

// guarded returns a slice of length n inside a buffer whose other words are
// guards, at an odd offset, and a check that no guard was touched.
func guarded[T Float](t *testing.T, n int) (x []T, check func()) {
	t.Helper()
	const before, after = 3, 5
	buf := make([]T, before+n+after)
	for i := range buf {
		buf[i] = guard
	}
	return buf[before : before+n], func() {
		t.Helper()
		for i, v := range buf {
			if (i < before || i >= before+n) && v != guard {
				t.Fatalf("length %d: wrote outside, at %d", n, i-before)
			}
		}
	}
}

func fill[T any](x []T, v T) {
	for i := range x {
		x[i] = v
	}
}

func random[T Float](n int, seed uint64) []T {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64() * 2)
	}
	return x
}

var nan, inf = math.NaN(), math.Inf(1)

// specials are the arguments where functions go wrong.
func specials[T Float]() []T {
	big, tiny, small := math.MaxFloat64, math.SmallestNonzeroFloat64, 0x1p-1022
	if is32[T]() {
		big, tiny, small = math.MaxFloat32, math.SmallestNonzeroFloat32, 0x1p-126
	}
	x := []T{T(nan), T(inf), T(-inf), 0, T(math.Copysign(0, -1))}
	for _, v := range []float64{big, tiny, small, small / 2, small * 3, 1e-30, 1e-20, 1e-10, 1e-7, 1e-4, 0.0078125, 0.5, 1, 2, 10, 15.9,
		16.7, 17.5, 20, 50, 80, 86, 87, 87.3, 88, 88.7, 88.72283, 88.73, 89, 100, 103, 103.97, 104, 127, 128, 129, 200, 500, 708, 709.5, 710, 745, 746, 1000, 1e5, 1e10, 1e20, 1e30} {
		x = append(x, T(v), T(-v))
	}
	return x
}

// equal is equality of bits, except that any NaN is any other.
func equal[T Float](a, b T) bool {
	return a != a && b != b || a == b && math.Signbit(float64(a)) == math.Signbit(float64(b))
}

// ulps is the distance of got from want in units of T's last place at want.
func ulps[T Float](got T, want float64) float64 {
	if w := T(want); equal(got, w) {
		return 0
	} else if g := float64(got); math.IsNaN(g) || math.IsNaN(want) || math.IsInf(g, 0) || math.IsInf(float64(w), 0) ||
		math.Signbit(g) != math.Signbit(want) {
		return inf
	}
	minExp, digits := -1022, 52
	if is32[T]() {
		minExp, digits = -126, 23
	}
	_, e := math.Frexp(want)
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(e-1, minExp)-digits)
}

// function is a vector function with its scalar form and its reference.
type function struct {
	name               string
	f32                func(dst, x []float32)
	f64                func(dst, x []float64)
	s32                func(x float32) float32
	s64                func(x float64) float64
	ref                func(x float64) float64
	maxULP32, maxULP64 float64
}

func sigmoidRef(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / (1 + math.Exp(x))
	}
	return 1 / (1 + math.Exp(-x))
}

func softplusRef(x float64) float64 {
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

func eluRef(scale, alpha float64) func(x float64) float64 {
	return func(x float64) float64 {
		if x > 0 {
			return scale * x
		}
		return alpha * math.Expm1(x)
	}
}

func geluRef(x float64) float64 {
	if x < -40 {
		return math.Copysign(0, -1)
	}
	return x / 2 * math.Erfc(-x/math.Sqrt2)
}

func siluRef(x float64) float64 {
	if x < -750 {
		return math.Copysign(0, -1)
	}
	return x * sigmoidRef(x)
}

func geluTanhRef(x float64) float64 {
	if x < -50 {
		return math.Copysign(0, -1)
	}
	return x * sigmoidRef(2*math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x))
}

var functions = []function{
	{"Exp", Exp[float32], Exp[float64], ExpScalar[float32], ExpScalar[float64], math.Exp, 0.6, 1},
	{"Expm1", Expm1[float32], Expm1[float64], Expm1Scalar[float32], Expm1Scalar[float64], math.Expm1, 0.7, 1},
	{"Log", Log[float32], Log[float64], LogScalar[float32], LogScalar[float64], math.Log, 0.7, 1},
	{"Log1p", Log1p[float32], Log1p[float64], Log1pScalar[float32], Log1pScalar[float64], math.Log1p, 0.7, 1},
	{"Sqrt", Sqrt[float32], Sqrt[float64], SqrtScalar[float32], SqrtScalar[float64], math.Sqrt, 0.501, 1},
	{"Tanh", Tanh[float32], Tanh[float64], nil, nil, math.Tanh, 0.7, 1},
	{"Sigmoid", Sigmoid[float32], Sigmoid[float64], SigmoidScalar[float32], SigmoidScalar[float64], sigmoidRef, 0.7, 3},
	{"Softplus", Softplus[float32], Softplus[float64], SoftplusScalar[float32], SoftplusScalar[float64], softplusRef, 0.7, 1},
	{"ReLU", ReLU[float32], ReLU[float64], nil, nil, func(x float64) float64 { return math.Max(x, 0) }, 0, 0},
	{"ELU", func(d, x []float32) { ELU(d, x, 0.75) }, func(d, x []float64) { ELU(d, x, 0.75) }, nil, nil,
		eluRef(1, 0.75), 0.75, 1},
	{"LeakyReLU", func(d, x []float32) { LeakyReLU(d, x, 0.25) }, func(d, x []float64) { LeakyReLU(d, x, 0.25) }, nil, nil,
		func(x float64) float64 { return math.Max(x, 0.25*x) }, 0.501, 0},
	{"HardTanh", func(d, x []float32) { HardTanh(d, x, -0.75, 0.5) }, func(d, x []float64) { HardTanh(d, x, -0.75, 0.5) }, nil, nil,
		func(x float64) float64 { return math.Min(math.Max(x, -0.75), 0.5) }, 0, 0},
	{"GELU", GELU[float32], GELU[float64], nil, nil, geluRef, 0.7, 3},
	// In its tail the error is that of the exponent, in the reference as well.
	{"GELUTanh", GELUTanh[float32], GELUTanh[float64], nil, nil, geluTanhRef, 0.7, 1000},
	{"SiLU", SiLU[float32], SiLU[float64], nil, nil, siluRef, 0.7, 4},
	{"SELU", SELU[float32], SELU[float64], nil, nil, eluRef(SELUScale, SELUScale*SELUAlpha), 1.5, 1.5},
}

func TestFunctions(t *testing.T) {
	for _, f := range functions {
		t.Run(f.name, func(t *testing.T) {
			onEachISA(t, func(t *testing.T) {
				s32 := f.s32
				if active != Portable {
					s32 = nil // it has the bits of the portable loop
				}
				testFunction(t, f.f32, s32, f.ref, f.ulp32(active))
			})
			testFunction(t, f.f64, f.s64, f.ref, f.maxULP64)
		})
	}
}

func testFunction[T Float](t *testing.T, f func(dst, x []T), scalar func(x T) T, ref func(float64) float64, tol float64) {
	check := func(x, got T) {
		t.Helper()
		if e := ulps(got, ref(float64(x))); !(e <= tol) {
			t.Errorf("f(%v) = %v, want %v: %.3g ulp of %T", x, got, ref(float64(x)), e, x)
		}
		if scalar != nil {
			if s := scalar(x); !equal(s, got) {
				t.Errorf("scalar f(%v) = %v, vector %v", x, s, got)
			}
		}
	}
	for _, n := range append(lengths, len(specials[T]())) {
		x := random[T](n, 1)
		if n == len(specials[T]()) {
			x = specials[T]()
		}
		dst, guards := guarded[T](t, n)
		f(dst, append(x, 1, 2, 3)) // longer operands are allowed
		guards()
		for i := range x {
			check(x[i], dst[i])
		}
		f(x, x)
		for i := range x {
			if !equal(x[i], dst[i]) {
				t.Errorf("in place: %v at %d, apart %v", x[i], i, dst[i])
			}
		}
	}
}

// TestFunctions32Sweep walks over all of float32 and, finely, over [-20, 20].
func TestFunctions32Sweep(t *testing.T) {
	stride, step := uint64(1499), 1
	if testing.Short() {
		stride, step = 32749, 16
	}
	for _, f := range functions {
		worst, at := make([]float64, Best()+1), make([]float32, Best()+1)
		x, y, want := make([]float32, 0, 4096), make([]float32, 4096), make([]float64, 4096)
		flush := func() {
			for i, v := range x {
				want[i] = f.ref(float64(v))
			}
			for isa := range worst {
				restore := Use(ISA(isa))
				f.f32(y[:len(x)], x)
				restore()
				for i, v := range x {
					if e := ulps(y[i], want[i]); e > worst[isa] {
						worst[isa], at[isa] = e, v
					}
				}
			}
			x = x[:0]
		}
		add := func(v float32) {
			if x = append(x, v); len(x) == cap(x) {
				flush()
			}
		}
		sweep(stride, func(x []float32) {
			for _, v := range x {
				add(v)
			}
		})
		for i := -200000; i <= 200000; i += step {
			add(float32(i) * 1e-4)
			add(1 + float32(i)*0x1p-23)
		}
		flush()
		for isa := range worst {
			t.Logf("%-10s %-8v %.4f ulp at %v", f.name, ISA(isa), worst[isa], at[isa])
			if tol := f.ulp32(ISA(isa)); worst[isa] > tol {
				t.Errorf("%s, %v: %.4f ulp at %v, want at most %v", f.name, ISA(isa), worst[isa], at[isa], tol)
			}
		}
	}
}

// gradient is a gradient kernel over dy and an activation's output or input.
type gradient struct {
	name string
	f32  func(dst, dy, y []float32)
	f64  func(dst, dy, y []float64)
	ref  func(dy, y float64) float64
}

func pick(y, positive, other float64) float64 {
	switch {
	case y != y:
		return y
	case y > 0:
		return positive
	}
	return other
}

func seluGradRef(dy, y float64) float64 {
	if y == 0 {
		return dy * SELUScale
	}
	return dy * pick(y, SELUScale, y+SELUScale*SELUAlpha)
}

func geluGradRef(dy, x float64) float64 {
	f := math.Erfc(-x/math.Sqrt2) / 2
	if math.Abs(x) < 50 {
		f += x * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
	}
	return dy * f
}

func siluGradRef(dy, x float64) float64 {
	f := sigmoidRef(x)
	if math.Abs(x) < 750 {
		f += x * sigmoidRef(x) * sigmoidRef(-x)
	}
	return dy * f
}

func geluTanhGradRef(dy, x float64) float64 {
	a := 2 * math.Sqrt(2/math.Pi)
	z := a * (x + 0.044715*x*x*x)
	f := sigmoidRef(z)
	if math.Abs(x) < 50 {
		f += x * a * (1 + 3*0.044715*x*x) * sigmoidRef(z) * sigmoidRef(-z)
	}
	return dy * f
}

var gradients = []gradient{
	{"TanhGrad", TanhGrad[float32], TanhGrad[float64], func(dy, y float64) float64 { return dy * (1 - y*y) }},
	{"SigmoidGrad", SigmoidGrad[float32], SigmoidGrad[float64], func(dy, y float64) float64 { return dy * y * (1 - y) }},
	{"SoftplusGrad", SoftplusGrad[float32], SoftplusGrad[float64], func(dy, x float64) float64 { return dy * sigmoidRef(x) }},
	{"GELUGrad", GELUGrad[float32], GELUGrad[float64], geluGradRef},
	{"GELUTanhGrad", GELUTanhGrad[float32], GELUTanhGrad[float64], geluTanhGradRef},
	{"SiLUGrad", SiLUGrad[float32], SiLUGrad[float64], siluGradRef},
	{"ReLUGrad", ReLUGrad[float32], ReLUGrad[float64], func(dy, y float64) float64 { return pick(y, dy, 0) }},
	{"ELUGrad", func(d, dy, y []float32) { ELUGrad(d, dy, y, 0.75) }, func(d, dy, y []float64) { ELUGrad(d, dy, y, 0.75) },
		func(dy, y float64) float64 { return dy * pick(y, 1, y+0.75) }},
	{"LeakyReLUGrad", func(d, dy, y []float32) { LeakyReLUGrad(d, dy, y, 0.25) }, func(d, dy, y []float64) { LeakyReLUGrad(d, dy, y, 0.25) },
		func(dy, y float64) float64 { return dy * pick(y, 1, 0.25) }},
	{"HardTanhGrad", func(d, dy, x []float32) { HardTanhGrad(d, dy, x, -0.75, 0.5) }, func(d, dy, x []float64) { HardTanhGrad(d, dy, x, -0.75, 0.5) },
		func(dy, x float64) float64 { return pick(x+0.75, pick(0.5-x, dy, 0), 0) }},
	{"SELUGrad", SELUGrad[float32], SELUGrad[float64], func(dy, y float64) float64 { return seluGradRef(dy, y) }},
}

func TestGradients(t *testing.T) {
	for _, g := range gradients {
		t.Run(g.name, func(t *testing.T) {
			onEachISA(t, func(t *testing.T) { testGradient(t, g.f32, g.ref) })
			testGradient(t, g.f64, g.ref)
		})
	}
}

func testGradient[T Float](t *testing.T, f func(dst, dy, y []T), ref func(dy, y float64) float64) {
	eps := 0x1p-50
	if is32[T]() {
		eps = 0x1p-21
	}
	run := func(dy, y []T) {
		t.Helper()
		dst, guards := guarded[T](t, len(y))
		f(dst, append(dy, 1), append(y, 1, 2))
		guards()
		for i := range y {
			want := ref(float64(dy[i]), float64(y[i]))
			got := float64(dst[i])
			if equal(got, want) || got == 0 && want == 0 {
				continue
			}
			if !(math.Abs(got-want) <= eps*(math.Abs(want)+math.Abs(float64(dy[i])))) {
				t.Errorf("dy %v y %v: %v, want %v", dy[i], y[i], got, want)
			}
		}
		for _, alias := range []string{"dy", "y"} {
			a, b := append([]T(nil), dy...), append([]T(nil), y...)
			into := a
			if alias == "y" {
				into = b
			}
			f(into, a, b)
			for i := range into {
				if !equal(into[i], dst[i]) {
					t.Errorf("dst = %s: %v at %d, apart %v", alias, into[i], i, dst[i])
				}
			}
		}
	}
	for _, n := range lengths {
		run(random[T](n, 1), random[T](n, 2))
	}
	run([]T{3, 3, 3, T(nan), 3, T(inf)}, []T{0, T(math.Copysign(0, -1)), T(nan), 1, 0.5, 1})
}

type binary[T Float] struct {
	name string
	f    func(dst, a, b []T)
	ref  func(a, b T) T
}

func binaries[T Float]() []binary[T] {
	return []binary[T]{
		{"Add", Add[T], func(a, b T) T { return a + b }},
		{"Sub", Sub[T], func(a, b T) T { return a - b }},
		{"Mul", Mul[T], func(a, b T) T { return a * b }},
		{"Div", Div[T], func(a, b T) T { return a / b }},
		{"AddScalar", func(d, a, _ []T) { AddScalar(d, a, 1.5) }, func(a, _ T) T { return a + 1.5 }},
		{"MulScalar", func(d, a, _ []T) { MulScalar(d, a, 1.3) }, func(a, _ T) T { return a * 1.3 }},
		{"Clip", func(d, a, _ []T) { Clip(d, a, -1, 0.5) }, func(a, _ T) T { return min(max(a, -1), 0.5) }},
		{"Sign", func(d, a, _ []T) { Sign(d, a) }, func(a, _ T) T { return signum(a) }},
		{"ClipSymmetric", func(d, a, _ []T) { Clip(d, a, -0.5, 0.5) }, func(a, _ T) T { return min(max(a, -0.5), 0.5) }},
	}
}

func TestArithmetic(t *testing.T) {
	t.Run("float32", testArithmetic[float32])
	t.Run("float64", testArithmetic[float64])
}

func testArithmetic[T Float](t *testing.T) {
	for _, op := range binaries[T]() {
		run := func(a, b []T) {
			t.Helper()
			dst, guards := guarded[T](t, len(a))
			op.f(dst, append(a, 1), append(b, 1))
			guards()
			for i := range a {
				if want := op.ref(a[i], b[i]); !equal(dst[i], want) {
					t.Errorf("%s(%v, %v) = %v, want %v", op.name, a[i], b[i], dst[i], want)
				}
			}
			x := append([]T(nil), a...)
			op.f(x, x, b)
			y := append([]T(nil), b...)
			op.f(y, a, y)
			for i := range dst {
				if !equal(x[i], dst[i]) || !equal(y[i], dst[i]) {
					t.Errorf("%s in place: %v and %v at %d, apart %v", op.name, x[i], y[i], i, dst[i])
				}
			}
		}
		for _, n := range lengths {
			run(random[T](n, 1), random[T](n, 2))
		}
		for _, v := range specials[T]() {
			s := specials[T]()
			w := make([]T, len(s))
			fill(w, v)
			run(s, w)
		}
	}
	for _, n := range lengths {
		dst, guards := guarded[T](t, n)
		y, x := random[T](n, 1), random[T](n, 2)
		copy(dst, y)
		Axpy(dst, 0.7, x)
		guards()
		for i := range dst {
			if want := y[i] + T(0.7)*x[i]; math.Abs(float64(dst[i]-want)) > 1e-6 {
				t.Errorf("Axpy: %v at %d, want %v", dst[i], i, want)
			}
		}
	}
}

func TestShortOperandPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Add with a short operand did not panic")
		}
	}()
	Add(make([]float32, 4), make([]float32, 4), make([]float32, 3))
}

func TestNamedTypes(t *testing.T) {
	type half float32
	x := []half{0, 1}
	Exp(x, x)
	if x[0] != 1 || math.Abs(float64(x[1])-math.E) > 1e-6 {
		t.Errorf("Exp of a named type: %v", x)
	}
	c := []half{0}
	Gemm(false, false, 1, 1, 2, 1, []half{1, 2}, 2, []half{3, 4}, 1, 0, c, 1)
	if c[0] != 11 {
		t.Errorf("Gemm of a named type: %v", c)
	}
}

func TestNoAllocations(t *testing.T) {
	x, y, z := random[float32](1000, 1), random[float32](1000, 2), random[float32](1000, 3)
	labels := make([]int64, 100)
	for _, f := range functions {
		if n := testing.AllocsPerRun(10, func() { f.f32(y, x) }); n > 0 {
			t.Errorf("%s: %v allocations", f.name, n)
		}
	}
	for name, f := range map[string]func(){
		"Sum":           func() { Sum(x) },
		"SoftmaxRows":   func() { SoftmaxRows(y, x, 100, 10) },
		"SparseXent":    func() { SparseXent(z[:100], y, x, labels, 10) },
		"ColumnSums":    func() { ColumnSums(y, x, 10, 100, 0, 100) },
		"ColumnMoments": func() { ColumnMoments(y, z, x, 10, 100, 0, 100) },
	} {
		if n := testing.AllocsPerRun(10, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func perElement(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
}

func BenchmarkFunctions(b *testing.B) {
	const n = 4096
	x, y := random[float32](n, 1), make([]float32, n)
	x64, y64 := random[float64](n, 1), make([]float64, n)
	for _, f := range functions {
		b.Run(fmt.Sprintf("%s/float32", f.name), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				f.f32(y, x)
			}
			perElement(b, n)
		})
		b.Run(fmt.Sprintf("%s/float64", f.name), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				f.f64(y64, x64)
			}
			perElement(b, n)
		})
	}
}

func BenchmarkGradients(b *testing.B) {
	const n = 4096
	x, y, z := random[float32](n, 1), random[float32](n, 2), make([]float32, n)
	for _, g := range gradients {
		b.Run(g.name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				g.f32(z, x, y)
			}
			perElement(b, n)
		})
	}
}

func BenchmarkArithmetic(b *testing.B) {
	const n = 4096
	x, y, z := random[float32](n, 1), random[float32](n, 2), make([]float32, n)
	for _, op := range binaries[float32]() {
		b.Run(op.name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				op.f(z, x, y)
			}
			perElement(b, n)
		})
	}
	b.Run("Axpy", func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			Axpy(z, 1e-9, x)
		}
		perElement(b, n)
	})
}
