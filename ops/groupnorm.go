package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// GroupNormConfig configures GroupNorm. The zero value is that of
// tf.contrib.layers.group_norm.
type GroupNormConfig struct {
	// Groups is the number of groups of neighbouring channels, which must divide
	// that of the channels: default 32.
	Groups int
	// Epsilon is added to the variance: default 1e-6, not negative.
	// torch.nn.GroupNorm has 1e-5.
	Epsilon float64

	NoCenter bool // without beta
	NoScale  bool // without gamma

	Gamma graph.Initializer // default ones
	Beta  graph.Initializer // default zeros

	// NotTrainable keeps gamma and beta out of TrainableVariables.
	NotTrainable bool

	DataFormat DataFormat // default ChannelsLast
}

// GroupNorm normalises each group of channels of each example by its own mean and
// variance, then scales each channel by gamma and shifts it by beta: Wu and
// He (2018).
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// x is float32 or float64, [batch, ..., channels], or [batch, channels, ...] with
// ChannelsFirst, of rank 2 or more; the number of channels must be known. Mean and (biased)
// variance are those of a group's channels over all pixels, in training and in
// inference alike, so that an example's result does not depend on the batch.
//
// The variables, directly in s, the layer's scope, are gamma (from 1) and beta
// (from 0), both [channels]. The gradients, fused and taken through mean and
// variance, are for x, gamma and beta. A group of equal elements gives beta.
//
// TF: tf.contrib.layers.group_norm. PyTorch: torch.nn.GroupNorm. Dtypes: float. Gradient: yes.
func GroupNorm(s *graph.Scope, x *gorgonia.Node, cfg GroupNormConfig) *gorgonia.Node {
	if cfg.Groups == 0 {
		cfg.Groups = 32
	}
	return cfg.layer(s, x, "GroupNorm")
}

// layer makes variables and the op; 0 groups are one for each channel.
func (cfg GroupNormConfig) layer(s *graph.Scope, x *gorgonia.Node, name string) *gorgonia.Node {
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	fail := func(format string, args ...interface{}) *gorgonia.Node {
		return s.Fail(name, gorgonia.Nodes{x}, sp, errors.Errorf(format, args...))
	}
	if cfg.Epsilon == 0 {
		cfg.Epsilon = 1e-6
	}
	switch {
	case graph.IsBad(x):
		return fail("x could not be built")
	case !sp.IsFloat():
		return fail("x is %v; want float32 or float64 (ops.Cast converts)", sp)
	case !cfg.DataFormat.valid():
		return fail("%v", cfg.DataFormat.check())
	case sp.Rank() < 2:
		return fail("x is %v; want [batch, ..., channels], or [batch, channels, ...] with ChannelsFirst", sp)
	case !(cfg.Epsilon >= 0) || math.IsInf(cfg.Epsilon, 0):
		return fail("Epsilon is %v; want a small positive number", cfg.Epsilon)
	}
	channels := sp.Shape[cfg.DataFormat.channelAxis(sp.Rank())]
	if cfg.Groups == 0 {
		cfg.Groups = max(1, channels)
	}
	switch {
	case channels < 0:
		return fail("x is %v; the number of channels, axis %d in %v, must be known", sp, cfg.DataFormat.channelAxis(sp.Rank()), cfg.DataFormat)
	case cfg.Groups < 1 || channels%cfg.Groups != 0:
		return fail("x is %v, and Groups is %d; want a divisor of the number of channels, %d", sp, cfg.Groups, channels)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		gamma, beta := scaleAndShift{cfg.NoScale, cfg.NoCenter, cfg.Gamma, cfg.Beta, cfg.NotTrainable}.variables(s, sp.Dtype, tensor.Shape{channels})
		return groupNorm{name, cfg.Groups, cfg.Epsilon, cfg.DataFormat}.apply(s, x, gamma, beta)
	})
}

// groupNorm normalises groups of channels.
type groupNorm struct {
	name    string
	groups  int
	epsilon float64
	format  DataFormat
}

func (p groupNorm) attrs() map[string]interface{} {
	return map[string]interface{}{"groups": p.groups, "epsilon": p.epsilon, "data_format": p.format.String()}
}

