package dataset

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"
)

// Batches of 64 pictures of 28x28 with a transform that costs next to nothing, so
// that what is measured is the pipeline: ns/example is its overhead, with the two
// copies that an example makes. The caller asks for batches as fast as they come.
func BenchmarkPipeline(b *testing.B) {
	x := tensor.New(tensor.WithShape(6400, 784), tensor.WithBacking(make([]float32, 6400*784)))
	y := tensor.New(tensor.WithShape(6400), tensor.WithBacking(make([]int64, 6400)))
	cheap := func(e *Example) error { e.X[0]++; return nil }
	flipped := func(e *Example) error {
		if e.Rand.Uint64()&1 == 0 {
			return nil
		}
		for r := 0; r < 784; r += 28 {
			row := e.X[r : r+28]
			for i, j := 0, 27; i < j; i, j = i+1, j-1 {
				row[i], row[j] = row[j], row[i]
			}
		}
		return nil
	}
	for _, bb := range []struct {
		name    string
		workers int
		maps    []Transform
	}{
		{"gathered", 0, nil},
		{"cheap", -1, []Transform{cheap}},
		{"cheap", 1, []Transform{cheap}},
		{"cheap", 2, []Transform{cheap}},
		{"flip", -1, []Transform{flipped}},
		{"flip", 1, []Transform{flipped}},
		{"flip", 2, []Transform{flipped}},
	} {
		b.Run(fmt.Sprintf("%s/workers=%d", bb.name, bb.workers), func(b *testing.B) {
			it := Batches(BatchesConfig{X: x, Y: y, BatchSize: 64, Map: bb.maps, Workers: bb.workers, Epochs: -1})
			defer it.Close()
			it.Next()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				it.Next()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/example")
		})
	}
}
