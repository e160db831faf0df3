package philox

import (
	"fmt"
	"math"
	"testing"
)

// Known answers of Random123's kat_vectors for philox4x32 with 10 rounds.
func TestKnownAnswers(t *testing.T) {
	for _, v := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		s := New(v.key, uint64(v.counter[3])<<32|uint64(v.counter[2]))
		if got := s.Block(uint64(v.counter[1])<<32 | uint64(v.counter[0])); got != v.want {
			t.Errorf("counter %x key %x: %x, want %x", v.counter, v.key, got, v.want)
		}
	}
}

func TestKeyIsStable(t *testing.T) {
	// Frozen: a change would silently change every seeded model.
	for _, c := range []struct {
		seed int64
		name string
		want uint64
	}{
		{0, "", 0xf52a15e9a9b5e89b}, {42, "dnn/kernel", 0x1dee25c978e8a68d},
	} {
		k := Key(c.seed, c.name)
		if got := uint64(k[1])<<32 | uint64(k[0]); got != c.want {
			t.Errorf("Key(%d, %q) = %#x, want %#x", c.seed, c.name, got, c.want)
		}
	}
	seen := map[[2]uint32]string{}
	for seed := int64(-50); seed < 50; seed++ {
		for i := 0; i < 100; i++ {
			name := fmt.Sprintf("layer%d/kernel", i)
			k := Key(seed, name)
			if other, ok := seen[k]; ok {
				t.Fatalf("seed %d %s has the key of %s", seed, name, other)
			}
			seen[k] = fmt.Sprint(seed, name)
		}
	}
}

func TestUniformEnds(t *testing.T) {
	if Uniform32(0) != 0 || Uniform32(math.MaxUint32) != 1-0x1p-24 {
		t.Errorf("Uniform32 ends: %v %v", Uniform32(0), Uniform32(math.MaxUint32))
	}
	if Uniform64(0, 0) != 0 || Uniform64(math.MaxUint32, math.MaxUint32) != 1-0x1p-53 {
		t.Errorf("Uniform64 ends: %v %v", Uniform64(0, 0), Uniform64(math.MaxUint32, math.MaxUint32))
	}
	for _, hi := range []uint32{0, math.MaxUint32} {
		if z := truncated(hi, hi); math.Abs(z) > 2 || math.Abs(z) < 1.999999 {
			t.Errorf("truncated end %v", z)
		}
		z0, z1 := normalPair([4]uint32{hi, hi, hi, hi})
		if math.IsNaN(z0) || math.IsInf(z0, 0) || math.IsNaN(z1) || math.IsInf(z1, 0) {
			t.Errorf("normal end %v %v", z0, z1)
		}
	}
}

type fill[T Float] struct {
	name           string
	do             func(dst []T, s Stream, offset int, a, b T)
	a, b           T
	mean, variance float64
	skew, kurtosis float64 // standardised third and fourth moments
	low, high      float64
}

func fills[T Float]() []fill[T] {
	inf := math.Inf(1)
	return []fill[T]{
		{"uniform", FillUniform[T], -1, 3, 1, 16.0 / 12, 0, 1.8, -1, 3},
		{"normal", FillNormal[T], 0.5, 2, 0.5, 4, 0, 3, -inf, inf},
		// Variance 1 - 4 phi(2) / P, fourth moment 3 - (3*4 + 16) phi(2) / P
		// with phi the density and P = erf(sqrt 2).
		{"truncated", FillTruncatedNormal[T], 0.5, 2, 0.5, 4 * 0.7737413035, 0,
			(3 - 28*0.05399096651318806/erfSqrt2) / (0.7737413035 * 0.7737413035), -3.5, 4.5},
	}
}

func TestMoments(t *testing.T) {
	t.Run("float32", testMoments[float32])
	t.Run("float64", testMoments[float64])
}

