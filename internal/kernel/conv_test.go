package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// convolutions are geometries of every path: the plain product, images read where they lie,
// whole and cut areas, several images in one, tiles along rows and columns, rows that crowd the
// cache, strides, dilations, pads, groups, channels by themselves, odd sizes.
var convolutions = []Conv{
	{Batch: 2, In: [2]int{5, 4}, InChannels: 3, OutChannels: 5, Size: [2]int{1, 1}},
	{Batch: 2, In: [2]int{6, 5}, InChannels: 333, OutChannels: 70, Size: [2]int{1, 1}},
	{Batch: 1, In: [2]int{2, 3}, InChannels: 33, OutChannels: 40, Size: [2]int{1, 1}},
	{Batch: 3, In: [2]int{4, 5}, InChannels: 40, OutChannels: 1, Size: [2]int{1, 1}},
	{Batch: 2, In: [2]int{5, 7}, InChannels: 3, OutChannels: 5, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	{Batch: 1, In: [2]int{1, 1}, InChannels: 1, OutChannels: 1, Size: [2]int{1, 1}, Stride: [2]int{3, 2}},
	{Batch: 3, In: [2]int{9, 8}, InChannels: 2, OutChannels: 33, Size: [2]int{2, 3}, Stride: [2]int{2, 3}, Before: [2]int{1, 0}},
	{Batch: 1, In: [2]int{13, 11}, InChannels: 4, OutChannels: 6, Size: [2]int{3, 2}, Dilation: [2]int{2, 3}, Before: [2]int{2, 1}},
	{Batch: 2, In: [2]int{14, 13}, InChannels: 3, OutChannels: 4, Size: [2]int{3, 4}, Stride: [2]int{2, 3}, Dilation: [2]int{3, 2}, Before: [2]int{3, 2}},
	{Batch: 2, In: [2]int{12, 12}, InChannels: 2, OutChannels: 3, Size: [2]int{3, 3}, Stride: [2]int{4, 6}, Dilation: [2]int{6, 4}, Before: [2]int{5, 6}},
	{Batch: 2, In: [2]int{8, 8}, InChannels: 5, OutChannels: 7, Size: [2]int{1, 1}, Stride: [2]int{2, 2}},
	{Batch: 2, In: [2]int{7, 6}, InChannels: 6, OutChannels: 9, Size: [2]int{3, 3}, Before: [2]int{1, 2}, Groups: 3},
	{Batch: 2, In: [2]int{7, 6}, InChannels: 4, OutChannels: 8, Size: [2]int{3, 3}, Before: [2]int{1, 1}, Groups: 4},
	{Batch: 2, In: [2]int{9, 10}, InChannels: 20, OutChannels: 15, Size: [2]int{3, 4}, Stride: [2]int{2, 3}, Before: [2]int{1, 2}, Groups: 5},
	{Batch: 2, In: [2]int{11, 7}, InChannels: 32, OutChannels: 32, Size: [2]int{2, 3}, Stride: [2]int{1, 2}, Dilation: [2]int{2, 1}, Before: [2]int{1, 1}, Groups: 8},
	{Batch: 2, In: [2]int{5, 6}, InChannels: 14, OutChannels: 14, Size: [2]int{1, 2}, Stride: [2]int{3, 4}, Groups: 7},
	{Batch: 2, In: [2]int{7, 9}, InChannels: 5, OutChannels: 5, Size: [2]int{3, 3}, Before: [2]int{1, 1}, Groups: 5},
	{Batch: 2, In: [2]int{9, 8}, InChannels: 37, OutChannels: 37, Size: [2]int{3, 2}, Stride: [2]int{2, 3}, Dilation: [2]int{2, 1}, Before: [2]int{2, 1}, Groups: 37},
	{Batch: 1, In: [2]int{20, 21}, InChannels: 24, OutChannels: 45, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	{Batch: 1, In: [2]int{70, 66}, InChannels: 4, OutChannels: 3, Size: [2]int{5, 5}, Before: [2]int{2, 2}},
	{Batch: 1, In: [2]int{4, 3}, InChannels: 129, OutChannels: 290, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	{Batch: 1, In: [2]int{16, 3}, InChannels: 1024, OutChannels: 33, Size: [2]int{2, 1}},
	{Batch: 5, In: [2]int{9, 10}, InChannels: 3, OutChannels: 34, Size: [2]int{3, 3}, Before: [2]int{1, 1}},
	{Batch: 2, In: [2]int{29, 1}, InChannels: 5, OutChannels: 20, Size: [2]int{4, 1}, Before: [2]int{2, 0}},
	{Batch: 2, In: [2]int{9, 31}, InChannels: 3, OutChannels: 17, Size: [2]int{3, 2}, Stride: [2]int{2, 2}},
	{Batch: 2, In: [2]int{3, 31}, InChannels: 3, OutChannels: 17, Size: [2]int{2, 1}, Stride: [2]int{1, 4}, Before: [2]int{1, 3}},
	{Batch: 1, In: [2]int{1, 190}, InChannels: 381, OutChannels: 2, Size: [2]int{1, 2}},
	{Batch: 1, In: [2]int{2, 8}, InChannels: 1024, OutChannels: 33, Size: [2]int{2, 1}},
	{Batch: 3, In: [2]int{20, 1}, InChannels: 4, OutChannels: 33, Size: [2]int{3, 7}, Stride: [2]int{2, 7}, Before: [2]int{2, 9}, Out: [2]int{0, 1}}, // windows of pads alone
	{Batch: 0, In: [2]int{5, 5}, InChannels: 2, OutChannels: 3, Size: [2]int{3, 3}},
}

// allConvolutions are these, and the same of images so high that their columns make whole
// tiles. The race detector takes the small ones.
func allConvolutions() []Conv {
	var all []Conv
	for _, g := range convolutions {
		high := g
		high.In[0] += tallestTile * max(1, g.Stride[0])
		for _, g := range []Conv{g, high} {
			full := geometry(g)
			work := full.pixels() * full.Size[0] * full.Size[1] * full.InChannels / full.Groups * full.OutChannels
			if !raceDetector || work < 20000 {
				all = append(all, g)
			}
		}
	}
	return all
}

// geometry fills in what a case leaves to defaults, and unless it says how many, the outputs that fit with as
// many pads behind as before.
func geometry(g Conv) *Conv {
	g.Groups = max(1, g.Groups)
	for a := range 2 {
		g.Stride[a], g.Dilation[a] = max(1, g.Stride[a]), max(1, g.Dilation[a])
		if g.Out[a] > 0 {
			continue
		}
		g.Out[a] = (g.In[a]+2*g.Before[a]-(g.Size[a]-1)*g.Dilation[a]-1)/g.Stride[a] + 1
	}
	return &g
}

// reference returns the sums [y, dx, dw] in float64, by the definition, and those of absolute values.
func (c *convCase[T]) reference() (sums, sizes [3][]float64) {
	for k, n := range []int{len(c.y), len(c.x), len(c.w)} {
		sums[k], sizes[k] = make([]float64, n), make([]float64, n)
	}
	add := func(k, i int, v float64) {
		sums[k][i] += v
		sizes[k][i] += math.Abs(v)
	}
	for i := range sums[0] {
		add(0, i, float64(c.bias[i%c.OutChannels]))
	}
	c.products(func(y, x, w, count int) {
		dy, kernel := c.y[y:][:count], c.w[w:][:count]
		for o := range count {
			add(0, y+o, float64(c.x[x])*float64(kernel[o]))
			add(1, x, float64(dy[o])*float64(kernel[o]))
			add(2, w+o, float64(c.x[x])*float64(dy[o]))
		}
	})
	return sums, sizes
}

// products calls f for every element of x that an output sees, with the places of it, and of the first of so many channels of
// y and of the kernel that it meets.
func (g *Conv) products(f func(y, x, w, count int)) {
	in, out := g.channels()
	for n := range g.Batch {
		for i := range g.Out[0] {
			for j := range g.Out[1] {
				for p := range g.Size[0] {
					for q := range g.Size[1] {
						a, b := i*g.Stride[0]+p*g.Dilation[0]-g.Before[0], j*g.Stride[1]+q*g.Dilation[1]-g.Before[1]
						if a < 0 || a >= g.In[0] || b < 0 || b >= g.In[1] {
							continue
						}
						for c := range g.InChannels {
							group := c / in
							f(((n*g.Out[0]+i)*g.Out[1]+j)*g.OutChannels+group*out,
								((n*g.In[0]+a)*g.In[1]+b)*g.InChannels+c,
								((p*g.Size[1]+q)*in+c%in)*g.OutChannels+group*out, out)
						}
					}
				}
			}
		}
	}
}

// convCase is a convolution and its operands.
type convCase[T float32 | float64] struct {
	*Conv
	x, w, y, bias []T
}

func newConvCase[T float32 | float64](r *rand.Rand, c Conv) *convCase[T] {
	g := geometry(c)
	draw := func(n int) []T {
		v := make([]T, n)
		for i := range v {
			v[i] = T(r.NormFloat64())
		}
		return v
	}
	return &convCase[T]{
		Conv: g, x: draw(g.Batch * g.In[0] * g.In[1] * g.InChannels), w: draw(g.Size[0] * g.Size[1] * g.InChannels / g.Groups * g.OutChannels),
		y: draw(g.pixels() * g.OutChannels), bias: draw(g.OutChannels),
	}
}

func (c *convCase[T]) forward(y []T) {
	Convolve(c.Conv, y, c.x, c.packed(), After[T]{Bias: c.bias})
}

func (c *convCase[T]) input(dx []T) {
	ConvolveInput(c.Conv, dx, c.y, c.inputPacked(), nil)
}

// packed is the kernel as Convolve reads it.
func (c *convCase[T]) packed() []T {
	n := c.PackedSize()
	if n == 0 {
		return c.w
	}
	packed := scratchOf[T](n)
	PackKernel(c.Conv, packed, c.w)
	return packed
}

// inputPacked is the kernel as ConvolveInput reads it.
func (c *convCase[T]) inputPacked() []T {
	n := c.PackedInputSize()
	if n == 0 {
		return c.w
	}
	packed := scratchOf[T](n)
	PackInputKernel(c.Conv, packed, c.w)
	return packed
}

func (c *convCase[T]) kernel(dw []T) {
	ConvolveKernel(c.Conv, 1, c.x, c.y, 0, dw, scratchOf[T](c.ConvolveKernelScratch()), nil)
}

// scratchOf is memory that must not be relied on.
func scratchOf[T float32 | float64](n int) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = T(math.NaN())
	}
	return s
}

// guardedNaN returns n elements of NaN; at the end of the test the words around must be
// untouched.
func guardedNaN[T float32 | float64](t *testing.T, n int) []T {
	const guard, word = 40, 12345
	all := make([]T, n+2*guard)
	for i := range all {
		all[i] = word
	}
	x := all[guard : guard+n : guard+n]
	for i := range x {
		x[i] = T(math.NaN())
	}
	t.Cleanup(func() {
		for i, v := range all {
			if v != word && (i < guard || i >= guard+n) {
				t.Errorf("word %d around the result was written", i-guard)
			}
		}
	})
	return x
}

// wantSums compares sums with those in float64, of which sizes are the sums of absolute values.
func wantSums[T float32 | float64](t *testing.T, what string, got []T, want, sizes []float64, terms int) {
	t.Helper()
	eps := 0x1p-52
	if is32[T]() {
		eps = 0x1p-23
	}
	for i, w := range want {
		if !(math.Abs(float64(got[i])-w) <= eps*float64(terms+2)*sizes[i]+eps) {
			t.Errorf("%s: element %d is %v; want %v", what, i, got[i], w)
			return
		}
	}
}

func TestConvolve(t *testing.T) {
	t.Run("float32", testConvolve[float32])
	t.Run("float64", testConvolve[float64])
}

func testConvolve[T float32 | float64](t *testing.T) {
	for i, g := range allConvolutions() {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			c := newConvCase[T](rand.New(rand.NewPCG(1, uint64(i))), g)
			sums, sizes := c.reference()
			onEachISA(t, func(t *testing.T) {
				y, dx, dw := guardedNaN[T](t, len(c.y)), guardedNaN[T](t, len(c.x)), guardedNaN[T](t, len(c.w))
				c.forward(y)
				c.input(dx)
				c.kernel(dw)
				taps := c.Size[0] * c.Size[1]
				wantSums(t, "y", y, sums[0], sizes[0], taps*c.InChannels)
				wantSums(t, "dx", dx, sums[1], sizes[1], taps*c.OutChannels)
				wantSums(t, "dw", dw, sums[2], sizes[2], c.pixels())
			})
		})
	}
}

