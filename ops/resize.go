package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ResizeConfig says where the pixels of a resized image lie in the original. Of n
// pixels that become m, pixel i lies at
//
//	i * n/m                     by default, as in TensorFlow 1
//	i * (n-1)/(m-1)             with AlignCorners (0 of one pixel)
//	(i + 0.5) * n/m - 0.5       with HalfPixelCenters
//
// between the centers of two pixels; beyond the first and the last it is these.
type ResizeConfig struct {
	AlignCorners     bool // the corners' centers stay where they are
	HalfPixelCenters bool // pixels are squares; not with AlignCorners

	DataFormat DataFormat // default ChannelsLast
}

// ResizeBilinear resizes images to height x width, interpolating between the four
// nearest pixels.
//
//	NHWC [batch, h, w, channels] -> [batch, height, width, channels]
//
// x is float32 or float64 of rank 4; its sizes may be unknown. The zero config is the
// default of TensorFlow 1. PyTorch's interpolate(mode="bilinear"), and TensorFlow
// 2, have HalfPixelCenters, or with align_corners AlignCorners. The gradient goes to the four
// pixels by their weights.
//
// TF: tf.image.resize_bilinear. PyTorch: torch.nn.functional.interpolate. Dtypes: float. Gradient: yes.
func ResizeBilinear(s *graph.Scope, x *gorgonia.Node, height, width int, cfg ResizeConfig) *gorgonia.Node {
	return resize{name: "ResizeBilinear", ResizeConfig: cfg, size: [2]int{height, width}, bilinear: true}.apply(s, x)
}

// ResizeNearest resizes images to height x width, taking for each pixel the
// nearest one: the one at the place rounded down, with AlignCorners rounded half
// up, and with HalfPixelCenters at (i + 0.5)*n/m rounded down.
//
//	NHWC [batch, h, w, channels] -> [batch, height, width, channels]
//
// x is float32 or float64 of rank 4; its sizes may be unknown. The zero config is the
// default of TensorFlow 1 and PyTorch's interpolate(mode="nearest");
// HalfPixelCenters is "nearest-exact". Places are computed in float32, as there. The
// gradient goes to the pixels taken.
//
// TF: tf.image.resize_nearest_neighbor. PyTorch: torch.nn.functional.interpolate. Dtypes: float. Gradient: yes.
func ResizeNearest(s *graph.Scope, x *gorgonia.Node, height, width int, cfg ResizeConfig) *gorgonia.Node {
	return resize{name: "ResizeNearestNeighbor", ResizeConfig: cfg, size: [2]int{height, width}}.apply(s, x)
}

// ResizeBilinearLike is ResizeBilinear to the height and width of like, images of
// which only the shape is used: a size that is known in the Run only.
//
// TF: tf.image.resize_bilinear. PyTorch: torch.nn.functional.interpolate. Dtypes: float. Gradient: yes.
func ResizeBilinearLike(s *graph.Scope, x, like *gorgonia.Node, cfg ResizeConfig) *gorgonia.Node {
	return resize{name: "ResizeBilinear", ResizeConfig: cfg, bilinear: true, like: true}.apply(s, x, like)
}

// ResizeNearestLike is ResizeNearest to the height and width of like, images of
// which only the shape is used.
//
// TF: tf.image.resize_nearest_neighbor. PyTorch: torch.nn.functional.interpolate. Dtypes: float. Gradient: yes.
func ResizeNearestLike(s *graph.Scope, x, like *gorgonia.Node, cfg ResizeConfig) *gorgonia.Node {
	return resize{name: "ResizeNearestNeighbor", ResizeConfig: cfg, like: true}.apply(s, x, like)
}

// resize is a resampling of images, and its adjoint.
type resize struct {
	ResizeConfig
	name     string
	size     [2]int // of the output
	scale    [2]int // or how many times the input's, where not 0
	like     bool   // or that of another image
	bilinear bool
}

func (p resize) attrs() map[string]interface{} {
	a := map[string]interface{}{"align_corners": p.AlignCorners, "half_pixel_centers": p.HalfPixelCenters, "data_format": p.DataFormat.String()}
	switch {
	case p.scale != [2]int{}:
		a["scale"], a["bilinear"] = p.scale, p.bilinear
	case !p.like:
		a["size"] = p.size
	}
	return a
}

