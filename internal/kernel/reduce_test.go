package kernel

import (
	"math"
	"testing"
)

func TestSums(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testSums[float32])
		t.Run("float64", testSums[float64])
	})
}

func testSums[T Float](t *testing.T) {
	eps := 0x1p-53
	if is32[T]() {
		eps = 0x1p-24
	}
	for _, n := range append(lengths, 511, 512, 513, 100000) {
		x, y := random[T](n, 1), random[T](n+3, 2)
		var sum, size, squares, dot, dotSize, lost float64
		for i, v := range x {
			s := sum + float64(v) // Kahan, for the float64 case
			lost += float64(v) - (s - sum)
			sum = s
			size += math.Abs(float64(v))
			squares += float64(v) * float64(v)
			dot += float64(v) * float64(y[i])
			dotSize += math.Abs(float64(v) * float64(y[i]))
		}
		// 32 + 3 additions within a block, and the levels above it.
		depth := 36 + math.Log2(float64(n)+1)
		for _, c := range []struct {
			name      string
			got       T
			want, tol float64
		}{
			{"Sum", Sum(x), sum + lost, depth * eps * size},
			{"SumSquares", SumSquares(x), squares, (depth + 100*b2f(!is32[T]())) * eps * squares},
			{"Dot", Dot(x, y), dot, (depth + 100*b2f(!is32[T]())) * eps * dotSize},
		} {
			if !(math.Abs(float64(c.got)-c.want) <= c.tol) {
				t.Errorf("%s of %d: %v, want %v +- %v", c.name, n, c.got, c.want, c.tol)
			}
		}
	}
	for _, bad := range []T{T(nan), T(inf), T(-inf)} {
		for _, n := range []int{1, 7, 8, 100, 700} {
			x := random[T](n, 1)
			x[n/2] = bad
			if got := Sum(x); !equal(got, bad) {
				t.Errorf("Sum of %d with %v: %v", n, bad, got)
			}
			if got := SumSquares(x); !equal(got, bad*bad) {
				t.Errorf("SumSquares of %d with %v: %v", n, bad, got)
			}
		}
	}
}

// TestSumOfManyOnes: a naive float32 sum stops at 2^24.
func TestSumOfManyOnes(t *testing.T) {
	ones := make([]float32, 1<<24+2)
	fill(ones, 1)
	onEachISA(t, func(t *testing.T) {
		if got := Sum(ones); got != 1<<24+2 {
			t.Errorf("Sum of 2^24+2 ones: %v", got)
		}
	})
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func TestExtrema(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testExtrema[float32])
		t.Run("float64", testExtrema[float64])
	})
}

func testExtrema[T Float](t *testing.T) {
	if Max[T](nil) != T(-inf) || Min[T](nil) != T(inf) || ArgMax[T](nil) != -1 {
		t.Errorf("empty: %v %v %v", Max[T](nil), Min[T](nil), ArgMax[T](nil))
	}
	for _, n := range lengths[1:] {
		x := random[T](n, 1)
		hi, lo, arg := x[0], x[0], 0
		for i, v := range x {
			if v > hi {
				hi, arg = v, i
			}
			lo = min(lo, v)
		}
		if Max(x) != hi || Min(x) != lo || ArgMax(x) != arg {
			t.Errorf("%d: %v %v %v, want %v %v %v", n, Max(x), Min(x), ArgMax(x), hi, lo, arg)
		}
		for i := range x {
			old := x[i]
			x[i] = T(nan)
			if !math.IsNaN(float64(Max(x))) || !math.IsNaN(float64(Min(x))) || ArgMax(x) != i {
				t.Errorf("length %d, NaN at %d: %v %v %v", n, i, Max(x), Min(x), ArgMax(x))
			}
			x[i] = old
		}
	}
	all := []T{T(-inf), T(-inf)}
	if Max(all) != T(-inf) || ArgMax(all) != 0 || ArgMax([]T{1, 3, 3}) != 1 {
		t.Errorf("infinities or ties: %v %v %v", Max(all), ArgMax(all), ArgMax([]T{1, 3, 3}))
	}
}

func TestColumns(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testColumns[float32])
		t.Run("float64", testColumns[float64])
	})
}

