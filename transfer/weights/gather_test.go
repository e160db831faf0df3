package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand"
	"testing"
)

// strided is a tensor with strides of a random shape: its axes lie in any order, some with gaps between, some on top of each other.
func strided(r *rand.Rand) (shape, strides []int, n, span int) {
	shape, strides = make([]int, 1+r.Intn(5)), make([]int, 5)
	strides = strides[:len(shape)]
	n, span = 1, 1
	most := []int{3000, 400, 40, 14, 8}[len(shape)-1]
	next := 1 + r.Intn(10)/9
	for _, a := range r.Perm(len(shape)) {
		shape[a] = 1 + r.Intn(most)
		if r.Intn(3) == 0 {
			shape[a] = 1 + r.Intn(3)
		}
		strides[a] = next
		if r.Intn(8) == 0 {
			strides[a] = r.Intn(3)
		}
		next = next*shape[a] + r.Intn(10)/9
		n *= shape[a]
		span += (shape[a] - 1) * strides[a]
	}
	return shape, strides, n, span
}

// gathered compares what gather makes, at once and piece by piece, with the definition of strides: element [i j ...] lies at
// i*strides[0] + j*strides[1] + ...
func gathered[T element](t *testing.T, r *rand.Rand, d decoder[T], value func(i int) T) {
	shape, strides, n, span := strided(r)
	most := 1 + r.Intn(span)
	t.Run(fmt.Sprintf("%T%v/%v/%d", value(0), shape, strides, most), func(t *testing.T) {
		stored := make([]T, span)
		for i := range stored {
			stored[i] = value(i)
		}
		var b bytes.Buffer
		if err := binary.Write(&b, binary.BigEndian, stored); err != nil {
			t.Fatal(err)
		}
		atOnce, inPieces := make([]T, n), make([]T, n)
		gather(atOnce, stored, axesOf(shape, strides))
		s := newStream(Tensor{BigEndian: true}, &b, span, d)
		if err := s.move(inPieces, axesOf(shape, strides), most); err != nil || b.Len() > 0 {
			t.Errorf("piece by piece: %v, %d bytes left", err, b.Len())
		}
		for i := range n {
			at := 0
			for a, rest := len(shape)-1, i; a >= 0; a-- {
				at += rest % shape[a] * strides[a]
				rest /= shape[a]
			}
			if want := stored[at]; atOnce[i] != want || inPieces[i] != want {
				t.Fatalf("element %d is %v, and %v piece by piece; want %v", i, atOnce[i], inPieces[i], want)
			}
		}
	})
}

func TestGather(t *testing.T) {
	seed := rand.Int63()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewSource(seed))
	for range 100 {
		gathered(t, r, Tensor{DType: Float32}.float32s(), func(i int) float32 { return float32(i) })
		gathered(t, r, float64s, func(i int) float64 { return float64(i) })
		gathered(t, r, Tensor{DType: Int64}.int64s(), func(i int) int64 { return int64(i) })
		gathered(t, r, uint8s, func(i int) uint8 { return uint8(i % 251) })
		gathered(t, r, bools, func(i int) bool { return i%3 == 0 })
	}
}

// A kernel is moved a piece at a time where that is possible, and whole lines of the result at a time.
func TestPieces(t *testing.T) {
	for _, c := range []struct {
		shape, strides       []int
		along, indices, held int
	}{
		{[]int{49, 512, 4096}, []int{1, 49, 49 * 512}, 0, 80, 80 * 49 * 512},   // the first dense layer of VGG, from PyTorch
		{[]int{4096, 64}, []int{1, 1 << 13}, 0, 64, 63<<13 + 4096},             // all of it
		{[]int{4096, 4096}, []int{1, 4096}, 0, 512, 1 << 21},                   // NumPy's Fortran order
		{[]int{1 << 22, 3}, []int{1, 1 << 22}, 0, 1, 1 << 22},                  // an index is more than a piece
		{[]int{1 << 12, 1 << 12}, []int{1, 1}, 0, 1 << 12, 1<<13 - 1},          // windows, as as_strided makes them
		{[]int{1 << 12, 4, 1 << 12}, []int{8192, 0, 1}, 2, 256, 256 * 1 << 13}, // the left half, repeated
	} {
		along, indices, held := pieces(axesOf(c.shape, c.strides), 1<<21)
		if along != c.along || indices != c.indices || held != c.held {
			t.Errorf("%v%v: %d indices along %d, %d elements; want %d along %d, %d", c.shape, c.strides, indices, along, held, c.indices, c.along, c.held)
		}
	}
}

// BenchmarkTurn moves the elements of kernels as they lie in files of PyTorch to where they belong, between memory that is there already.
func BenchmarkTurn(b *testing.B) {
	for name, c := range map[string]struct{ shape, strides []int }{
		"dense":   {[]int{1 << 12, 1 << 12}, []int{1, 1 << 12}}, // powers of two, which are hard on caches
		"conv3x3": {[]int{3, 3, 512, 512}, []int{3, 1, 9, 9 * 512}},
		"back3x3": {[]int{512, 512, 3, 3}, []int{1, 512, 3 * 512 * 512, 512 * 512}},
		"flatten": {[]int{49, 512, 256}, []int{1, 49, 49 * 512}},
		"slice":   {[]int{4096, 1024}, []int{3 * 1024, 1}},
	} {
		b.Run(name+"/float32", func(b *testing.B) { turned[float32](b, c.shape, c.strides) })
		b.Run(name+"/float64", func(b *testing.B) { turned[float64](b, c.shape, c.strides) })
		b.Run(name+"/uint8", func(b *testing.B) { turned[uint8](b, c.shape, c.strides) })
	}
}

func turned[T element](b *testing.B, shape, strides []int) {
	x := Tensor{Shape: shape, Strides: strides}
	n, _ := x.Elements()
	span, _ := x.span()
	stored, out := make([]T, span), make([]T, n)
	b.SetBytes(int64(binary.Size(out)))
	for b.Loop() {
		gather(out, stored, axesOf(shape, strides))
	}
}
