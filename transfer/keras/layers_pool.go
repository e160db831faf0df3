package keras

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// pool is what pools have in common.
type pool struct {
	size, strides []int
	padding       ops.Padding
	format        ops.DataFormat
}

func (o *options) pool(axes int) pool {
	v := pool{size: o.sizes("pool_size", axes, 2), format: o.format()}
	if v.strides = v.size; o.has("strides") {
		v.strides = o.sizes("strides", axes, 1)
	}
	v.padding, _ = o.padding(false)
	return v
}

func pool1D(f func(s *graph.Scope, x *gorgonia.Node, cfg ops.Pool1DConfig) *gorgonia.Node) read {
	return func(o *options) build {
		v := o.pool(1)
		return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
			if err := rank(x, 3); err != nil {
				return nil, err
			}
			return f(c.s, x, ops.Pool1DConfig{Size: v.size[0], Stride: v.strides[0], Padding: v.padding, DataFormat: v.format}), nil
		})
	}
}

func readMaxPooling2D(o *options) build {
	v := o.pool(2)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, 4); err != nil {
			return nil, err
		}
		return ops.MaxPool2D(c.s, x, ops.MaxPool2DConfig{Size: pair(v.size), Strides: pair(v.strides), Padding: v.padding, DataFormat: v.format}), nil
	})
}

func readAveragePooling2D(o *options) build {
	v := o.pool(2)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, 4); err != nil {
			return nil, err
		}
		return ops.AvgPool2D(c.s, x, ops.AvgPool2DConfig{Size: pair(v.size), Strides: pair(v.strides), Padding: v.padding, DataFormat: v.format}), nil
	})
}

// globalPool pools all axes but those of the batch and the channels of an input of so many axes.
func globalPool(axes int, drop, keep func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node) read {
	return func(o *options) build {
		f, first := drop, 1
		if o.flag("keepdims", false) {
			f = keep
		}
		if o.format() == ops.ChannelsFirst {
			first = 2
		}
		return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
			if err := rank(x, axes); err != nil {
				return nil, err
			}
			pooled := []int{first, first + 1}
			return f(c.s, x, pooled[:axes-2]...), nil
		})
	}
}
