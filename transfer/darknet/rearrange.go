package darknet

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// image makes of what [connected] gives, [batch, units], an image of one pixel.
func (b *builder) image(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	sp := graph.SpecOf(x)
	if sp.Rank() != 2 {
		return x
	}
	return ops.Reshape(s, x, -1, 1, 1, sp.Shape[1])
}

// vector makes of an image its numbers in Darknet's order, channels first.
func (b *builder) vector(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	shape := graph.SpecOf(x).Shape
	if len(shape) != 4 {
		return x
	}
	if shape[1] != 1 || shape[2] != 1 {
		x = ops.Transpose(s, x, 0, 3, 1, 2)
	}
	return ops.Flatten(s, x)
}

// reorg is [reorg], which makes images smaller and puts neighbouring pixels into channels. Darknet reads the image [c, h, w] as if it
// were [c/stride^2, h*stride, w*stride], takes blocks of that apart, and writes what it gets as [c*stride^2,
// h/stride, w/stride]; that is not what it set out to do, but what its networks were trained with.
type reorg struct{ stride int }

func readReorg(o options) layer {
	o.refuse("reverse", "flatten", "extra")
	return reorg{o.count("stride", 1, 1)}
}

func (l reorg) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	x = b.image(s, x)
	shape := graph.SpecOf(x).Shape
	h, w, c, k := shape[1], shape[2], shape[3], l.stride
	switch {
	case h < 0 || w < 0:
		return b.fail(s, x, "[reorg] wants to know height and width, but the image is %v", graph.SpecOf(x))
	case h%k != 0 || w%k != 0 || c%(k*k) != 0:
		return b.fail(s, x, "[reorg] with stride %d wants a height and a width that are multiples of it, and channels that are one of %d, but the image is %v",
			k, k*k, graph.SpecOf(x))
	}
	x = ops.Transpose(s, x, 0, 3, 1, 2)
	x = ops.Reshape(s, x, -1, c/(k*k), h*k, w*k)
	x = ops.SpaceToDepth(s, x, k, ops.DepthToSpaceConfig{DataFormat: ops.ChannelsFirst})
	x = ops.Reshape(s, x, -1, c*k*k, h/k, w/k)
	return ops.Transpose(s, x, 0, 2, 3, 1)
}

// upsample is [upsample], which repeats pixels.
type upsample struct {
	stride int
	scale  float64
}

func readUpsample(o options) layer { return upsample{o.count("stride", 2, 1), o.number("scale", 1)} }

func (l upsample) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	x = ops.Upsample(s, b.image(s, x), ops.UpsampleConfig{Scale: [2]int{l.stride, l.stride}})
	if l.scale != 1 {
		x = ops.Scale(s, x, l.scale)
	}
	return x
}