func testColumns[T Float](t *testing.T) {
	eps := 0x1p-53
	if is32[T]() {
		eps = 0x1p-24
	}
	for _, rows := range []int{1, 2, 3, 4, 5, 63, 64, 65, 130, 1001} {
		for _, cols := range []int{0, 1, 2, 3, 63, 64, 65, 200} {
			for _, shift := range []float64{0, 1e4, -1e4} {
				x := random[T](rows*cols, uint64(rows))
				for i := range x {
					x[i] += T(shift)
				}
				sums, g1 := guarded[T](t, cols)
				means, g2 := guarded[T](t, cols)
				variances, g3 := guarded[T](t, cols)
				ColumnSums(sums, x, rows, cols, 0, cols)
				ColumnMoments(means, variances, x, rows, cols, 0, cols)
				g1()
				g2()
				g3()
				for c := 0; c < cols; c++ {
					sum, size, squares := 0.0, 0.0, 0.0
					for r := 0; r < rows; r++ {
						sum += float64(x[r*cols+c]) - shift // exact, for the float64 case
						size += math.Abs(float64(x[r*cols+c]))
					}
					mean := shift + sum/float64(rows)
					sum += shift * float64(rows)
					for r := 0; r < rows; r++ {
						d := float64(x[r*cols+c]) - mean
						squares += d * d
					}
					variance := squares / float64(rows)
					check := func(name string, got T, want, tol float64) {
						t.Helper()
						if !(math.Abs(float64(got)-want) <= tol) {
							t.Errorf("%s of [%d, %d] about %v, column %d: %v, want %v +- %v", name, rows, cols, shift, c, got, want, tol)
						}
					}
					check("sum", sums[c], sum, 40*eps*size)
					// Each merge of a block rounds the mean once, in float64.
					merges := float64(rows/64) * 0x1p-53
					check("mean", means[c], mean, (2*eps+merges)*math.Abs(mean)+40*eps*math.Sqrt(variance))
					// Rounding of the block means moves no sum; what is left is
					// the rounding of x - center and of the sums.
					check("variance", variances[c], variance, 80*eps*variance+1e-20*shift*shift)
				}
				// The split over columns does not matter.
				a, b, s := make([]T, cols), make([]T, cols), make([]T, cols)
				for lo := 0; lo < cols; lo += 7 {
					ColumnMoments(a, b, x, rows, cols, lo, min(cols, lo+7))
					ColumnSums(s, x, rows, cols, lo, min(cols, lo+7))
				}
				for c := range a {
					if a[c] != means[c] || b[c] != variances[c] || s[c] != sums[c] {
						t.Fatalf("[%d, %d]: split changes column %d", rows, cols, c)
					}
				}
			}
		}
	}
	for _, bad := range []float64{nan, inf} {
		x := random[T](130*3, 9)
		x[70*3+1] = T(bad)
		mean, variance, sum := make([]T, 3), make([]T, 3), make([]T, 3)
		ColumnMoments(mean, variance, x, 130, 3, 0, 3)
		ColumnSums(sum, x, 130, 3, 0, 3)
		if !math.IsNaN(float64(variance[1])) || mean[1]-mean[1] == 0 || !equal(sum[1], T(bad)) {
			t.Errorf("%v in a column: sum %v mean %v variance %v", bad, sum[1], mean[1], variance[1])
		}
		if mean[0] != mean[0] || variance[2] != variance[2] {
			t.Errorf("%v spread to other columns: %v %v", bad, mean, variance)
		}
	}
	one := make([]T, 2)
	two := []T{5, 5}
	ColumnMoments(one, two, nil, 0, 2, 0, 2)
	if one[0] == one[0] || two[1] == two[1] {
		t.Errorf("moments of no rows: %v %v", one, two)
	}
	ColumnSums(one, nil, 0, 2, 0, 2)
	if one[0] != 0 || one[1] != 0 {
		t.Errorf("sums of no rows: %v", one)
	}
}

func TestSoftmax(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testSoftmax[float32])
		t.Run("float64", testSoftmax[float64])
	})
}

// xentRow is SparseXent of one row.
func xentRow[T Float](probs, x []T, label int) T {
	var loss [1]T
	SparseXent(loss[:], probs, x, []int{label}, len(x))
	return loss[0]
}