// The bits depend neither on the number of processors nor, but for the kernel's
// gradient, on the images beside.
func TestConvolveBits(t *testing.T) {
	for i, g := range allConvolutions() {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			g.Batch = max(g.Batch, 1) * 3
			c := newConvCase[float32](rand.New(rand.NewPCG(2, uint64(i))), g)
			results := func(procs int) (y, dx, dw []float32) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				y, dx, dw = make([]float32, len(c.y)), make([]float32, len(c.x)), make([]float32, len(c.w))
				c.forward(y)
				c.input(dx)
				c.kernel(dw)
				return y, dx, dw
			}
			y, dx, dw := results(1)
			for _, procs := range []int{2, 3} {
				y2, dx2, dw2 := results(procs)
				sameBits(t, "y", y2, y)
				sameBits(t, "dx", dx2, dx)
				sameBits(t, "dw", dw2, dw)
			}
			image, pixels := len(c.x)/c.Batch, len(c.y)/c.Batch
			c.Batch, c.x, c.y = 1, c.x[image:2*image], c.y[pixels:2*pixels]
			one, _, _ := results(2)
			sameBits(t, "y of one image", one, y[pixels:2*pixels])
			done := make([]float32, image)
			c.input(done)
			sameBits(t, "dx of one image", done, dx[image:2*image])
		})
	}
}

