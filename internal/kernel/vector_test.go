package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// simdULP is how far the float32 functions may be from the exact value with AVX2
// and AVX-512, as their comments say.
var simdULP = map[string]float64{
	"Exp": 1, "Expm1": 1.5, "Log": 1, "Log1p": 1.5, "Sqrt": 0.501, "Tanh": 2, "Sigmoid": 1.5, "Softplus": 2,
	"GELU": 3, "GELUTanh": 3, "SiLU": 3, "ReLU": 0, "ELU": 1.5, "LeakyReLU": 0.501, "HardTanh": 0, "SELU": 2,
}

// ulp32 is how far f may be from the exact value in float32.
func (f function) ulp32(isa ISA) float64 {
	if isa == Portable {
		return f.maxULP32
	}
	return simdULP[f.name]
}

// sweep calls each with every stride-th float32, in pieces.
func sweep(stride uint64, each func(x []float32)) {
	x := make([]float32, 0, 1<<14)
	for b := uint64(0); b <= math.MaxUint32; b += stride {
		if x = append(x, math.Float32frombits(uint32(b))); len(x) == cap(x) {
			each(x)
			x = x[:0]
		}
	}
	each(x)
}

// TestSlopes32Sweep measures the gradients that are more than arithmetic over all
// of float32: how far the factor is from the exact one, absolutely.
func TestSlopes32Sweep(t *testing.T) {
	stride := uint64(1499)
	if testing.Short() {
		stride = 32749
	}
	bounds := map[string]float64{"SoftplusGrad": 0x1p-24, "GELUGrad": 0x1p-22, "GELUTanhGrad": 0x1p-21, "SiLUGrad": 0x1p-22}
	ones, y, want := make([]float32, 1<<14), make([]float32, 1<<14), make([]float64, 1<<14)
	fill(ones, 1)
	for _, g := range gradients {
		bound, ok := bounds[g.name]
		if !ok {
			continue
		}
		worst, at := make([]float64, Best()+1), make([]float32, Best()+1)
		sweep(stride, func(x []float32) {
			for i, v := range x {
				want[i] = g.ref(1, float64(v))
			}
			for isa := range worst {
				restore := Use(ISA(isa))
				g.f32(y[:len(x)], ones, x)
				restore()
				for i, v := range x {
					if e := math.Abs(float64(y[i]) - want[i]); !(e <= worst[isa]) && (v == v || y[i] == y[i]) {
						worst[isa], at[isa] = e, v
					}
				}
			}
		})
		for isa, e := range worst {
			t.Logf("%-12s %-8v 2^%.2f at %v", g.name, ISA(isa), math.Log2(e), at[isa])
			if !(e <= bound) {
				t.Errorf("%s, %v: %v off at %v, want at most %v", g.name, ISA(isa), e, at[isa], bound)
			}
		}
	}
}

// TestVectorsAgree is that AVX2 and AVX-512 give the same bits, over all of
// float32 in other steps than the accuracy is measured in.
func TestVectorsAgree(t *testing.T) {
	if Best() < AVX512 {
		t.Skip("needs AVX-512")
	}
	stride := uint64(1511)
	if testing.Short() {
		stride = 32771
	}
	y, z := make([]float32, 1<<14), make([]float32, 1<<14)
	agree := func(name string, f func(dst, x []float32)) {
		bad := 0
		sweep(stride, func(x []float32) {
			restore := Use(AVX512)
			f(y[:len(x)], x)
			Use(AVX2)
			f(z[:len(x)], x)
			restore()
			for i, v := range x {
				if !equal(y[i], z[i]) && bad < 5 {
					bad++
					t.Errorf("%s(%v) is %v with AVX-512, %v with AVX2", name, v, y[i], z[i])
				}
			}
		})
	}
	for _, f := range functions {
		agree(f.name, f.f32)
	}
	dy := random[float32](1<<14, 1)
	for _, g := range gradients {
		agree(g.name, func(dst, x []float32) { g.f32(dst, dy, x) })
	}
}

// TestVectorPlaces is that the bits of an element depend neither on its place nor
// on how many there are, at any alignment, and that nothing is written outside.
func TestVectorPlaces(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, f := range functions {
			testPlaces(t, f.name, func(dst, x, _ []float32) { f.f32(dst, x) })
		}
		for _, f := range gradients {
			testPlaces(t, f.name, f.f32)
		}
	})
}