func testMoments[T Float](t *testing.T) {
	const n = 400000
	for _, f := range fills[T]() {
		x := make([]T, n)
		f.do(x, New(Key(7, f.name), 3), 0, f.a, f.b)
		var sum, m2, m3, m4, lag1 float64
		for _, v := range x {
			sum += float64(v)
			if float64(v) < f.low || float64(v) > f.high || f.name == "uniform" && float64(v) == f.high {
				t.Fatalf("%s: %v outside [%v, %v]", f.name, v, f.low, f.high)
			}
		}
		mean := sum / n
		last := 0.0
		for _, v := range x {
			d := float64(v) - mean
			m2 += d * d / n
			m3 += d * d * d / n
			m4 += d * d * d * d / n
			lag1 += d * last / n
			last = d
		}
		sd := math.Sqrt(f.variance)
		for _, c := range []struct {
			name      string
			got, want float64
			tol       float64 // above 5 standard errors of the estimate
		}{
			{"mean", mean, f.mean, 5 * sd / math.Sqrt(n)},
			{"variance", m2, f.variance, 5 * f.variance * math.Sqrt2 / math.Sqrt(n)},
			{"skew", m3 / (sd * sd * sd), f.skew, 5 * math.Sqrt(15.0/n)},
			{"kurtosis", m4 / (f.variance * f.variance), f.kurtosis, 5 * math.Sqrt(96.0/n)},
			{"lag 1 correlation", lag1 / f.variance, 0, 5 / math.Sqrt(n)},
		} {
			if !(math.Abs(c.got-c.want) <= c.tol) {
				t.Errorf("%s: %s %v, want %v +- %v", f.name, c.name, c.got, c.want, c.tol)
			}
		}
	}
}

func TestSplitInvariance(t *testing.T) {
	t.Run("float32", testSplit[float32])
	t.Run("float64", testSplit[float64])
}

func testSplit[T Float](t *testing.T) {
	const n = 103
	for _, f := range fills[T]() {
		s := New(Key(1, "x"), 5)
		whole := make([]T, n)
		f.do(whole, s, 0, f.a, f.b)
		for cut := 0; cut <= n; cut++ {
			parts := make([]T, n)
			f.do(parts[:cut], s, 0, f.a, f.b)
			f.do(parts[cut:], s, cut, f.a, f.b)
			for i := range whole {
				if parts[i] != whole[i] {
					t.Fatalf("%s: cut at %d changes element %d: %v, whole %v", f.name, cut, i, parts[i], whole[i])
				}
			}
		}
		other := make([]T, n)
		f.do(other, New(Key(1, "x"), 6), 0, f.a, f.b)
		same := 0
		for i := range other {
			if other[i] == whole[i] {
				same++
			}
		}
		if same > 0 {
			t.Errorf("%s: %d elements equal in two draws", f.name, same)
		}
	}
}

func TestFloat32IsRoundedFloat64(t *testing.T) {
	s := New(Key(1, "x"), 0)
	x, y := make([]float32, 99), make([]float64, 99)
	FillNormal(x, s, 1, 0, 1)
	FillNormal(y, s, 1, 0, 1)
	for i := range x {
		if x[i] != float32(y[i]) {
			t.Fatalf("normal %d: %v, float64 %v", i, x[i], y[i])
		}
	}
	FillTruncatedNormal(x, s, 1, 0, 1)
	FillTruncatedNormal(y, s, 1, 0, 1)
	for i := range x {
		if x[i] != float32(y[i]) {
			t.Fatalf("truncated %d: %v, float64 %v", i, x[i], y[i])
		}
	}
}

func TestUniformNeverReachesHigh(t *testing.T) {
	// At this offset from zero half of all float32 roundings would hit hi.
	x := make([]float32, 1000)
	lo, hi := float32(1<<24), float32(1<<24+2)
	FillUniform(x, New(Key(0, ""), 0), 0, lo, hi)
	for i, v := range x {
		if v < lo || v >= hi {
			t.Fatalf("element %d: %v not in [%v, %v)", i, v, lo, hi)
		}
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	x := make([]float32, 101)
	s := New(Key(0, ""), 0)
	for _, f := range fills[float32]() {
		if got := testing.AllocsPerRun(50, func() { f.do(x, s, 1, f.a, f.b) }); got > 0 {
			t.Errorf("%s: %v allocations per call", f.name, got)
		}
	}
}

func benchmarkFill[T Float](b *testing.B) {
	for _, f := range fills[T]() {
		b.Run(f.name, func(b *testing.B) {
			x := make([]T, 4096)
			s := New(Key(0, ""), 0)
			for i := 0; i < b.N; i++ {
				f.do(x, s, 0, f.a, f.b)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/elem")
		})
	}
}

func BenchmarkFill32(b *testing.B) { benchmarkFill[float32](b) }
func BenchmarkFill64(b *testing.B) { benchmarkFill[float64](b) }
