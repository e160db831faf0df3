package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// softmaxShapes are around the width of the vectors and their unrolling.
func softmaxShapes() [][2]int {
	var shapes [][2]int
	for cols := 1; cols <= 70; cols++ {
		shapes = append(shapes, [2]int{3, cols})
	}
	return append(shapes, [][2]int{{0, 5}, {1, 1}, {63, 10}, {64, 10}, {65, 10}, {200, 10}, {130, 17}, {5, 1000}, {2, 4099}}...)
}

func TestSoftmaxRows(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testSoftmaxRows[float32])
		t.Run("float64", testSoftmaxRows[float64])
	})
}

// testSoftmaxRows compares with float64. A probability p is good to 4 + |ln p| ulps,
// as rounding x-max is magnified by e^; a logarithm or a loss is good to 4 ulps and
// what that does to the sum, which shows where one probability is nearly 1.
func testSoftmaxRows[T Float](t *testing.T) {
	eps := 0x1p-50 // the reference itself has rounding
	tiny := 0.0
	if is32[T]() {
		eps, tiny = 0x1p-23, 0x1p-149
	}
	for _, shape := range softmaxShapes() {
		rows, cols := shape[0], shape[1]
		for _, scale := range []float64{0.01, 1, 30} {
			const offset = 3
			x := random[T](offset+rows*cols, uint64(cols))[offset:]
			for i := range x {
				x[i] = T(float64(x[i])*scale + 100*float64(i/cols%3))
			}
			labels := make([]int32, rows)
			for r := range labels {
				labels[r] = int32((r * 7) % cols)
			}
			probs, g1 := guarded[T](t, rows*cols)
			logs, g2 := guarded[T](t, rows*cols)
			both, g3 := guarded[T](t, rows*cols)
			loss, g4 := guarded[T](t, rows)
			top, g5 := guarded[T](t, rows)
			sums, g6 := guarded[float64](t, rows)
			SoftmaxRows(probs, x, rows, cols)
			LogSoftmaxRows(logs, x, rows, cols)
			SparseXent(loss, both, x, labels, cols)
			Softmax(both, x, top, sums, cols)
			for _, g := range []func(){g1, g2, g3, g4, g5, g6} {
				g()
			}
			for r := range rows {
				row := x[r*cols : (r+1)*cols]
				m, sum := float64(row[0]), 0.0
				for _, v := range row {
					m = max(m, float64(v))
				}
				magnified := 0.0
				for _, v := range row {
					e := math.Exp(float64(v) - m)
					sum += e
					magnified += (m - float64(v)) * e
				}
				lse := math.Log(sum)
				magnified = magnified*eps/sum + 0x1p-50 // and the sum has float64
				if float64(top[r]) != m || !(math.Abs(sums[r]-sum) <= 2*eps*sum) {
					t.Fatalf("[%d, %d], row %d: maximum %v, sum %v; want %v, %v", rows, cols, r, top[r], sums[r], m, sum)
				}
				for c, v := range row {
					i := r*cols + c
					log := (float64(v) - m) - lse
					p := math.Exp(log)
					if !(math.Abs(float64(probs[i])-p) <= (4+math.Abs(log))*eps*p+tiny) || both[i] != probs[i] {
						t.Fatalf("[%d, %d], scale %v: softmax of element %d is %v and %v, want %v", rows, cols, scale, i, probs[i], both[i], p)
					}
					if !(math.Abs(float64(logs[i])-log) <= 4*eps*math.Abs(log)+magnified) {
						t.Fatalf("[%d, %d], scale %v: log softmax of element %d is %v, want %v", rows, cols, scale, i, logs[i], log)
					}
				}
				want := lse - (float64(row[labels[r]]) - m)
				if !(math.Abs(float64(loss[r])-want) <= 4*eps*want+magnified) {
					t.Fatalf("[%d, %d], scale %v: loss of row %d is %v, want %v", rows, cols, scale, r, loss[r], want)
				}
				if lse := float64(LogSumExp(row)); !(math.Abs(lse-(m+math.Log(sum))) <= 2*eps*math.Max(math.Abs(lse), 1)) {
					t.Fatalf("[%d, %d]: LogSumExp of row %d is %v, want %v", rows, cols, r, lse, m+math.Log(sum))
				}
				// A row has the same bits alone.
				alone := make([]T, cols)
				SoftmaxRows(alone, row, 1, cols)
				for c, p := range alone {
					if p != probs[r*cols+c] {
						t.Fatalf("[%d, %d]: row %d differs alone, at %d", rows, cols, r, c)
					}
				}
			}
			again := append([]T(nil), x...)
			SparseXent(top, again, again, labels, cols)
			for i := range again {
				if again[i] != probs[i] {
					t.Fatalf("[%d, %d] in place: %v at %d, apart %v", rows, cols, again[i], i, probs[i])
				}
			}
			for r := range top {
				if top[r] != loss[r] {
					t.Fatalf("[%d, %d] in place: loss %v, apart %v", rows, cols, top[r], loss[r])
				}
			}
		}
	}
}

