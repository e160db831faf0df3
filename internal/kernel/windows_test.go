package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// windowCases are windows of every kind: side by side, overlapping, dilated, of one element.
func windowCases() []Windows {
	var all []Windows
	for _, n := range []int{1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 67} {
		for _, w := range []Windows{
			{Count: 3, Rows: 2, Cols: 2, Step: 2, RowStep: 9, ColStep: 1},
			{Count: 4, Rows: 3, Cols: 3, Step: 2, RowStep: 11, ColStep: 1},
			{Count: 9, Rows: 3, Cols: 2, Step: 1, RowStep: 13, ColStep: 2},
			{Count: 2, Rows: 1, Cols: 5, Step: 3, RowStep: 0, ColStep: 1},
			{Count: 1, Rows: 1, Cols: 1},
			{Count: 0, Rows: 2, Cols: 2},
		} {
			w.Channels = n
			w.Step *= n
			w.RowStep *= n
			w.ColStep *= n
			all = append(all, w)
		}
	}
	return all
}

// each calls f for every element of every window.
func (w Windows) each(f func(window, at int)) {
	for j := range w.Count {
		for k := range w.Rows {
			for l := range w.Cols {
				f(j, j*w.Step+k*w.RowStep+l*w.ColStep)
			}
		}
	}
}

// few draws of few numbers, so that many are equal, with NaN and infinities among them.
func few[T Float](r *rand.Rand, n int) []T {
	values := []T{1, 2, 3, -1, T(nan), T(inf), T(-inf), 0, T(math.Copysign(0, -1))}
	x := make([]T, n)
	for i := range x {
		if x[i] = values[r.IntN(4)]; r.IntN(8) == 0 {
			x[i] = values[r.IntN(len(values))]
		}
	}
	return x
}

func TestWindows(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		t.Run("float32", testWindows[float32])
		t.Run("float64", testWindows[float64])
	})
}

func testWindows[T Float](t *testing.T) {
	for i, w := range windowCases() {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			size, n := max(w.last(), 0), w.Count*w.Channels
			x, dy := few[T](r, size), make([]T, n)
			for i := range dy {
				dy[i] = T(r.IntN(9) + 1)
			}
			const divisor = 6
			most, mean := make([]T, n), make([]T, n)
			dmost, dmean := make([]T, size), make([]T, size)
			for j := range w.Count {
				for c := range w.Channels {
					o := j*w.Channels + c
					first := -1
					w.each(func(window, at int) {
						if window != j {
							return
						}
						e := x[at+c]
						mean[o] += e
						dmean[at+c] += dy[o] / divisor
						switch {
						case first < 0, x[first] == x[first] && (e != e || e > x[first]):
							first = at + c
						}
					})
					mean[o] /= divisor
					most[o] = x[first]
					dmost[first] += dy[o]
				}
			}
			want := func(what string, n int, want []T, run func(got []T)) {
				t.Helper()
				got, check := guarded[T](t, n)
				clear(got)
				run(got)
				check()
				for i := range want {
					if !equal(got[i], want[i]) {
						t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
					}
				}
			}
			want("MaxWindows", n, most, func(y []T) { MaxWindows(y, x, w) })
			want("MaxWindowsGrad", size, dmost, func(dx []T) { MaxWindowsGrad(dx, dy, x, most, w) })
			want("MeanWindows", n, mean, func(y []T) { MeanWindows(y, x, divisor, w) })
			want("MeanWindowsGrad", size, dmean, func(dx []T) { MeanWindowsGrad(dx, dy, divisor, w) })
		})
	}
}
