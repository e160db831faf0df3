package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// LRNConfig configures LRN. The zero value is that of
// tf.nn.local_response_normalization. AlexNet has {DepthRadius: 2, Bias: 2,
// Alpha: 1e-4, Beta: 0.75}.
type LRNConfig struct {
	DepthRadius int     // channels on either side: default 5
	Bias        float64 // default 1, graph.Zero for none
	Alpha       float64 // default 1; PyTorch's is this times the number of channels, 2*DepthRadius + 1
	Beta        float64 // the exponent: default 0.5

	DataFormat DataFormat // default ChannelsLast
}

// LRN divides each element by a power of the sum of squares of the same pixel's
// neighbouring channels: local response normalisation, Krizhevsky, Sutskever and
// Hinton (2012), 3.3.
//
//	y[..., c] = x[..., c] / (bias + alpha * sum over k of x[..., k]^2)^beta, k from c - radius to c + radius
//
// where beyond the first and the last channel there is nothing. x is float32 or
// float64, [batch, height, width, channels], or [batch, channels, height, width]
// with ChannelsFirst; sizes may be unknown. PyTorch's local_response_norm(size, alpha) divides
// alpha by size, so that its alpha is ours times 2*radius + 1. The gradient is
// that of the formula.
//
// TF: tf.nn.local_response_normalization. PyTorch: torch.nn.functional.local_response_norm. Dtypes: float. Gradient: yes.
func LRN(s *graph.Scope, x *gorgonia.Node, cfg LRNConfig) *gorgonia.Node {
	const name = "LRN"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	if cfg.DepthRadius == 0 {
		cfg.DepthRadius = 5
	}
	for _, d := range []struct {
		field *float64
		value float64
	}{{&cfg.Bias, 1}, {&cfg.Alpha, 1}, {&cfg.Beta, 0.5}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	sp := graph.SpecOf(x)
	_, err := cfg.DataFormat.imagesOf(sp)
	switch {
	case graph.IsBad(x):
		err = errors.New("x could not be built")
	case !sp.IsFloat():
		err = errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", sp)
	case cfg.DepthRadius < 0:
		err = errors.Errorf("DepthRadius is %d; want 1 or more, or 0 for 5", cfg.DepthRadius)
	case !(cfg.Bias >= 0 && cfg.Alpha >= 0) || math.IsInf(cfg.Bias+cfg.Alpha, 0):
		err = errors.Errorf("Bias is %v and Alpha %v; want 0 (graph.Zero) or more", cfg.Bias, cfg.Alpha)
	case math.IsNaN(cfg.Beta) || math.IsInf(cfg.Beta, 0):
		err = errors.Errorf("Beta is %v; want a number", cfg.Beta)
	}
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, sp, err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		base := AddScalar(s, Scale(s, cfg.squares(s, x), cfg.Alpha), cfg.Bias)
		switch cfg.Beta { // without logarithms
		case 0.5:
			return Mul(s, x, Rsqrt(s, base))
		case 0.75:
			return Mul(s, Mul(s, x, Rsqrt(s, base)), Rsqrt(s, Sqrt(s, base)))
		case 1:
			return Div(s, x, base)
		}
		return Mul(s, x, Pow(s, base, graph.ConstOf(s, x.Dtype(), -cfg.Beta)))
	})
}

// squares adds up the squares of neighbouring channels: as a mean of windows, over
// images of which the channels are the rows in ChannelsFirst, and the columns in ChannelsLast.
func (cfg LRNConfig) squares(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	size, pads := 2*cfg.DepthRadius+1, [2]int{cfg.DepthRadius, cfg.DepthRadius}
	along := slide{size: size, stride: 1, dilation: 1, pads: pads}
	one := slide{size: 1, stride: 1, dilation: 1}
	over := window2D{ChannelsFirst, one, along}
	if cfg.DataFormat == ChannelsFirst {
		over.rows, over.cols = along, one
	}
	p := meanOfWindows{"AvgPool", over, true}
	planes := view(s, "Planes", nil, func(in []graph.Spec) (tensor.Shape, error) {
		d := in[0].Shape
		if cfg.DataFormat == ChannelsFirst {
			return tensor.Shape{d[0], 1, d[1], sizeOrUnknown(d[2:])}, nil
		}
		return tensor.Shape{sizeOrUnknown(d[:2]), 1, d[2], d[3]}, nil
	}, Square(s, x))
	return Scale(s, ReshapeLike(s, p.apply(s, planes), x), float64(size))
}