func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Errorf("%s: element %d is %v; want %v", what, i, got[i], want[i])
			return
		}
	}
}

// doubler multiplies by two what it is given, which shows elements that come twice or
// not at all.
type doubler struct {
	y       []float32
	columns int
}

func (d doubler) Finish(i, j int, run []float32) {
	for k := range run {
		d.y[i*d.columns+j+k] *= 2
	}
}

func TestConvolveFinish(t *testing.T) {
	for i, g := range allConvolutions() {
		c := newConvCase[float32](rand.New(rand.NewPCG(3, uint64(i))), g)
		y, doubled := make([]float32, len(c.y)), make([]float32, len(c.y))
		c.forward(y)
		Convolve(c.Conv, doubled, c.x, c.packed(), After[float32]{Bias: c.bias, Rectify: true, Most: 0.5, Finish: doubler{doubled, c.OutChannels}})
		for i := range y {
			y[i] = 2 * rectified(y[i], 0.5)
		}
		sameBits(t, fmt.Sprint("y of case ", i), doubled, y)

		dx, doubled := make([]float32, len(c.x)), make([]float32, len(c.x))
		c.input(dx)
		ConvolveInput(c.Conv, doubled, c.y, c.inputPacked(), doubler{doubled, c.InChannels})
		for i := range dx {
			dx[i] *= 2
		}
		sameBits(t, fmt.Sprint("dx of case ", i), doubled, dx)
	}
}

func TestConvolveAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("under the race detector pools forget at random")
	}
	for i, g := range allConvolutions() {
		c := newConvCase[float32](rand.New(rand.NewPCG(4, uint64(i))), g)
		y, dx, dw := make([]float32, len(c.y)), make([]float32, len(c.x)), make([]float32, len(c.w))
		scratch := make([]float32, c.ConvolveKernelScratch())
		packed, inputPacked := c.packed(), c.inputPacked()
		if got := steadyAllocations(func() {
			if c.PackedSize() > 0 {
				PackKernel(c.Conv, packed, c.w)
			}
			if c.PackedInputSize() > 0 {
				PackInputKernel(c.Conv, inputPacked, c.w)
			}
			Convolve(c.Conv, y, c.x, packed, After[float32]{Bias: c.bias, Rectify: true, Most: 6})
			ConvolveInput(c.Conv, dx, c.y, inputPacked, nil)
			ConvolveKernel(c.Conv, 1, c.x, c.y, 0, dw, scratch, nil)
		}); got > 0 {
			t.Errorf("case %d: %d allocations", i, got)
		}
	}
}
