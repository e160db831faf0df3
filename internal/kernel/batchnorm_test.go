package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// columnShapes are around every unrolling, block, strip and section, with
// numbers of columns that fill vectors and that do not.
func columnShapes() [][2]int {
	var shapes [][2]int
	for _, rows := range []int{0, 1, 2, 3, 4, 5, 7, 15, 16, 17, 63, 64, 65, 67, 130} {
		for _, cols := range []int{0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 24, 31, 32, 33, 40, 47, 48, 63, 64, 65, 79, 100} {
			shapes = append(shapes, [2]int{rows, cols})
		}
	}
	return append(shapes, [][2]int{{511, 5}, {512, 17}, {513, 33}, {1025, 10}, {1537, 70}, {50, 300}, {203, 301}}...)
}

func TestColumnDeviations(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testColumnDeviations[float32])
		t.Run("float64", testColumnDeviations[float64])
	})
}

func testColumnDeviations[T Float](t *testing.T) {
	eps := 0x1p-53
	if is32[T]() {
		eps = 0x1p-24
	}
	for _, shape := range columnShapes() {
		rows, cols := shape[0], shape[1]
		for _, shift := range []float64{0, 1e4, -1e6} {
			const offset, gap = 3, 2 // the matrix stands in a wider one
			stride := cols + gap
			dy, x := random[T](offset+rows*stride, uint64(rows)), random[T](offset+rows*stride, uint64(cols+100))
			for i := range x {
				x[i] += T(shift)
			}
			center := random[T](cols, 5)
			for c := range center {
				center[c] += T(shift)
			}
			dy, x = dy[offset:], x[offset:]
			mean, g1 := guarded[float64](t, cols)
			m2, g2 := guarded[float64](t, cols)
			s, g3 := guarded[float64](t, cols)
			p, g4 := guarded[float64](t, cols)
			ColumnDeviations(mean, m2, x, rows, stride)
			ColumnProducts(s, p, dy, x, center, rows, stride)
			g1()
			g2()
			g3()
			g4()
			for c := range cols {
				var sum, squares, sdy, size, sp, psize float64
				for r := range rows {
					d := float64(x[r*stride+c]) - shift // exact, for the float64 case
					sum += d
					g := float64(dy[r*stride+c])
					sdy += g
					size += math.Abs(g)
					e := g * float64(x[r*stride+c]-center[c]) // as the contract has it
					sp += e
					psize += math.Abs(e)
				}
				mu := sum / float64(max(1, rows))
				for r := range rows {
					d := float64(x[r*stride+c]) - shift - mu
					squares += d * d
				}
				check := func(name string, got, want, tol float64) {
					t.Helper()
					if !(math.Abs(got-want) <= tol) {
						t.Errorf("%s of [%d, %d] about %v, column %d: %v, want %v +- %v", name, rows, cols, shift, c, got, want, tol)
					}
				}
				sd := math.Sqrt(squares / float64(max(1, rows)))
				merges := float64(4+rows/512) * 0x1p-53 * math.Abs(shift)
				if rows == 0 {
					check("mean", mean[c], 0, 0)
				} else {
					check("mean", mean[c], shift+mu, 40*eps*(sd+math.Abs(mu))+merges)
				}
				// Merging sections sees their means as float64 has them.
				check("m2", m2[c], squares, 80*eps*squares+merges*math.Sqrt(squares))
				check("sum", s[c], sdy, 40*eps*size)
				check("products", p[c], sp, 40*eps*psize)
			}
		}
	}
}

// A column's statistics have the same bits wherever it stands.
func TestColumnsAreIndependent(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, rows := range []int{3, 50, 200, 700} {
			const cols = 77
			x, dy, center := random[float32](rows*cols, 1), random[float32](rows*cols, 2), random[float32](cols, 3)
			mean, m2, s, p := make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]float64, cols)
			sums := make([]float32, cols)
			ColumnDeviations(mean, m2, x, rows, cols)
			ColumnProducts(s, p, dy, x, center, rows, cols)
			ColumnSums(sums, x, rows, cols, 0, cols)
			for lo := range cols {
				for _, n := range []int{1, 9, 16, 40} {
					hi := min(cols, lo+n)
					var a, b, c, d [40]float64
					var e [cols]float32
					k := hi - lo
					ColumnDeviations(a[:k], b[:k], x[lo:], rows, cols)
					ColumnProducts(c[:k], d[:k], dy[lo:], x[lo:], center[lo:hi], rows, cols)
					ColumnSums(e[:], x, rows, cols, lo, hi)
					for i := range k {
						j := lo + i
						if a[i] != mean[j] || b[i] != m2[j] || c[i] != s[j] || d[i] != p[j] || e[j] != sums[j] {
							t.Fatalf("[%d, %d]: column %d differs in the range [%d, %d)", rows, cols, j, lo, hi)
						}
					}
				}
			}
		}
	})
}

