package kernel

import (
	"fmt"
	"testing"
)

func BenchmarkSums(b *testing.B) {
	var sink float32
	for _, n := range []int{10, 1000, 16384, 1 << 20} {
		x, y := random[float32](n, 1), random[float32](n, 2)
		for _, c := range []struct {
			name   string
			arrays int64 // read
			f      func()
		}{
			{"Sum", 1, func() { sink += Sum(x) }},
			{"SumSquares", 1, func() { sink += SumSquares(x) }},
			{"Dot", 2, func() { sink += Dot(x, y) }},
			{"Max", 1, func() { sink += Max(x) }},
			{"ArgMax", 1, func() { sink += float32(ArgMax(x)) }},
		} {
			for isa := Portable; isa <= Best(); isa++ {
				b.Run(fmt.Sprintf("%s/%d/%v", c.name, n, isa), func(b *testing.B) {
					defer Use(isa)()
					b.SetBytes(c.arrays * int64(4*n))
					for b.Loop() {
						c.f()
					}
				})
			}
		}
	}
}

func BenchmarkSoftmax(b *testing.B) {
	for _, shape := range [][2]int{{200, 10}, {1000, 10}, {64, 256}, {64, 1000}} {
		rows, cols := shape[0], shape[1]
		x, y := random[float32](rows*cols, 1), make([]float32, rows*cols)
		loss, labels := make([]float32, rows), make([]int64, rows)
		for _, c := range []struct {
			name string
			f    func()
		}{
			{"SoftmaxRows", func() { SoftmaxRows(y, x, rows, cols) }},
			{"LogSoftmaxRows", func() { LogSoftmaxRows(y, x, rows, cols) }},
			{"SparseXent", func() { SparseXent(loss, y, x, labels, cols) }},
		} {
			for isa := Portable; isa <= Best(); isa++ {
				b.Run(fmt.Sprintf("%s/%dx%d/%v", c.name, rows, cols, isa), func(b *testing.B) {
					defer Use(isa)()
					b.SetBytes(int64(8 * rows * cols))
					for b.Loop() {
						c.f()
					}
				})
			}
		}
	}
}