func testSoftmax[T Float](t *testing.T) {
	eps := 0x1p-50
	if is32[T]() {
		eps = 0x1p-21
	}
	rows := [][]T{{3}, {1000, -1000, 999}, {-1000, -1001}, {1e30, -1e30}, {T(-inf), 0, 1}}
	for _, n := range lengths[1:] {
		rows = append(rows, random[T](n, 1))
	}
	for _, x := range rows {
		n := len(x)
		top := float64(Max(x))
		sum := 0.0
		for _, v := range x {
			sum += math.Exp(float64(v) - top)
		}
		soft, g1 := guarded[T](t, n)
		logs, g2 := guarded[T](t, n)
		probs, g3 := guarded[T](t, n)
		SoftmaxRows(soft, x, 1, n)
		LogSoftmaxRows(logs, x, 1, n)
		g1()
		g2()
		if got, want := float64(LogSumExp(x)), top+math.Log(sum); !(math.Abs(got-want) <= eps*(1+math.Abs(want))) {
			t.Errorf("LogSumExp(%v) = %v, want %v", x, got, want)
		}
		for i, v := range x {
			log := (float64(v) - top) - math.Log(sum)
			if want := math.Exp(log); !(math.Abs(float64(soft[i])-want) <= eps*want*(1+math.Abs(log))+1e-44) && !equal(float64(soft[i]), want) {
				t.Errorf("softmax(%v)[%d] = %v, want %v", x, i, soft[i], want)
			}
			if !(math.Abs(float64(logs[i])-log) <= eps*(1e-6+math.Abs(log))) && !equal(float64(logs[i]), log) {
				t.Errorf("log softmax(%v)[%d] = %v, want %v", x, i, logs[i], log)
			}
			loss := float64(xentRow(probs, x, i))
			g3()
			if !(math.Abs(loss+log) <= eps*(1e-6+math.Abs(log))) && !equal(loss, -log) {
				t.Errorf("cross-entropy of %v with label %d: %v, want %v", x, i, loss, -log)
			}
			if i == 0 {
				for j := range probs {
					if probs[j] != soft[j] {
						t.Errorf("probs[%d] = %v, softmax %v", j, probs[j], soft[j])
					}
				}
			}
		}
		same := append([]T(nil), x...)
		loss := xentRow(same, same, n-1)
		if want := xentRow(probs, x, n-1); loss != want || same[0] != probs[0] {
			t.Errorf("in place: %v %v, apart %v %v", loss, same[0], want, probs[0])
		}
		copy(same, x)
		LogSoftmaxRows(same, same, 1, n)
		for i := range same {
			if !equal(same[i], logs[i]) {
				t.Errorf("log softmax in place: %v, apart %v", same[i], logs[i])
			}
		}
	}
	for _, x := range [][]T{{1, T(nan)}, {1, T(inf)}, {T(-inf), T(-inf)}} {
		y := make([]T, 2)
		SoftmaxRows(y, x, 1, 2)
		if y[0] == y[0] && x[0] == 1 && x[1] != T(inf) || y[1] == y[1] {
			t.Errorf("softmax(%v) = %v", x, y)
		}
		if loss := xentRow(y, x, 1); loss == loss {
			t.Errorf("cross-entropy of %v: %v", x, loss)
		}
	}
	for _, label := range []int{-1, 2} {
		y := make([]T, 2)
		if loss := xentRow(y, []T{0, 0}, label); loss == loss || y[0] != 0.5 {
			t.Errorf("label %d of 2: loss %v, probs %v", label, loss, y)
		}
	}
	SoftmaxRows([]T{}, []T{}, 3, 0)
	LogSoftmaxRows([]T{}, []T{}, 3, 0)
	SoftmaxRows([]T{}, []T{}, 0, 3)
	LogSoftmaxRows([]T{}, []T{}, 0, 3)
}

func TestSteps(t *testing.T) {
	t.Run("float32", testSteps[float32])
	t.Run("float64", testSteps[float64])
}

