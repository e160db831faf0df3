package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// residual builds the stages of a residual network.
type residual struct {
	*net
	in     int               // channels so far
	kernel graph.Initializer // of the convolutions
	bias   bool              // of the convolutions
	// A stage's stride is that of its first block, or of its last one; a bottleneck's is that of its second convolution, or of its first one.
	strideLast, strideFirst bool
	// block makes the branch that a shortcut adds to, and gives the channels that come out of it.
	block    func(s *graph.Scope, x *gorgonia.Node, filters, stride int) (h *gorgonia.Node, out int)
	shortcut func(s *graph.Scope, x *gorgonia.Node, out, stride int) *gorgonia.Node // where the shape changes
}

// stage makes so many blocks in the scope layerN, one with the stride.
func (r *residual) stage(number int, x *gorgonia.Node, blocks, filters, stride int) *gorgonia.Node {
	s := r.model.scope.Sub(fmt.Sprintf("layer%d", number))
	strided := 0
	if r.strideLast {
		strided = blocks - 1
	}
	for i := range blocks {
		by := 1
		if i == strided {
			by = stride
		}
		b := s.Sub(fmt.Sprint(i))
		h, out := r.block(b, x, filters, by)
		if by != 1 || out != r.in {
			x = r.shortcut(b, x, out, by)
		}
		x = r.end(b, ops.ReLU(b, ops.Add(b, h, x)))
		r.in = out
	}
	return r.end(s, x)
}

// basic is a block of two convolutions 3x3.
func (r *residual) basic(s *graph.Scope, x *gorgonia.Node, filters, stride int) (h *gorgonia.Node, out int) {
	h = r.convNorm(s, "1", x, filters, 3, ops.Conv2DConfig{Strides: square(stride)}, ops.ReLU)
	return r.convNorm(s, "2", h, filters, 3, ops.Conv2DConfig{}, nil), filters
}

// convNorm is a convolution in convNUMBER, and batch norm in bnNUMBER.
func (r *residual) convNorm(s *graph.Scope, number string, x *gorgonia.Node, filters, size int, cfg ops.Conv2DConfig, a ops.Activation) *gorgonia.Node {
	l := s.Sub("conv" + number)
	cfg.NoBias, cfg.Pads, cfg.Kernel = !r.bias, padded(size/2), r.kernel
	h := r.batchNorm(s.Sub("bn"+number), r.conv(l, x, filters, square(size), cfg))
	if a != nil {
		h = a(l, h)
	}
	return r.end(l, h)
}
