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
	if cfg.DataFormat == ChannelsLast {
		return cfg.apply(s, x)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return cfg.DataFormat.fromLast(s, cfg.apply(s, cfg.DataFormat.toLast(s, x)))
	})
}

func (cfg LRNConfig) attrs() map[string]interface{} {
	return map[string]interface{}{"depth_radius": cfg.DepthRadius, "bias": cfg.Bias, "alpha": cfg.Alpha, "beta": cfg.Beta}
}

// apply is LRN of images with the channels last.
func (cfg LRNConfig) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "LRN",
		Attrs: cfg.attrs(),
		Infer: graph.SameFloat,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, lrn[float32](b, cfg), lrn[float64](b, cfg))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(cfg.gradient(s, grad, in[0]))
		},
	}, x)
}

// gradient is that for x. With base = bias + alpha*sum of squares:
//
//	dx = dy*base^-beta - 2*alpha*beta*x * (sum over the neighbours of dy*x*base^(-beta-1))
func (cfg LRNConfig) gradient(s *graph.Scope, dy, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "LRNGrad",
		Attrs: cfg.attrs(),
		Infer: sameTwo,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, lrnGrad[float32](b, cfg), lrnGrad[float64](b, cfg))
		},
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			dy, x := in[0], in[1]
			base := AddScalar(s, Scale(s, cfg.sum(s, Square(s, x)), cfg.Alpha), cfg.Bias)
			scaled := Mul(s, dy, Pow(s, base, graph.ConstOf(s, x.Dtype(), -cfg.Beta)))
			others := cfg.sum(s, Div(s, Mul(s, scaled, x), base))
			return only(Sub(s, scaled, Scale(s, Mul(s, x, others), 2*cfg.Alpha*cfg.Beta)))
		},
	}, dy, x)
}

// sum adds up neighbouring channels: as a mean of windows over images of one channel whose
// columns the channels are.
func (cfg LRNConfig) sum(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	size := 2*cfg.DepthRadius + 1
	one := [2]int{1, 1}
	p := meanOfWindows{"AvgPool", window2D{slidingWindow{strides: one, dilations: one, pads: [2][2]int{1: {cfg.DepthRadius, cfg.DepthRadius}}}, [2]int{1, size}}, true}
	planes := view(s, "Planes", nil, func(in []graph.Spec) (tensor.Shape, error) {
		d := in[0].Shape
		return tensor.Shape{sizeOrUnknown(d[:2]), d[2], d[3], 1}, nil
	}, x)
	return Scale(s, ReshapeLike(s, p.apply(s, planes), x), float64(size))
}
