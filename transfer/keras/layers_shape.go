package keras

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// readFlatten makes rows. Images that have the channels first are put with the channels last before that, so that the weights of a Dense that follows
// serve both layouts.
func readFlatten(o *options) build {
	format := o.format()
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		n := graph.SpecOf(x).Rank()
		if n < 2 {
			return ops.ExpandDims(c.s, x, 1), nil
		}
		if to, _ := axisLast(n, 1); format == ops.ChannelsFirst && to != nil {
			x = ops.Transpose(c.s, x, to...)
		}
		return ops.Flatten(c.s, x), nil
	})
}

func readReshape(o *options) build {
	var shape []*int // TensorFlow.js writes null for -1
	if o.value("target_shape", "sizes", &shape); !o.has("target_shape") {
		o.fail("target_shape is missing")
	}
	target := make([]int, len(shape))
	for i, d := range shape {
		if target[i] = -1; d != nil {
			target[i] = *d
		}
		if target[i] < -1 || target[i] > mostElements {
			o.fail("target_shape is %.100s; want sizes, or -1 for one that follows", o.fields["target_shape"])
		}
	}
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		all := append([]int{-1}, target...)
		if free := slices.Index(target, -1); free >= 0 { // one size follows in Reshape, and that is the batch's
			known, err := sizes(x)
			if err != nil {
				return nil, err
			}
			rest := elements(target)
			if total := known.TotalSize(); rest < 1 || float64(total/int(rest))*rest != float64(total) {
				return nil, errors.Errorf("target_shape is %v; its input is %v", target, graph.SpecOf(x))
			}
			all[1+free] = known.TotalSize() / int(rest)
		}
		if slices.Contains(all[1:], -1) {
			return nil, errors.Errorf("target_shape is %v; want at most one -1", target)
		}
		return ops.Reshape(c.s, x, all...), nil
	})
}

// readPermute counts axes from 1 on, the first after the batch.
func readPermute(o *options) build {
	dims := o.integers("dims")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, len(dims)+1); err != nil {
			return nil, errors.WithMessagef(err, "dims is %v", dims)
		}
		return ops.Transpose(c.s, x, append([]int{0}, dims...)...), nil
	})
}

func readRepeatVector(o *options) build {
	n := o.count("n")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, 2); err != nil {
			return nil, err
		}
		return ops.Repeat(c.s, ops.ExpandDims(c.s, x, 1), n, 1), nil
	})
}

// spatialFirst is the first axis of images that is neither the batch nor the channels.
func spatialFirst(format ops.DataFormat) int {
	if format == ops.ChannelsFirst {
		return 2
	}
	return 1
}

func zeroPadding(axes int) read {
	return func(o *options) build {
		margins, first := o.margins("padding", axes, 1), spatialFirst(o.format())
		return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
			if err := rank(x, axes+2); err != nil {
				return nil, err
			}
			pads := make([][2]int, axes+2)
			copy(pads[first:], margins)
			return ops.Pad(c.s, x, pads, 0), nil
		})
	}
}

func cropping(axes int) read {
	return func(o *options) build {
		otherwise := 0
		if axes == 1 {
			otherwise = 1
		}
		margins, first := o.margins("cropping", axes, otherwise), spatialFirst(o.format())
		return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
			if err := rank(x, axes+2); err != nil {
				return nil, err
			}
			begin, end := slices.Repeat([]int{ops.Open}, axes+2), slices.Repeat([]int{ops.Open}, axes+2)
			for a, m := range margins {
				if d := graph.SpecOf(x).Shape[first+a]; d >= 0 && d <= m[0]+m[1] {
					return nil, errors.Errorf("cropping is %v; its input is %v", margins, graph.SpecOf(x))
				}
				if begin[first+a] = m[0]; m[1] > 0 {
					end[first+a] = -m[1]
				}
			}
			return ops.StridedSlice(c.s, x, begin, end, nil), nil
		})
	}
}

func readUpSampling1D(o *options) build {
	size := o.sizes("size", 1, 2)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, 3); err != nil {
			return nil, err
		}
		return ops.Repeat(c.s, x, size[0], 1), nil
	})
}

func readUpSampling2D(o *options) build {
	size, format, bilinear := o.sizes("size", 2, 2), o.format(), false
	switch how := o.text("interpolation", "nearest"); how {
	case "nearest":
	case "bilinear":
		bilinear = true
	default:
		o.refuse("UpSampling2D by interpolation " + how)
	}
	legacy := bilinear && o.js // pixels have no extent there
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, 4); err != nil {
			return nil, err
		}
		if !legacy {
			return ops.Upsample(c.s, x, ops.UpsampleConfig{Scale: pair(size), Bilinear: bilinear, DataFormat: format}), nil
		}
		known, first := graph.SpecOf(x).Shape, spatialFirst(format)
		height, width := known[first], known[first+1]
		if height < 0 || width < 0 {
			return nil, errors.Errorf("its input is %v; bilinear interpolation of TensorFlow.js wants a known height and width", graph.SpecOf(x))
		}
		return ops.ResizeBilinear(c.s, x, height*size[0], width*size[1], ops.ResizeConfig{DataFormat: format}), nil
	})
}