// Bad rows are NaN as a whole and leave the others alone.
func TestSoftmaxOfSpecials(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, cols := range []int{1, 2, 7, 8, 9, 10, 16, 17, 33, 100} {
			clean := random[float32](3*cols, 1)
			want := make([]float32, 3*cols)
			SoftmaxRows(want, clean, 3, cols)
			for _, bad := range []float32{float32(nan), float32(inf)} {
				for at := range cols {
					x := append([]float32(nil), clean...)
					x[cols+at] = bad
					probs, logs, loss := make([]float32, 3*cols), make([]float32, 3*cols), make([]float32, 3)
					SparseXent(loss, probs, x, []int{0, 0, 0}, cols)
					LogSoftmaxRows(logs, x, 3, cols)
					for i := range probs {
						if i/cols == 1 {
							if probs[i] == probs[i] || logs[i] == logs[i] {
								t.Fatalf("%v at %d of %d: element %d is %v, its logarithm %v", bad, at, cols, i, probs[i], logs[i])
							}
						} else if probs[i] != want[i] {
							t.Fatalf("%v at %d of %d: element %d of another row is %v, want %v", bad, at, cols, i, probs[i], want[i])
						}
					}
					if loss[1] == loss[1] || loss[0] != loss[0] || loss[2] != loss[2] {
						t.Fatalf("%v at %d of %d: losses %v", bad, at, cols, loss)
					}
					if lse := LogSumExp(x[cols : 2*cols]); !equal(lse, bad) {
						t.Fatalf("%v at %d of %d: LogSumExp %v", bad, at, cols, lse)
					}
				}
			}
			masked := make([]float32, cols)
			fill(masked, float32(-inf))
			probs := make([]float32, cols)
			SoftmaxRows(probs, masked, 1, cols)
			if probs[0] == probs[0] || probs[cols-1] == probs[cols-1] || LogSumExp(masked) != float32(-inf) {
				t.Fatalf("%d of -Inf: %v, LogSumExp %v", cols, probs, LogSumExp(masked))
			}
			masked[cols-1] = -1e30 // the only one left
			SoftmaxRows(probs, masked, 1, cols)
			if probs[cols-1] != 1 || cols > 1 && probs[0] != 0 {
				t.Fatalf("%d of which one is finite: %v", cols, probs)
			}
			// A loss as large as the logits, and probabilities that are denormal.
			loss := make([]float32, 1)
			fill(masked, -3e38)
			masked[0] = 0
			SparseXent(loss, probs, masked, []int{cols - 1}, cols)
			if cols > 1 && loss[0] != 3e38 {
				t.Fatalf("%d: loss %v", cols, loss[0])
			}
			fill(masked, -95)
			masked[0] = 0
			SoftmaxRows(probs, masked, 1, cols)
			if e := math.Exp(-95); cols > 1 && math.Abs(float64(probs[cols-1])-e) > 0x1p-149 {
				t.Fatalf("%d: e^-95 is %v, want %v", cols, probs[cols-1], e)
			}
		}
	})
}

// FuzzSoftmax compares the vector paths with the portable one.
func FuzzSoftmax(f *testing.F) {
	f.Add(uint16(200), uint16(10), uint64(1))
	f.Add(uint16(3), uint16(1000), uint64(2))
	f.Fuzz(func(t *testing.T, rows, cols uint16, seed uint64) {
		m, n := int(rows%300), int(cols%1100)+1
		r := rand.New(rand.NewPCG(seed, 0))
		scale := math.Ldexp(1, r.IntN(20)-10)
		x, labels := make([]float32, m*n), make([]int64, m)
		for i := range x {
			x[i] = float32(r.NormFloat64() * scale)
		}
		for i := range labels {
			labels[i] = r.Int64N(int64(n))
		}
		compute := func(isa ISA) (loss, probs []float32) {
			defer Use(isa)()
			loss, probs = make([]float32, m), make([]float32, m*n)
			SparseXent(loss, probs, x, labels, n)
			return loss, probs
		}
		loss, probs := compute(Portable)
		for isa := AVX2; isa <= Best(); isa++ {
			a, b := compute(isa)
			for i := range a {
				if !(math.Abs(float64(a[i]-loss[i])) <= 2e-5*float64(loss[i])+0x1p-50) {
					t.Errorf("%v, [%d, %d], seed %d: loss %d is %v, portable %v", isa, m, n, seed, i, a[i], loss[i])
				}
			}
			for i := range b {
				if !(math.Abs(float64(b[i]-probs[i])) <= 2e-5*float64(probs[i])+0x1p-148) {
					t.Errorf("%v, [%d, %d], seed %d: element %d is %v, portable %v", isa, m, n, seed, i, b[i], probs[i])
				}
			}
		}
	})
}

// The bits of a sum depend on the length alone, and masked tails read nothing
// behind the end: the words there are NaN.
func TestSumsStayInside(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for n := range 150 {
			var first [4]float32
			for offset := range 4 {
				buf, other := make([]float32, n+8), make([]float32, n+8)
				fill(buf, float32(nan))
				fill(other, float32(nan))
				x, y := buf[offset:offset+n], other[3-offset:][:n]
				copy(x, random[float32](n, 1))
				copy(y, random[float32](n, 2))
				got := [4]float32{Sum(x), Dot(x, y), Max(x), Min(x)}
				if offset == 0 {
					first = got
				}
				if got != first || got[0] != got[0] {
					t.Fatalf("%d elements at offset %d: %v, at 0 %v", n, offset, got, first)
				}
			}
		}
	})
}

// TestLogOfSum: relative to the logarithm, also where that is near 0.
func TestLogOfSum(t *testing.T) {
	for e := -45.0; e < 60; e += 1. / 64 {
		s := 1 + math.Exp(e)
		if got, want := logOfSum[float32](s), math.Log(s); !(math.Abs(got-want) <= 0x1p-28*want) {
			t.Fatalf("ln %v is %v, want %v", s, got, want)
		}
	}
	if got := logOfSum[float32](nan); !math.IsNaN(got) {
		t.Errorf("ln NaN is %v", got)
	}
}