func testPlaces(t *testing.T, name string, f func(dst, a, b []float32)) {
	t.Helper()
	const most = 300
	special := specials[float32]()
	a, b := random[float32](most, 11), random[float32](most, 12)
	for i := 0; i < most; i += 3 {
		a[i], b[(i+1)%most] = special[i%len(special)], special[i/3%len(special)]
	}
	alone := make([]float32, most)
	for i := range alone {
		f(alone[i:i+1], a[i:i+1], b[i:i+1])
	}
	for n := 0; n <= most; n++ {
		if n > 80 && n%37 != 0 {
			continue
		}
		for from := range 4 {
			n := min(n, most-from)
			dst, guards := guarded[float32](t, n)
			f(dst, a[from:from+n], b[from:from+n])
			guards()
			for i, v := range dst {
				if !equal(v, alone[from+i]) {
					t.Fatalf("%s of %v and %v is %v at %d of %d from %d, alone %v", name, a[from+i], b[from+i], v, i, n, from, alone[from+i])
				}
			}
		}
	}
}

// TestVectorBits is that the kernels which are plain arithmetic have the bits of
// the portable loops, for every pair of special and ordinary arguments.
func TestVectorBits(t *testing.T) {
	values := append(specials[float32](), random[float32](40, 1)...)
	n := len(values)
	a, b := make([]float32, n*n), make([]float32, n*n)
	for i := range a {
		a[i], b[i] = values[i/n], values[i%n]
	}
	plain := map[string]func(dst, a, b []float32){
		"Sqrt":           func(dst, _, x []float32) { Sqrt(dst, x) },
		"ReLU":           func(dst, _, x []float32) { ReLU(dst, x) },
		"LeakyReLU":      func(dst, _, x []float32) { LeakyReLU(dst, x, 0.2) },
		"LeakyReLU -3":   func(dst, _, x []float32) { LeakyReLU(dst, x, -3) },
		"ReLUGrad":       ReLUGrad[float32],
		"LeakyReLUGrad":  func(dst, dy, x []float32) { LeakyReLUGrad(dst, dy, x, 0.2) },
		"LeakyReLUGrad0": func(dst, dy, x []float32) { LeakyReLUGrad(dst, dy, x, 0) },
		"ReLU6":          func(dst, _, x []float32) { HardTanh(dst, x, 0, 6) },
		"HardTanh":       func(dst, _, x []float32) { HardTanh(dst, x, -1, 1) },
		"ReLU6Grad":      func(dst, dy, x []float32) { HardTanhGrad(dst, dy, x, 0, 6) },
		"HardTanhGrad":   func(dst, dy, x []float32) { HardTanhGrad(dst, dy, x, -1, 1) },
		"ELUGrad":        func(dst, dy, y []float32) { ELUGrad(dst, dy, y, 0.7) },
		"SELUGrad":       SELUGrad[float32],
		"SigmoidGrad":    SigmoidGrad[float32],
		"TanhGrad":       TanhGrad[float32],
	}
	want := map[string][]float32{}
	onEachISA(t, func(t *testing.T) {
		for name, f := range plain {
			dst := make([]float32, n*n)
			f(dst, a, b)
			if active == Portable {
				want[name] = dst
				continue
			}
			for i, v := range dst {
				if w := want[name][i]; !equal(v, w) {
					t.Errorf("%s of %v and %v is %v, portable %v", name, a[i], b[i], v, w)
				}
			}
		}
	})
}

// BenchmarkVector runs the functions and gradients of float32 with every
// instruction set, over arrays of the second cache.
func BenchmarkVector(b *testing.B) {
	for _, n := range []int{16384, 60000} {
		r := rand.New(rand.NewPCG(1, 2))
		x, dy, dst := make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range x {
			x[i], dy[i] = float32(r.NormFloat64()*2), float32(r.NormFloat64())
		}
		run := func(name string, arrays int, f func()) {
			for isa := Portable; isa <= Best(); isa++ {
				b.Run(fmt.Sprintf("%s/%d/%v", name, n, isa), func(b *testing.B) {
					defer Use(isa)()
					b.SetBytes(int64(4 * n * arrays))
					for b.Loop() {
						f()
					}
					perElement(b, n)
				})
			}
		}
		for _, f := range functions {
			run(f.name, 2, func() { f.f32(dst, x) })
		}
		for _, f := range gradients {
			run(f.name, 3, func() { f.f32(dst, dy, x) })
		}
	}
}
