package cache_test

import (
	"math/rand"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// BenchmarkBatches reads shuffled batches of 64 activations [1024], of 20,000 examples. "copy" is what no reader can do without: copying these rows in
// memory.
func BenchmarkBatches(b *testing.B) {
	const n, width, size = 20_000, 1024, 64
	r := rand.New(rand.NewSource(1))
	values := make([]float32, n*width)
	for i := range values {
		values[i] = r.Float32()
	}
	set := &dataset.Set{X: tensor.New(tensor.WithShape(n, width), tensor.WithBacking(values)), Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(make([]int64, n)))}
	b.Run("copy", func(b *testing.B) {
		b.SetBytes(size * width * 4)
		rows := make([]float32, size*width)
		for b.Loop() {
			for i := range size {
				copy(rows[i*width:][:width], values[r.Intn(n)*width:])
			}
		}
	})
	for _, c := range []struct {
		name string
		cfg  cache.Config
	}{
		{"memory", cache.Config{}},
		{"file", cache.Config{Path: b.TempDir() + "/c"}},
		{"file float16", cache.Config{Path: b.TempDir() + "/c", Float16: true}},
	} {
		a, err := identity(b, set, tensor.Float32, c.cfg, width)
		if err != nil {
			b.Fatal(err)
		}
		for _, workers := range []int{0, -1} {
			name := c.name + ", ahead"
			if workers < 0 {
				name = c.name
			}
			b.Run(name, func(b *testing.B) {
				batches := dataset.Batches(dataset.BatchesConfig{Source: a, BatchSize: size, Epochs: -1, Workers: workers, DropRemainder: true})
				defer batches.Close()
				b.SetBytes(size * width * 4)
				b.ReportAllocs()
				for b.Loop() {
					if !batches.Next() {
						b.Fatal(batches.Err())
					}
				}
			})
		}
	}
}
