package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// GlobalPoolConfig configures GlobalAvgPool and GlobalMaxPool.
type GlobalPoolConfig struct {
	KeepDims   bool       // keep height and width, of size 1
	DataFormat DataFormat // default ChannelsLast
}

// GlobalAvgPool is the mean of each channel of each image: Lin, Chen and Yan,
// "Network in network" (2013).
//
//	NHWC [batch, height, width, channels] -> [batch, channels]
//
// or [batch, 1, 1, channels] with KeepDims, [batch, channels, 1, 1] in ChannelsFirst. x is
// float32 or float64 of rank 4; sizes may be unknown. Of no pixels it is NaN. The
// gradient is that of Mean.
//
// TF: tf.keras.layers.GlobalAveragePooling2D. PyTorch: torch.nn.AdaptiveAvgPool2d(1). Dtypes: float. Gradient: yes.
func GlobalAvgPool(s *graph.Scope, x *gorgonia.Node, cfg GlobalPoolConfig) *gorgonia.Node {
	return cfg.pool(s, x, "GlobalAvgPool", Mean, MeanKeep)
}

// GlobalMaxPool is the greatest element of each channel of each image, NaN
// where there is one. Shapes are those of GlobalAvgPool. The gradient is that of Max:
// divided equally among the elements that are the maximum.
//
// TF: tf.keras.layers.GlobalMaxPooling2D. PyTorch: torch.nn.AdaptiveMaxPool2d(1). Dtypes: float. Gradient: yes.
func GlobalMaxPool(s *graph.Scope, x *gorgonia.Node, cfg GlobalPoolConfig) *gorgonia.Node {
	return cfg.pool(s, x, "GlobalMaxPool", Max, MaxKeep)
}

func (cfg GlobalPoolConfig) pool(s *graph.Scope, x *gorgonia.Node, name string,
	reduce, keep func(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node) *gorgonia.Node {
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	_, err := cfg.DataFormat.imagesOf(sp)
	switch {
	case graph.IsBad(x):
		err = errors.New("x could not be built")
	case !sp.IsFloat():
		err = errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", sp)
	}
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, sp, err)
	}
	if cfg.KeepDims {
		reduce = keep
	}
	return reduce(s, x, cfg.DataFormat.spatial()...)
}
