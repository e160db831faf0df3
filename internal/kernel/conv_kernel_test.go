package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// kernelConvolutions are geometries whose kernels' gradients are sums of chunks and of several blocks, by both ways.
var kernelConvolutions = []Conv{
	{Batch: 4, In: [2]int{16, 17}, InChannels: 8, OutChannels: 19, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	{Batch: 3, In: [2]int{33, 34}, InChannels: 3, OutChannels: 33, Size: [2]int{5, 5}, Stride: [2]int{2, 2}, Before: [2]int{2, 2}},
	{Batch: 9, In: [2]int{17, 18}, InChannels: 1, OutChannels: 32, Size: [2]int{5, 4}, Stride: [2]int{1, 3}, Before: [2]int{2, 5}},
	{Batch: 1, In: [2]int{9, 600}, InChannels: 6, OutChannels: 8, Size: [2]int{3, 3}, Dilation: [2]int{2, 5}, Before: [2]int{2, 5}},
	{Batch: 4, In: [2]int{19, 20}, InChannels: 12, OutChannels: 36, Size: [2]int{3, 3}, Dilation: [2]int{2, 2}, Before: [2]int{2, 2}, Groups: 2},
	{Batch: 13, In: [2]int{4, 5}, InChannels: 32, OutChannels: 33, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	{Batch: 33, In: [2]int{5, 5}, InChannels: 32, OutChannels: 24, Size: [2]int{3, 3}, Stride: [2]int{2, 2}, Before: [2]int{1, 1}, Groups: 2},
	{Batch: 40, In: [2]int{1, 1}, InChannels: 33, OutChannels: 34, Size: [2]int{3, 5}, Before: [2]int{1, 2}},
	{Batch: 7, In: [2]int{13, 14}, InChannels: 33, OutChannels: 70, Size: [2]int{1, 1}},
	{Batch: 7, In: [2]int{13, 14}, InChannels: 33, OutChannels: 70, Size: [2]int{3, 1}, Before: [2]int{1, 0}},
	{Batch: 0, In: [2]int{4, 4}, InChannels: 2, OutChannels: 3, Size: [2]int{3, 3}, Before: [2]int{1, 1}, Groups: 1},
	{Batch: 6, In: [2]int{20, 20}, InChannels: 24, OutChannels: 24, Size: [2]int{3, 3}, Before: [2]int{1, 1}, Groups: 24},
}

func TestConvolveKernel(t *testing.T) {
	t.Run("float32", testConvolveKernel[float32])
	t.Run("float64", testConvolveKernel[float64])
}

func testConvolveKernel[T float32 | float64](t *testing.T) {
	cases := append(slices.Clone(convolutions), kernelConvolutions...)
	for i, g := range cases {
		if full := geometry(g); raceDetector && full.pixels()*full.InChannels*full.OutChannels > 10000 {
			continue
		}
		c := newConvCase[T](rand.New(rand.NewPCG(6, uint64(i))), g)
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			sums, sizes := c.reference()
			onEachISA(t, func(t *testing.T) { c.checkKernel(t, sums[2], sizes[2]) })
		})
	}
}

// checkKernel sets the gradient of the kernel, and adds it to what is there, and finishes every element once.
func (c *convCase[T]) checkKernel(t *testing.T, sums, sizes []float64) {
	scratch := func() []T { return scratchOf[T](c.ConvolveKernelScratch()) }
	for _, s := range []struct{ alpha, beta T }{{1, 0}, {-0.5, 0}, {1, 1}, {-0.25, 1}, {3, 0.5}} {
		what := fmt.Sprintf("%+v, alpha %v, beta %v", *c.Conv, s.alpha, s.beta)
		dw := guardedNaN[T](t, len(c.w))
		want, size := make([]float64, len(c.w)), make([]float64, len(c.w))
		for k := range want {
			want[k], size[k] = float64(s.alpha)*sums[k], math.Abs(float64(s.alpha))*sizes[k]
		}
		if s.beta != 0 {
			copy(dw, c.w)
			for k, w := range c.w {
				want[k] += float64(s.beta * w)
				size[k] += math.Abs(float64(s.beta * w))
			}
		}
		ConvolveKernel(c.Conv, s.alpha, c.x, c.y, s.beta, dw, scratch(), nil)
		wantSums(t, what, dw, want, size, c.pixels())
		if s.beta == 0 {
			finished := guardedNaN[T](t, len(c.w))
			ConvolveKernel(c.Conv, s.alpha, c.x, c.y, s.beta, finished, scratch(), negator[T]{finished, c.OutChannels})
			for k := range dw {
				if finished[k] != -dw[k] {
					t.Fatalf("%s: element %d is %v when it is finished; want %v", what, k, finished[k], -dw[k])
				}
			}
		}
	}
}

// negator changes the sign of what it is given, which shows elements that come twice or not at all.
type negator[T float32 | float64] struct {
	y       []T
	columns int
}

func (d negator[T]) Finish(i, j int, run []T) {
	for k := range run {
		d.y[i*d.columns+j+k] *= -1
	}
}

// A sum of many small parts must not get lost in the large element that it is added to.
func TestConvolveKernelKeepsSmallSums(t *testing.T) {
	for _, g := range []Conv{
		{Batch: 64, In: [2]int{16, 16}, InChannels: 16, OutChannels: 16, Size: [2]int{3, 3}},
		{Batch: 64, In: [2]int{16, 16}, InChannels: 16, OutChannels: 16, Size: [2]int{1, 1}},
		{Batch: 200, In: [2]int{3, 3}, InChannels: 64, OutChannels: 64, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	} {
		c := newConvCase[float32](rand.New(rand.NewPCG(7, 0)), g)
		fill := func(x []float32, v float32) {
			for i := range x {
				x[i] = v
			}
		}
		fill(c.x, 1)
		fill(c.y, 1)
		fill(c.w, 1)
		dw := make([]float32, len(c.w))
		ConvolveKernel(c.Conv, 1, c.x, c.y, 0, dw, make([]float32, c.ConvolveKernelScratch()), nil)
		tiny := float32(0x1p-30)
		ConvolveKernel(c.Conv, tiny, c.x, c.y, 1, c.w, make([]float32, c.ConvolveKernelScratch()), nil)
		for i, w := range c.w {
			if want := float32(1 + float64(tiny)*float64(dw[i])); w != want {
				t.Fatalf("%+v: element %d is %v; want %v", *c.Conv, i, w, want)
			}
		}
	}
}

func TestConvolveKernelBits(t *testing.T) {
	if raceDetector {
		t.Skip("the products are too large for the race detector")
	}
	for i, g := range kernelConvolutions {
		c := newConvCase[float32](rand.New(rand.NewPCG(8, uint64(i))), g)
		results := func(procs int) []float32 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			dw := append([]float32(nil), c.w...)
			ConvolveKernel(c.Conv, -0.1, c.x, c.y, 1, dw, scratchOf[float32](c.ConvolveKernelScratch()), nil)
			return dw
		}
		one := results(1)
		for _, procs := range []int{2, 3, 8} {
			sameBits(t, fmt.Sprintf("case %d on %d processors", i, procs), results(procs), one)
		}
	}
}
