package darknet

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// maxPool is [maxpool]. padding counts rows on both sides together, size-1 by default, of which Darknet puts
// the smaller half before the image: so a window of 2 with stride 1 keeps the size.
type maxPool struct{ size, padding, strideY, strideX int }

func readMaxPool(o options) layer {
	o.refuse("antialiasing", "maxpool_depth")
	stride := o.count("stride", 1, 1)
	size := o.count("size", stride, 1)
	return maxPool{size, o.count("padding", size-1, 0), o.count("stride_y", stride, 1), o.count("stride_x", stride, 1)}
}

func (l maxPool) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	pads := [2]int{l.padding / 2, l.padding - l.padding/2}
	return ops.MaxPool2D(s, b.image(s, x), ops.MaxPool2DConfig{
		Size: [2]int{l.size, l.size}, Strides: [2]int{l.strideY, l.strideX}, Pads: [2][2]int{pads, pads},
	})
}

// avgPool is [avgpool], which takes the mean of the whole image.
type avgPool struct{}

func readAvgPool(o options) layer { return avgPool{} }

func (avgPool) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.GlobalAvgPool(s, b.image(s, x), ops.GlobalPoolConfig{KeepDims: true})
}