// The first rows, whose mean is the center, may be far from all others.
func TestColumnDeviationsOfOutliers(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, outliers := range []int{1, 16} {
			const rows = 512
			x := random[float32](rows, 1)
			sum, squares := 0.0, 0.0
			for r := range x {
				if r < outliers {
					x[r] = 1e6
				}
				sum += float64(x[r])
			}
			for _, v := range x {
				d := float64(v) - sum/rows
				squares += d * d
			}
			mean, m2 := []float64{0}, []float64{0}
			ColumnDeviations(mean, m2, x, rows, 1)
			if e := math.Abs(m2[0]/squares - 1); e > 40*sectionRows/centerRows*0x1p-24 {
				t.Errorf("%d outliers: sum of squares %v, want %v, %.2g off", outliers, m2[0], squares, e)
			}
		}
	})
}

func TestColumnStatisticsOfSpecials(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		const rows, cols = 130, 35
		for _, bad := range []float32{float32(nan), float32(inf), float32(-inf)} {
			for at := range cols {
				for _, row := range []int{0, 3, 64, 129} {
					x := random[float32](rows*cols, 9)
					x[row*cols+at] = bad
					dy, center := random[float32](rows*cols, 9), make([]float32, cols)
					mean, m2, s, p := make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]float64, cols)
					ColumnDeviations(mean, m2, x, rows, cols)
					ColumnProducts(s, p, dy, x, center, rows, cols)
					for c := range cols {
						if finite := mean[c]-mean[c] == 0; finite == (c == at) || (m2[c] == m2[c]) == (c == at) {
							t.Fatalf("%v in row %d, column %d: column %d has mean %v, squares %v", bad, row, at, c, mean[c], m2[c])
						}
						if finite := p[c]-p[c] == 0; finite == (c == at) || s[c]-s[c] != 0 {
							t.Fatalf("%v in row %d, column %d: column %d has sums %v, %v", bad, row, at, c, s[c], p[c])
						}
					}
				}
			}
		}
		// The sum of elements near the greatest float32 is out of range, but not
		// their mean; the squares of what rounding leaves may be.
		x := make([]float32, 40)
		fill(x, 3e38)
		mean, m2 := make([]float64, 2), make([]float64, 2)
		ColumnDeviations(mean, m2, x, 20, 2)
		if math.Abs(mean[1]/float64(float32(3e38))-1) > 1e-6 || m2[1] != m2[1] {
			t.Errorf("moments of large constants: %v %v", mean, m2)
		}
	})
}

func TestBatchNorm(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testBatchNorm[float32])
		t.Run("float64", testBatchNorm[float64])
	})
}

func testBatchNorm[T Float](t *testing.T) {
	eps := 0x1p-53
	if is32[T]() {
		eps = 0x1p-24
	}
	for _, shape := range columnShapes() {
		rows, cols := shape[0], shape[1]
		const offset = 1
		x, dy := random[T](rows*cols+offset, 1)[offset:], random[T](rows*cols+offset, 2)[offset:]
		mean, coefs := random[T](cols, 3), random[T](3*cols, 4)
		y, g1 := guarded[T](t, rows*cols)
		dx, g2 := guarded[T](t, rows*cols)
		scaled, g3 := guarded[T](t, rows*cols)
		BatchNorm(y, x, mean, coefs, rows)
		BatchNormGrad(dx, dy, x, mean, coefs, rows)
		ScaleColumns(scaled, x, coefs[:cols], rows)
		g1()
		g2()
		g3()
		for i, v := range x {
			c := i % cols
			d := float64(v - mean[c])
			a, b, k := float64(coefs[c]), float64(coefs[cols+c]), float64(coefs[2*cols+c])
			for _, q := range []struct {
				name      string
				got       T
				want, tol float64
			}{
				{"BatchNorm", y[i], d*a + b, 2 * eps * (math.Abs(d*a) + math.Abs(b))},
				{"BatchNormGrad", dx[i], a*float64(dy[i]) + (b*d + k), 4 * eps * (math.Abs(a*float64(dy[i])) + math.Abs(b*d) + math.Abs(k))},
				{"ScaleColumns", scaled[i], float64(v * coefs[c]), 0},
			} {
				if !(math.Abs(float64(q.got)-q.want) <= q.tol) {
					t.Fatalf("%s of [%d, %d], element %d: %v, want %v", q.name, rows, cols, i, q.got, q.want)
				}
			}
		}
		for _, alias := range []string{"dy", "x"} {
			p, q := append([]T(nil), dy...), append([]T(nil), x...)
			into := p
			if alias == "x" {
				into = q
			}
			BatchNormGrad(into, p, q, mean, coefs, rows)
			for i := range into {
				if into[i] != dx[i] {
					t.Fatalf("BatchNormGrad of [%d, %d] over %s: %v at %d, apart %v", rows, cols, alias, into[i], i, dx[i])
				}
			}
		}
		p, q := append([]T(nil), x...), append([]T(nil), x...)
		BatchNorm(p, p, mean, coefs, rows)
		ScaleColumns(q, q, coefs[:cols], rows)
		for i := range p {
			if p[i] != y[i] || q[i] != scaled[i] {
				t.Fatalf("[%d, %d] in place: %v and %v at %d, apart %v and %v", rows, cols, p[i], q[i], i, y[i], scaled[i])
			}
		}
		// A row has the same bits alone.
		for r := range rows {
			row := make([]T, cols)
			BatchNorm(row, x[r*cols:], mean, coefs, 1)
			for c := range row {
				if row[c] != y[r*cols+c] {
					t.Fatalf("[%d, %d]: row %d differs alone, at %d", rows, cols, r, c)
				}
			}
		}
	}
}

