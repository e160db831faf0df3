package kernel

import "testing"

func BenchmarkClipGradient(b *testing.B) {
	x := make([]float32, 235200)
	for i := range x {
		x[i] = float32(i%100)*0.01 - 0.5
	}
	b.SetBytes(int64(4 * len(x)))
	for b.Loop() {
		Clip(x, x, -1, 1)
	}
}
