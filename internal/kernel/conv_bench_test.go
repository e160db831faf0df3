package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// convLayer is a convolution as networks have it: square images and kernels, pads that
// keep the size but for the stride unless valid.
func convLayer(batch, size, in, out, kernel, stride int, valid bool) Conv {
	g := Conv{Batch: batch, In: [2]int{size, size}, InChannels: in, OutChannels: out, Size: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}}
	if !valid {
		g.Before = [2]int{kernel / 2, kernel / 2}
	}
	return g
}

// convNetworks are the different convolutions of networks, from the images to the last.
var convNetworks = []struct {
	name   string
	layers []Conv
}{
	{"TinyYOLOv2", []Conv{
		convLayer(1, 416, 3, 16, 3, 1, false),
		convLayer(1, 208, 16, 32, 3, 1, false),
		convLayer(1, 104, 32, 64, 3, 1, false),
		convLayer(1, 52, 64, 128, 3, 1, false),
		convLayer(1, 26, 128, 256, 3, 1, false),
		convLayer(1, 13, 256, 512, 3, 1, false),
		convLayer(1, 13, 512, 1024, 3, 1, false),
		convLayer(1, 13, 1024, 1024, 3, 1, false),
		convLayer(1, 13, 1024, 125, 1, 1, false),
	}},
	{"SqueezeNet", []Conv{
		convLayer(1, 224, 3, 64, 3, 2, true),
		convLayer(1, 55, 64, 16, 1, 1, false),
		convLayer(1, 55, 16, 64, 1, 1, false),
		convLayer(1, 55, 16, 64, 3, 1, false),
		convLayer(1, 27, 128, 32, 1, 1, false),
		convLayer(1, 27, 32, 128, 1, 1, false),
		convLayer(1, 27, 32, 128, 3, 1, false),
		convLayer(1, 13, 256, 48, 1, 1, false),
		convLayer(1, 13, 48, 192, 1, 1, false),
		convLayer(1, 13, 48, 192, 3, 1, false),
		convLayer(1, 13, 512, 64, 1, 1, false),
		convLayer(1, 13, 64, 256, 1, 1, false),
		convLayer(1, 13, 64, 256, 3, 1, false),
		convLayer(1, 13, 512, 1000, 1, 1, false),
	}},
	{"ResNet18", []Conv{
		convLayer(8, 64, 3, 64, 7, 2, false),
		convLayer(8, 16, 64, 64, 3, 1, false),
		convLayer(8, 16, 64, 128, 3, 2, false),
		convLayer(8, 16, 64, 128, 1, 2, false),
		convLayer(8, 8, 128, 128, 3, 1, false),
		convLayer(8, 8, 128, 256, 3, 2, false),
		convLayer(8, 8, 128, 256, 1, 2, false),
		convLayer(8, 4, 256, 256, 3, 1, false),
		convLayer(8, 4, 256, 512, 3, 2, false),
		convLayer(8, 4, 256, 512, 1, 2, false),
		convLayer(8, 2, 512, 512, 3, 1, false),
	}},
	{"VGG", []Conv{
		convLayer(32, 32, 3, 64, 3, 1, false),
		convLayer(32, 32, 64, 64, 3, 1, false),
		convLayer(32, 16, 128, 128, 3, 1, false),
		convLayer(32, 8, 256, 256, 3, 1, false),
	}},
	{"FashionMNIST", []Conv{
		convLayer(64, 28, 1, 32, 3, 1, false),
		convLayer(64, 28, 32, 64, 3, 1, false),
		convLayer(64, 14, 32, 64, 3, 1, false),
	}},
	{"MobileNet", []Conv{
		convLayer(1, 224, 3, 32, 3, 2, false),
		convLayer(1, 112, 32, 64, 1, 1, false),
		convLayer(1, 56, 64, 128, 1, 1, false),
		convLayer(8, 56, 16, 96, 1, 1, false),
		convLayer(1, 28, 128, 256, 1, 1, false),
		convLayer(1, 14, 512, 512, 1, 1, false),
		convLayer(1, 7, 1024, 1024, 1, 1, false),
	}},
}

// BenchmarkConvolve reports GFLOP/s, and which part that is of what the processors could
// do at most.
func BenchmarkConvolve(b *testing.B) {
	for _, n := range convNetworks {
		for _, g := range n.layers {
			c := newConvCase[float32](rand.New(rand.NewPCG(5, 0)), g)
			scratch, packed, inputPacked := make([]float32, c.ConvolveKernelScratch()), c.packed(), c.inputPacked()
			y, dx, dw := make([]float32, len(c.y)), make([]float32, len(c.x)), make([]float32, len(c.w))
			for _, f := range []struct {
				name string
				run  func()
			}{
				{"pack", func() {
					if c.PackedSize() > 0 {
						PackKernel(c.Conv, packed, c.w)
					}
				}},
				{"y", func() { Convolve(c.Conv, y, c.x, packed, After[float32]{}) }},
				{"packdx", func() {
					if c.PackedInputSize() > 0 {
						PackInputKernel(c.Conv, inputPacked, c.w)
					}
				}},
				{"dx", func() { ConvolveInput(c.Conv, dx, c.y, inputPacked, nil) }},
				{"dw", func() { ConvolveKernel(c.Conv, 1, c.x, c.y, 0, dw, scratch, nil) }},
			} {
				for _, procs := range []int{1, 2} {
					layer := fmt.Sprintf("%dx%dx%d_%d_%dx%d_%d", c.Batch, c.In[0], c.InChannels, c.OutChannels, c.Size[0], c.Size[1], c.Stride[0])
					b.Run(fmt.Sprintf("%s/%s/%s/procs%d", n.name, layer, f.name, procs), func(b *testing.B) {
						defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
						f.run()
						peak := peakRate() * float64(procs)
						b.ResetTimer()
						for range b.N {
							f.run()
						}
						in, out := c.channels()
						flops := 2 * float64(c.pixels()) * float64(c.Size[0]*c.Size[1]*in*out*c.Groups) * float64(b.N)
						rate := flops / float64(b.Elapsed().Nanoseconds())
						b.ReportMetric(rate, "GFLOP/s")
						if peak > 0 {
							b.ReportMetric(100*rate/peak, "%peak")
						}
					})
				}
			}
		}
	}
}

// peakRate is what one processor can do at most, in GFLOP/s; 0 if that is not known.
func peakRate() float64 {
	start := time.Now()
	flops := PeakFlops(1 << 20)
	return float64(flops) / float64(time.Since(start).Nanoseconds())
}