// FuzzColumns compares the vector paths with the portable one.
func FuzzColumns(f *testing.F) {
	f.Add(uint16(200), uint16(300), uint8(1), uint64(1))
	f.Add(uint16(600), uint16(17), uint8(0), uint64(2))
	f.Fuzz(func(t *testing.T, rows, cols uint16, offset uint8, seed uint64) {
		m, n, at := int(rows%1200), int(cols%400), int(offset%8)
		r := rand.New(rand.NewPCG(seed, 0))
		shift := float32(math.Ldexp(r.NormFloat64(), r.IntN(20)))
		x, dy := make([]float32, at+m*n)[at:], make([]float32, at+m*n)[at:]
		for i := range x {
			x[i], dy[i] = shift+float32(r.NormFloat64()), float32(r.NormFloat64())
		}
		mean32, coefs := make([]float32, n), random[float32](3*n, seed)
		fill(mean32, shift)
		type result struct {
			mean, m2, s, p []float64
			sums, dx       []float32
		}
		compute := func(isa ISA) result {
			defer Use(isa)()
			out := result{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float32, n), make([]float32, m*n)}
			ColumnDeviations(out.mean, out.m2, x, m, n)
			ColumnProducts(out.s, out.p, dy, x, mean32, m, n)
			ColumnSums(out.sums, x, m, n, 0, n)
			BatchNormGrad(out.dx, dy, x, mean32, coefs, m)
			return out
		}
		want := compute(Portable)
		for isa := AVX2; isa <= Best(); isa++ {
			got := compute(isa)
			near := func(name string, i int, a, b, size float64) {
				if !(math.Abs(a-b) <= 1e-5*size) {
					t.Errorf("%v, [%d, %d]: %s[%d] is %v, portable %v", isa, m, n, name, i, a, b)
				}
			}
			rows := float64(m)
			for i := range n {
				near("mean", i, got.mean[i], want.mean[i], 1)
				near("m2", i, got.m2[i], want.m2[i], want.m2[i])
				near("s", i, got.s[i], want.s[i], rows)
				near("p", i, got.p[i], want.p[i], rows)
				near("sums", i, float64(got.sums[i]), float64(want.sums[i]), rows*(1+math.Abs(float64(shift))))
			}
			for i := range got.dx {
				near("dx", i, float64(got.dx[i]), float64(want.dx[i]), 20)
			}
		}
	})
}

func BenchmarkColumns(b *testing.B) {
	for _, shape := range [][2]int{{50, 300}, {200, 100}, {200, 300}, {1000, 300}, {512, 32}, {512, 10}} {
		rows, cols := shape[0], shape[1]
		x, dy, y := random[float32](rows*cols, 1), random[float32](rows*cols, 2), make([]float32, rows*cols)
		mean, coefs, sums := random[float32](cols, 3), random[float32](3*cols, 4), make([]float32, cols)
		m1, m2 := make([]float64, cols), make([]float64, cols)
		for _, c := range []struct {
			name   string
			arrays int64 // read or written
			f      func()
		}{
			{"ColumnSums", 1, func() { ColumnSums(sums, x, rows, cols, 0, cols) }},
			{"ColumnDeviations", 1, func() { ColumnDeviations(m1, m2, x, rows, cols) }},
			{"ColumnProducts", 2, func() { ColumnProducts(m1, m2, dy, x, mean, rows, cols) }},
			{"BatchNorm", 2, func() { BatchNorm(y, x, mean, coefs, rows) }},
			{"BatchNormGrad", 3, func() { BatchNormGrad(y, dy, x, mean, coefs, rows) }},
			{"ScaleColumns", 2, func() { ScaleColumns(y, x, mean, rows) }},
		} {
			for isa := Portable; isa <= Best(); isa++ {
				b.Run(fmt.Sprintf("%s/%dx%d/%v", c.name, rows, cols, isa), func(b *testing.B) {
					defer Use(isa)()
					b.SetBytes(c.arrays * int64(4*rows*cols))
					for b.Loop() {
						c.f()
					}
				})
			}
		}
	}
}
