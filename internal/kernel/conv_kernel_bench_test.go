package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// squareConv is a convolution of square images with a square kernel and pads that keep the size, but for the stride.
func squareConv(batch, side, in, out, size, stride int) Conv {
	pad := (size - 1) / 2
	return Conv{
		Batch: batch, In: [2]int{side, side}, InChannels: in, OutChannels: out,
		Size: [2]int{size, size}, Stride: [2]int{stride, stride}, Before: [2]int{pad, pad},
	}
}

// convKernelShapes are layers of a net of two convolutions, of ResNet-18 with images of 64 x 64 and a batch of 8, and of VGG.
var convKernelShapes = []Conv{
	squareConv(64, 28, 1, 32, 3, 1), squareConv(64, 28, 32, 64, 3, 1), squareConv(64, 14, 32, 64, 3, 1),
	squareConv(8, 64, 3, 64, 7, 2), squareConv(8, 16, 64, 64, 3, 1), squareConv(8, 16, 64, 128, 3, 2), squareConv(8, 16, 64, 128, 1, 2),
	squareConv(8, 8, 128, 128, 3, 1), squareConv(8, 8, 128, 256, 3, 2), squareConv(8, 8, 128, 256, 1, 2),
	squareConv(8, 4, 256, 256, 3, 1), squareConv(8, 4, 256, 512, 3, 2), squareConv(8, 4, 256, 512, 1, 2), squareConv(8, 2, 512, 512, 3, 1),
	squareConv(32, 32, 64, 64, 3, 1), squareConv(32, 16, 128, 128, 3, 1), squareConv(32, 8, 256, 256, 3, 1),
	squareConv(32, 32, 3, 64, 3, 1), squareConv(32, 28, 64, 64, 1, 1), squareConv(8, 56, 16, 96, 1, 1), squareConv(32, 14, 256, 256, 1, 1), squareConv(8, 56, 64, 64, 3, 1), squareConv(1, 13, 512, 1024, 3, 1),
}

func BenchmarkConvolveKernel(b *testing.B) {
	for _, g := range convKernelShapes {
		c := newConvCase[float32](rand.New(rand.NewPCG(5, 0)), g)
		dw := make([]float32, len(c.w))
		scratch := make([]float32, c.ConvolveKernelScratch())
		for _, procs := range []int{1, 2} {
			name := fmt.Sprintf("%dx%dx%dx%d_%d_%dx%d_%d/procs%d", g.Batch, g.In[0], g.In[1], g.InChannels, g.OutChannels, g.Size[0], g.Size[1], g.Stride[0], procs)
			b.Run(name, func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				run := func() { ConvolveKernel(c.Conv, 1, c.x, c.y, 0, dw, scratch, nil) }
				run()
				b.ReportAllocs()
				b.ResetTimer()
				for i := 0; i < b.N; i++ {
					run()
				}
				flops := 2 * float64(c.pixels()) * float64(len(c.w)) * float64(b.N)
				b.ReportMetric(flops/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