// check tells whether gamma, and beta if given, have an element for each channel
// of x.
func (p groupNorm) check(x graph.Spec, params ...graph.Spec) error {
	for _, v := range params {
		if !x.IsFloat() || x.Rank() < 2 || v.Dtype != x.Dtype || v.Rank() != 1 ||
			!graph.Compatible(v.Shape, tensor.Shape{x.Shape[p.format.channelAxis(x.Rank())]}) {
			return errors.Errorf("x is %v and a parameter %v; want one dtype, and an element for each channel", x, v)
		}
	}
	return nil
}

func (p groupNorm) apply(s *graph.Scope, x, gamma, beta *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  p.name,
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) { return in[0], p.check(in[0], in[1], in[2]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, groupNormKernel[float32](b, p), groupNormKernel[float64](b, p))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dx := p.gradient(s, grad, in[0], in[1])
			return gorgonia.Nodes{dx, graph.Aux(s, dx, 0), graph.Aux(s, dx, 1)}
		},
	}, x, gamma, beta)
}

// gradient is that for x; its extra outputs are those for gamma and beta. With xhat
// = (x - mean)*inv, g = dy*gamma and means taken over a group:
//
//	dx = inv*(g - mean(g) - xhat*mean(g*xhat))
//	dgamma = sum(dy*xhat)
//	dbeta = sum(dy)
func (p groupNorm) gradient(s *graph.Scope, dy, x, gamma *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  p.name + "Grad",
		Attrs: p.attrs(),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in[:2])
			if err == nil {
				err = p.check(out, in[2])
			}
			return in[1], err
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) { return []graph.Spec{in[2], in[2]}, nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, groupNormGradKernel[float32](b, p), groupNormGradKernel[float64](b, p))
		},
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			gamma := p.perChannel(s, in[2], in[1])
			x, axes := p.split(s, in[1])
			g, _ := p.split(s, Mul(s, in[0], gamma))
			d := Sub(s, x, MeanKeep(s, x, axes...))
			inv := inverseDeviation(s, MeanKeep(s, Square(s, d), axes...), p.epsilon)
			xhat := Mul(s, d, inv)
			inner := Sub(s, Sub(s, g, MeanKeep(s, g, axes...)), Mul(s, xhat, MeanKeep(s, Mul(s, g, xhat), axes...)))
			product := Mul(s, in[0], ReshapeLike(s, xhat, in[1]))
			return gorgonia.Nodes{ReshapeLike(s, Mul(s, inv, inner), in[1]),
				ReshapeLike(s, SumTo(s, product, gamma), in[2]), ReshapeLike(s, SumTo(s, in[0], gamma), in[2])}
		},
	}, dy, x, gamma)
}

// split views x with axes of its own for groups, and lists those of a group.
func (p groupNorm) split(s *graph.Scope, x *gorgonia.Node) (*gorgonia.Node, []int) {
	axes := []int{2}
	if p.format == ChannelsLast {
		axes = []int{1, 3}
	}
	return view(s, "SplitGroups", p.attrs(), func(in []graph.Spec) (tensor.Shape, error) {
		d := in[0].Shape
		if p.format == ChannelsLast {
			last := len(d) - 1
			return tensor.Shape{d[0], sizeOrUnknown(d[1:last]), p.groups, d[last] / p.groups}, nil
		}
		return tensor.Shape{d[0], p.groups, sizeOrUnknown(append(tensor.Shape{d[1] / p.groups}, d[2:]...))}, nil
	}, x), axes
}

// perChannel views a vector so that it broadcasts along the channels of x.
func (p groupNorm) perChannel(s *graph.Scope, v, x *gorgonia.Node) *gorgonia.Node {
	if p.format == ChannelsLast {
		return v
	}
	return view(s, "PerChannel", nil, func(in []graph.Spec) (tensor.Shape, error) {
		shape := tensor.Shape{in[0].Shape[0]}
		for range in[1].Rank() - 2 {
			shape = append(shape, 1)
		}
		return shape, nil
	}, v, x)
}
