package keras

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// activations are functions by their names in Keras; nil is the identity. hard_sigmoid is beside them, since there are two.
var activations = map[string]ops.Activation{
	"linear": nil, "relu": ops.ReLU, "relu6": ops.ReLU6, "elu": ops.ELUWith(1), "selu": ops.SELU, "celu": ops.CELUWith(1), "gelu": ops.GELU, "gelu_new": ops.GELUTanh,
	"leaky_relu": ops.LeakyReLUWith(0.2), "silu": ops.SiLU, "swish": ops.SiLU, "mish": ops.Mish, "hard_silu": ops.HardSwish, "hard_swish": ops.HardSwish,
	"softplus": ops.Softplus, "softsign": ops.Softsign, "sigmoid": ops.Sigmoid, "log_sigmoid": ops.LogSigmoid, "tanh": ops.Tanh, "hard_tanh": ops.HardTanhWith(-1, 1),
	"exponential": ops.Exp, "softmax": ops.Softmax, "log_softmax": ops.LogSoftmax, "logSoftmax": ops.LogSoftmax, "sparsemax": ops.Sparsemax,
}

// activation reads a function's name, or an object that wraps a name or is a layer that is a function.
func (o *options) activation(key, otherwise string) ops.Activation {
	name := otherwise
	if o.has(key) && o.decode(o.fields[key], &name) != nil {
		var f object
		if err := o.decode(o.fields[key], &f); err != nil {
			o.fail("%s is %.100s; want a function's name", key, o.fields[key])
			return nil
		}
		name = f.Class
		if o.decode(f.Config, &name) != nil && activationLayers[f.Class] != nil {
			inner := o.within(nil)
			if err := inner.decodeFields(f.Config); err != nil {
				o.fail("%s is %.100s; want a layer that is a function", key, o.fields[key])
				return nil
			}
			activation := activationLayers[f.Class](inner)
			o.takeOver(inner)
			return activation
		}
	}
	if name == "hard_sigmoid" || name == "hardSigmoid" {
		if o.version < 3 {
			return ops.HardSigmoidWith(0.2, 0.5)
		}
		return ops.HardSigmoid
	}
	f, ok := activations[name]
	if !ok {
		o.refuse("activation " + name)
	}
	return f
}

// activationLayers are layers that apply a function and have no weights.
var activationLayers = map[string]func(o *options) ops.Activation{
	"ReLU": readReLU,
	"LeakyReLU": func(o *options) ops.Activation {
		return ops.LeakyReLUWith(o.number("negative_slope", o.number("alpha", 0.3)))
	},
	"ELU":             func(o *options) ops.Activation { return ops.ELUWith(o.number("alpha", 1)) },
	"ThresholdedReLU": func(o *options) ops.Activation { return ops.ThresholdWith(o.number("theta", 1), 0) },
	"Softmax":         readSoftmax,
}

// readReLU reads max(x, 0) in Keras' general form: max_value where x is that or more, x from the threshold on, and below that
// negative_slope*(x - threshold).
func readReLU(o *options) ops.Activation {
	most, slope, threshold := math.Inf(1), o.number("negative_slope", 0), o.number("threshold", 0)
	if o.has("max_value") {
		most = o.number("max_value", 0)
	}
	switch {
	case !(most >= 0) || !(slope >= 0) || math.IsInf(slope, 0):
		o.fail("max_value is %v and negative_slope %v; want numbers of 0 or more", most, slope)
	case threshold == 0 && slope == 0 && most == 6:
		return ops.ReLU6
	case threshold == 0 && slope == 0 && math.IsInf(most, 1):
		return ops.ReLU
	}
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		y := x
		switch {
		case threshold == 0 && slope == 0:
			y = ops.ReLU(s, x)
		case threshold == 0:
			y = ops.LeakyReLU(s, x, slope)
		default:
			bound := graph.ConstOf(s, graph.SpecOf(x).Dtype, threshold)
			y = ops.Where(s, ops.GreaterEqual(s, x, bound), x, ops.Scale(s, ops.AddScalar(s, x, -threshold), slope))
		}
		if !math.IsInf(most, 1) {
			y = ops.Minimum(s, y, graph.ConstOf(s, graph.SpecOf(x).Dtype, most))
		}
		return y
	}
}

// readSoftmax reads a softmax along an axis, or several.
func readSoftmax(o *options) ops.Activation {
	axes := o.integers("axis")
	if len(axes) > 1 {
		o.refuse("Softmax along several axes")
	}
	axis := -1
	if len(axes) == 1 {
		axis = axes[0]
	}
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		rank := graph.SpecOf(x).Rank()
		if axis < -rank || axis >= rank {
			return s.Failf("softmax", gorgonia.Nodes{x}, "axis is %d; its input is %v", axis, graph.SpecOf(x))
		}
		to, back := axisLast(rank, axis)
		if to == nil {
			return ops.Softmax(s, x)
		}
		return ops.Transpose(s, ops.Softmax(s, ops.Transpose(s, x, to...)), back...)
	}
}

// axisLast returns the order of axes that puts one last, and the one that puts it back; nil where it is last already or is none of them.
func axisLast(rank, axis int) (to, back []int) {
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis >= rank-1 {
		return nil, nil
	}
	to, back = make([]int, 0, rank), make([]int, rank)
	for a := range rank {
		if a != axis {
			to = append(to, a)
		}
	}
	to = append(to, axis)
	for i, a := range to {
		back[a] = i
	}
	return to, back
}

func readActivation(o *options) build { return pointwise(o.activation("activation", "linear")) }
