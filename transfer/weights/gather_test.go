package weights

import (
	"math/rand"
	"testing"
)

// gather is held to the definition of strides: element [i j ...] lies at i*strides[0] + j*strides[1] + ...
func TestGather(t *testing.T) {
	seed := rand.Int63()
	r := rand.New(rand.NewSource(seed))
	for range 300 {
		shape, strides := make([]int, 1+r.Intn(4)), make([]int, 4)
		strides = strides[:len(shape)]
		n, span, next := 1, 1, 1+r.Intn(10)/9
		for _, axis := range r.Perm(len(shape)) {
			shape[axis] = 1 + r.Intn(40/len(shape))
			strides[axis] = next
			if r.Intn(8) == 0 {
				strides[axis] = r.Intn(3)
			}
			next *= shape[axis]
			n *= shape[axis]
			span += (shape[axis] - 1) * strides[axis]
		}
		stored := make([]int32, span)
		for i := range stored {
			stored[i] = int32(i)
		}
		got := gather(shape, strides, stored, n)
		for i, v := range got {
			want := 0
			for axis, rest := len(shape)-1, i; axis >= 0; axis-- {
				want += rest % shape[axis] * strides[axis]
				rest /= shape[axis]
			}
			if int(v) != want {
				t.Fatalf("seed %d: shape %v, strides %v: element %d is %d; want %d", seed, shape, strides, i, v, want)
			}
		}
	}
}

// BenchmarkTurn turns a dense kernel whose strides are powers of two, between memory that is there already.
func BenchmarkTurn(b *testing.B) {
	const n = 1 << 12
	stored, out := make([]float32, n*n), make([]float32, n*n)
	b.SetBytes(4 * n * n)
	for b.Loop() {
		turn(out, stored, n, n, n, n)
	}
}
