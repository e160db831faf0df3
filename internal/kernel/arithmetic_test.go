package kernel

import (
	"math"
	"testing"
)

// vectorLengths are all that end in a tail of either vector width, and some
// longer ones; under the race detector, which makes loops slow, only some.
func vectorLengths() []int {
	step := 1
	if raceDetector {
		step = 7
	}
	var n []int
	for i := 0; i <= 70; i += step {
		n = append(n, i)
	}
	return append(n, 127, 128, 129, 255, 1000, 4099)
}

// placed copies x into the middle of a larger array, offset elements from where
// that is aligned, and returns it with a check that nothing around it changed.
func placed(t *testing.T, x []float32, offset int) (at []float32, check func()) {
	t.Helper()
	const around = 32
	buf := make([]float32, around+offset+len(x)+around)
	for i := range buf {
		buf[i] = guard
	}
	at = buf[around+offset:][:len(x)]
	copy(at, x)
	return at, func() {
		t.Helper()
		for i, v := range buf {
			if i := i - around - offset; (i < 0 || i >= len(x)) && v != guard {
				t.Fatalf("length %d at offset %d: wrote outside, at %d", len(x), offset, i)
			}
		}
	}
}

// ordinary returns n numbers with the special ones among them.
func ordinary(n int, seed uint64) []float32 {
	x, s := random[float32](n, seed), specials[float32]()
	for i := range x {
		if i%7 == 3 {
			x[i] = s[(i*13+int(seed)*29)%len(s)]
		}
	}
	return x
}

// elementwise are the kernels of one or two operands and a number, with what
// they do to an element.
var elementwise = []struct {
	name   string
	f      func(dst, a, b []float32, s float32)
	ref    func(a, b, s float32) float32
	arrays int // read and written
}{
	{"Add", func(d, a, b []float32, _ float32) { Add(d, a, b) }, func(a, b, _ float32) float32 { return a + b }, 3},
	{"Sub", func(d, a, b []float32, _ float32) { Sub(d, a, b) }, func(a, b, _ float32) float32 { return a - b }, 3},
	{"Mul", func(d, a, b []float32, _ float32) { Mul(d, a, b) }, func(a, b, _ float32) float32 { return a * b }, 3},
	{"Div", func(d, a, b []float32, _ float32) { Div(d, a, b) }, func(a, b, _ float32) float32 { return a / b }, 3},
	{"SquaredDifference", func(d, a, b []float32, _ float32) { SquaredDifference(d, a, b) },
		func(a, b, _ float32) float32 { return (a - b) * (a - b) }, 3},
	{"Minimum", func(d, a, b []float32, _ float32) { Minimum(d, a, b) }, func(a, b, _ float32) float32 { return min(a, b) }, 3},
	{"Maximum", func(d, a, b []float32, _ float32) { Maximum(d, a, b) }, func(a, b, _ float32) float32 { return max(a, b) }, 3},
	{"AddScalar", func(d, a, _ []float32, s float32) { AddScalar(d, a, s) }, func(a, _, s float32) float32 { return a + s }, 2},
	{"MulScalar", func(d, a, _ []float32, s float32) { MulScalar(d, a, s) }, func(a, _, s float32) float32 { return a * s }, 2},
	{"DivScalar", func(d, a, _ []float32, s float32) { DivScalar(d, a, s) }, func(a, _, s float32) float32 { return a / s }, 2},
	{"ScalarSub", func(d, a, _ []float32, s float32) { ScalarSub(d, s, a) }, func(a, _, s float32) float32 { return s - a }, 2},
	{"ScalarDiv", func(d, a, _ []float32, s float32) { ScalarDiv(d, s, a) }, func(a, _, s float32) float32 { return s / a }, 2},
	{"MinimumScalar", func(d, a, _ []float32, s float32) { MinimumScalar(d, a, s) },
		func(a, _, s float32) float32 { return min(a, s) }, 2},
	{"MaximumScalar", func(d, a, _ []float32, s float32) { MaximumScalar(d, a, s) },
		func(a, _, s float32) float32 { return max(a, s) }, 2},
	{"Neg", func(d, a, _ []float32, _ float32) { Neg(d, a) }, func(a, _, _ float32) float32 { return -a }, 2},
	{"Abs", func(d, a, _ []float32, _ float32) { Abs(d, a) },
		func(a, _, _ float32) float32 { return float32(math.Abs(float64(a))) }, 2},
	{"Square", func(d, a, _ []float32, _ float32) { Square(d, a) }, func(a, _, _ float32) float32 { return a * a }, 2},
	{"Clip", func(d, a, _ []float32, _ float32) { Clip(d, a, -0.75, 1.5) },
		func(a, _, _ float32) float32 { return min(max(a, -0.75), 1.5) }, 2},
	{"ClipToInf", func(d, a, _ []float32, _ float32) { Clip(d, a, -1, float32(inf)) },
		func(a, _, _ float32) float32 { return max(a, -1) }, 2},
	{"Sign", func(d, a, _ []float32, _ float32) { Sign(d, a) }, func(a, _, _ float32) float32 { return signum(a) }, 2},
}