// infer is the rule of images x, or of x and those whose size they take.
func (p resize) infer(in ...graph.Spec) (graph.Spec, error) {
	x := in[0]
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape}
	if !x.IsFloat() {
		return out, errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", x)
	}
	m, err := p.DataFormat.imagesOf(x)
	switch {
	case err != nil:
		return out, err
	case p.AlignCorners && p.HalfPixelCenters:
		return out, errors.New("AlignCorners and HalfPixelCenters are both set; want one of the two")
	case m.h == 0 || m.w == 0:
		return out, errors.Errorf("x is %v; want images of at least one pixel", x)
	}
	if p.like {
		to, err := p.DataFormat.imagesOf(in[1])
		if err != nil {
			return out, errors.Wrap(err, "the size wanted")
		}
		if m.h, m.w = to.h, to.w; m.h == 0 || m.w == 0 {
			return out, errors.Errorf("the size wanted is that of %v; want images of at least one pixel", in[1])
		}
		out.Shape = p.DataFormat.shape(m)
		return out, nil
	}
	for k, d := range []*int{&m.h, &m.w} {
		switch {
		case p.scale[k] > 0 && *d >= 0:
			*d *= p.scale[k]
		case p.scale[k] == 0:
			*d = p.size[k]
		}
		if p.scale[k] < 0 || p.scale[k] == 0 && p.size[k] < 1 {
			return out, errors.Errorf("the new size is %v and the scale %v; want positive numbers", p.size, p.scale)
		}
	}
	out.Shape = p.DataFormat.shape(m)
	return out, nil
}

func (p resize) apply(s *graph.Scope, inputs ...*gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:      p.name,
		Attrs:     p.attrs(),
		Infer:     func(in []graph.Spec) (graph.Spec, error) { return p.infer(in...) },
		ShapeOnly: shapeOnlyAfterFirst(inputs),
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v := p.over(b.In[0], b.Out)
			return floatKernel(b, resample[float32](b, v), resample[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return append(only(p.back(s, grad, in[0])), make(gorgonia.Nodes, len(in)-1)...)
		},
	}, inputs...)
}

// shapeOnlyAfterFirst lists all inputs but the first.
func shapeOnlyAfterFirst(inputs []*gorgonia.Node) []int {
	var list []int
	for i := 1; i < len(inputs); i++ {
		list = append(list, i)
	}
	return list
}

// back gives the pixels of x, of which only the shape is used, their share of
// grad.
func (p resize) back(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  p.name + "Grad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}
			y, err := p.infer(out, in[0])
			if err == nil && !graph.Compatible(in[0].Shape, y.Shape) {
				err = errors.Errorf("grad is %v; want %v", in[0], y)
			}
			return out, err
		},
		ShapeOnly: []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			v := p.over(b.Out, b.In[0])
			return floatKernel(b, resampleBack[float32](b, v), resampleBack[float64](b, v))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			if p.like {
				return gorgonia.Nodes{p.apply(s, grad, in[0]), nil}
			}
			return gorgonia.Nodes{p.apply(s, grad), nil}
		},
	}, grad, x)
}

// between is a place between two pixels: at lo, and the part share of the way
// to hi.
type between struct {
	lo, hi int
	share  float64
}

// places lists where m pixels lie among n.
func (p resize) places(n, m int) []between {
	step := float64(n) / float64(m)
	if p.AlignCorners {
		step = 0
		if m > 1 {
			step = float64(n-1) / float64(m-1)
		}
	}
	list := make([]between, m)
	for i := range list {
		if !p.bilinear {
			list[i].lo = min(n-1, p.nearest(i, float32(step)))
			list[i].hi = list[i].lo
			continue
		}
		at := float64(i) * step
		if p.HalfPixelCenters {
			at = max(0, (float64(i)+0.5)*step-0.5)
		}
		lo := min(n-1, int(at))
		list[i] = between{lo, min(n-1, lo+1), at - float64(lo)}
	}
	return list
}

// nearest is the place of pixel i, in float32 as TensorFlow and PyTorch have it.
func (p resize) nearest(i int, step float32) int {
	switch {
	case p.AlignCorners:
		return int(math.Round(float64(float32(i) * step)))
	case p.HalfPixelCenters:
		return int((float32(i) + 0.5) * step)
	}
	return int(float32(i) * step)
}
