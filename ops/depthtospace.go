package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// DepthToSpaceConfig configures DepthToSpace and SpaceToDepth.
type DepthToSpaceConfig struct {
	// PixelShuffle orders the channels of small images as PyTorch's pixel_shuffle
	// and ONNX's mode CRD do: c*block*block + i*block + j for row i and column j
	// of a block and channel c. By default it is TensorFlow's and ONNX's DCR,
	// (i*block + j)*channels + c.
	PixelShuffle bool

	DataFormat DataFormat // default ChannelsLast
}

// DepthToSpace makes of the channels of a pixel a block of block x block pixels.
//
//	NHWC [batch, h, w, block*block*channels] -> [batch, h*block, w*block, channels]
//
// Any dtype, rank 4; sizes may be unknown. The gradient is SpaceToDepth of grad.
//
// TF: tf.depth_to_space. PyTorch: torch.nn.functional.pixel_shuffle. Dtypes: any. Gradient: yes.
func DepthToSpace(s *graph.Scope, x *gorgonia.Node, block int, cfg DepthToSpaceConfig) *gorgonia.Node {
	return blocks{cfg, block, true}.apply(s, x)
}

// SpaceToDepth makes of each block of block x block pixels the channels of one.
//
//	NHWC [batch, h, w, channels] -> [batch, h/block, w/block, block*block*channels]
//
// Any dtype, rank 4; sizes may be unknown, and height and width must be multiples of
// block. The gradient is DepthToSpace of grad.
//
// TF: tf.space_to_depth. PyTorch: torch.nn.functional.pixel_unshuffle. Dtypes: any. Gradient: yes.
func SpaceToDepth(s *graph.Scope, x *gorgonia.Node, block int, cfg DepthToSpaceConfig) *gorgonia.Node {
	return blocks{cfg, block, false}.apply(s, x)
}

// blocks moves elements between channels and blocks of pixels.
type blocks struct {
	DepthToSpaceConfig
	size   int
	spread bool // channels become pixels
}

func (p blocks) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	name := "SpaceToDepth"
	if p.spread {
		name = "DepthToSpace"
	}
	return graph.Apply(s, graph.OpDef{
		Name:   name,
		Attrs:  map[string]interface{}{"block_size": p.size, "pixel_shuffle": p.PixelShuffle, "data_format": p.DataFormat.String()},
		Infer:  func(in []graph.Spec) (graph.Spec, error) { return p.infer(in[0]) },
		Kernel: pullWith(p.layout),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			back := p
			back.spread = !p.spread
			return only(back.apply(s, grad))
		},
	}, x)
}

func (p blocks) infer(x graph.Spec) (graph.Spec, error) {
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape}
	m, err := p.DataFormat.imagesOf(x)
	if err != nil {
		return out, err
	}
	if p.size < 1 {
		return out, errors.Errorf("the block size is %d; want 1 or more", p.size)
	}
	multiply := func(d *int, k int) {
		if *d > 0 {
			*d *= k
		}
	}
	divide := func(d *int, k int, what string) {
		if *d > 0 && *d%k != 0 && err == nil {
			err = errors.Errorf("x is %v; want a %s that is a multiple of %d", x, what, k)
		}
		if *d > 0 {
			*d /= k
		}
	}
	if p.spread {
		multiply(&m.h, p.size)
		multiply(&m.w, p.size)
		divide(&m.c, p.size*p.size, "number of channels")
	} else {
		divide(&m.h, p.size, "height")
		divide(&m.w, p.size, "width")
		multiply(&m.c, p.size*p.size)
	}
	out.Shape = p.DataFormat.shape(m)
	return out, err
}

// layout walks the input in the order of the output. Both are seen as tensors of
// rank 6: the small image's axes, and a block's rows and columns.
func (p blocks) layout(b *graph.Binding) (*layout, error) {
	deep, wide := b.Out, b.In[0]
	if p.spread {
		deep, wide = wide, deep
	}
	small, err := p.DataFormat.imagesOf(deep)
	if err != nil {
		return nil, err
	}
	big, err := p.DataFormat.imagesOf(wide)
	if err != nil {
		return nil, err
	}
	const n, h, i, w, j, c = 0, 1, 2, 3, 4, 5
	sizes := [6]int{n: small.n, h: small.h, i: p.size, w: small.w, j: p.size, c: big.c}
	depth := []int{i, j, c} // the axes of a channel of the small image
	if p.PixelShuffle {
		depth = []int{c, i, j}
	}
	wideAxes, deepAxes := []int{n, h, i, w, j, c}, append([]int{n, h, w}, depth...)
	if p.DataFormat == ChannelsFirst {
		wideAxes, deepAxes = []int{n, c, h, i, w, j}, append(append([]int{n}, depth...), h, w)
	}
	from, to := wideAxes, deepAxes
	if p.spread {
		from, to = to, from
	}
	steps, at := [6]int{}, 1
	for k := len(from) - 1; k >= 0; k-- {
		steps[from[k]] = at
		at *= sizes[from[k]]
	}
	shape, strides := make(tensor.Shape, len(to)), make([]int, len(to))
	for k, axis := range to {
		shape[k], strides[k] = sizes[axis], steps[axis]
	}
	return newLayout(shape, strides)
}