func signum[T Float](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// Sign sees the smallest numbers.
func TestSignOfTheSmallest(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		x := []float32{math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, math.MaxFloat32, float32(-inf)}
		Sign(x, x)
		y := []float64{math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, math.MaxFloat64, -inf}
		Sign(y, y)
		for i, want := range []float64{1, -1, 1, -1} {
			if float64(x[i]) != want || y[i] != want {
				t.Errorf("element %d: %v, %v; want %v", i, x[i], y[i], want)
			}
		}
	})
}

// TestElementwise holds the vector kernels against the plain operation, bit by
// bit.
func TestElementwise(t *testing.T) {
	numbers := []float32{1.75, 0, float32(math.Copysign(0, -1)), float32(nan), float32(-inf), 1e-40}
	onEachISA(t, func(t *testing.T) {
		for _, op := range elementwise {
			run := func(a, b []float32, s float32, offset int) {
				t.Helper()
				x, checkX := placed(t, a, offset)
				y, checkY := placed(t, b, (offset+1)%4)
				dst, checkDst := placed(t, make([]float32, len(a)), (offset+2)%4)
				op.f(dst, x, y, s)
				checkDst()
				for i := range dst {
					if want := op.ref(a[i], b[i], s); !equal(dst[i], want) {
						t.Fatalf("%s: length %d, element %d of (%v, %v, %v): %v, want %v", op.name, len(a), i, a[i], b[i], s, dst[i], want)
					}
				}
				op.f(x, x, y, s)
				checkX()
				for i := range x {
					if !equal(x[i], dst[i]) {
						t.Fatalf("%s over its first operand: %v at %d, want %v", op.name, x[i], i, dst[i])
					}
				}
				copy(x, a)
				op.f(y, x, y, s)
				checkY()
				for i := range y {
					if !equal(y[i], dst[i]) {
						t.Fatalf("%s over its second operand: %v at %d, want %v", op.name, y[i], i, dst[i])
					}
				}
			}
			for _, n := range vectorLengths() {
				for offset := 0; offset < 4; offset++ {
					run(ordinary(n, 1), ordinary(n, 2), numbers[n%len(numbers)], offset)
				}
			}
			a, b := make([]float32, 0, 4096), make([]float32, 0, 4096) // each special with each
			for _, v := range specials[float32]() {
				for _, w := range specials[float32]() {
					a, b = append(a, v), append(b, w)
				}
			}
			for _, s := range append(numbers, specials[float32]()...) {
				run(a, b, s, 1)
			}
		}
	})
}

func TestAxpy(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, n := range vectorLengths() {
			for offset := 0; offset < 4; offset++ {
				y, x := ordinary(n, 1), ordinary(n, 2)
				dst, check := placed(t, y, offset)
				src, _ := placed(t, x, (offset+1)%4)
				Axpy(dst, -0.7, src)
				check()
				for i := range dst {
					product := float32(float32(-0.7) * x[i]) // rounded, on every processor
					if want := y[i] + product; !equal(dst[i], want) {
						t.Fatalf("length %d, element %d: %v, want %v", n, i, dst[i], want)
					}
				}
			}
		}
	})
}

func BenchmarkElementwise(b *testing.B) {
	const n = 4096
	x, y, z := random[float32](n, 1), random[float32](n, 2), make([]float32, n)
	for _, op := range elementwise {
		b.Run(op.name, func(b *testing.B) {
			onEachISA(b, func(b *testing.B) {
				b.SetBytes(int64(4 * n * op.arrays))
				for b.Loop() {
					op.f(z, x, y, 0.5)
				}
			})
		})
	}
}