func testSteps[T Float](t *testing.T) {
	eps := 1e-14
	if is32[T]() {
		eps = 1e-6
	}
	for _, n := range lengths {
		w0, g, m0, v0 := random[T](n, 1), random[T](n, 2), random[T](n, 3), random[T](n, 4)
		for i := range v0 {
			v0[i] *= v0[i]
		}
		type state struct{ w, m, v []T }
		run := func(name string, f func(s state), ref func(w, m, v, g float64) (float64, float64, float64)) {
			t.Helper()
			w, g1 := guarded[T](t, n)
			m, g2 := guarded[T](t, n)
			v, g3 := guarded[T](t, n)
			copy(w, w0)
			copy(m, m0)
			copy(v, v0)
			f(state{w, m, v})
			g1()
			g2()
			g3()
			for i := range w {
				rw, rm, rv := ref(float64(w0[i]), float64(m0[i]), float64(v0[i]), float64(g[i]))
				for _, c := range [][2]float64{{float64(w[i]), rw}, {float64(m[i]), rm}, {float64(v[i]), rv}} {
					if !(math.Abs(c[0]-c[1]) <= eps*(1+math.Abs(c[1]))) {
						t.Errorf("%s of %d, element %d: %v, want %v", name, n, i, c[0], c[1])
					}
				}
			}
		}
		run("SGD", func(s state) { SGD(s.w, g, 0.1) },
			func(w, m, v, g float64) (float64, float64, float64) { return w - 0.1*g, m, v })
		run("Momentum", func(s state) { Momentum(s.w, s.m, g, 0.1, 0.9, false) },
			func(w, m, v, g float64) (float64, float64, float64) {
				m = 0.9*m + g
				return w - 0.1*m, m, v
			})
		run("Nesterov", func(s state) { Momentum(s.w, s.m, g, 0.1, 0.9, true) },
			func(w, m, v, g float64) (float64, float64, float64) {
				m = 0.9*m + g
				return w - (0.1*g + 0.1*0.9*m), m, v
			})
		beta1, beta2 := 0.9, 0.999
		run("Adam", func(s state) { Adam(s.w, s.m, s.v, g, 0.01, T(beta1), T(beta2), 1e-3) },
			func(w, m, v, g float64) (float64, float64, float64) {
				// 1-beta is taken in T, as in TensorFlow: 5e-5 off for 0.999 in float32.
				b1, b2 := float64(T(beta1)), float64(T(beta2))
				m = b1*m + (1-b1)*g
				v = b2*v + (1-b2)*g*g
				return w - 0.01*m/(math.Sqrt(v)+1e-3), m, v
			})
	}
}

func BenchmarkReduce(b *testing.B) {
	const rows, cols = 64, 256
	x := random[float32](rows*cols, 1)
	y, z := make([]float32, rows*cols), make([]float32, rows*cols)
	v := random[float32](rows*cols, 2)
	for i := range v {
		v[i] *= v[i]
	}
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"SGD", func() { SGD(y, x, 1e-9) }},
		{"Momentum", func() { Momentum(y, z, x, 1e-9, 0.9, false) }},
		{"Nesterov", func() { Momentum(y, z, x, 1e-9, 0.9, true) }},
		{"Adam", func() { Adam(y, z, v, x, 1e-9, 0.9, 0.999, 1e-8) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				c.f()
			}
			perElement(b, rows*cols)
		})
	}
}

// TestLongRuns: what is too long for one call of assembly is put together right.
func TestLongRuns(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		const n = longRun + 1000
		x := random[float32](n, 12)
		sum, squares := 0.0, 0.0
		for _, v := range x {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		if got := float64(Sum(x)); math.Abs(got-sum) > 1e-6*squares {
			t.Errorf("sum %v, want %v", got, sum)
		}
		if got := float64(SumSquares(x)); math.Abs(got-squares) > 1e-6*squares {
			t.Errorf("sum of squares %v, want %v", got, squares)
		}
		for _, at := range []int{0, longRun - 1, longRun, n - 1} {
			before := x[at]
			x[at] = 1e3
			if got := Max(x); got != 1e3 {
				t.Errorf("maximum at %d: %v", at, got)
			}
			x[at] = -1e3
			if got := Min(x); got != -1e3 {
				t.Errorf("minimum at %d: %v", at, got)
			}
			x[at] = before
		}
		for _, s := range [][2]int{{70000, 3}, {140001, 30}, {2, longRun/2 + 70}} {
			rows, cols := s[0], s[1]
			x := random[float32](rows*cols, 13)
			got, unguarded := guarded[float32](t, cols)
			ColumnSums(got, x, rows, cols, 0, cols)
			unguarded()
			for c, v := range got {
				sum, size := 0.0, 0.0
				for i := c; i < len(x); i += cols {
					sum += float64(x[i])
					size += math.Abs(float64(x[i]))
				}
				if math.Abs(float64(v)-sum) > 1e-6*size {
					t.Fatalf("%d rows, column %d: %v, want %v", rows, c, v, sum)
				}
			}
		}
	})
}
