package onnx

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// unary is an elementwise operator without parameters: it works in whatever layout its input has.
func unary(f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) { return c.pointwise(f) }
}

func (c *call) pointwise(f func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) ([]*value, error) {
	if c.has(0) && c.in[0].last != nil {
		return lastOne(f(c.s, c.in[0].last)), nil
	}
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	return one(f(c.s, x)), nil
}

// pairwise is an elementwise operator of two inputs that broadcast.
func pairwise(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) {
		if len(c.in) != 2 {
			return nil, errors.Errorf("it has %d inputs; want 2", len(c.in))
		}
		return c.variadic(f)
	}
}

// variadic applies f from left to right. Where an input is an image with the channels last, the others are turned alike
// if they have its axes.
func variadic(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) { return c.variadic(f) }
}

func (c *call) variadic(f func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node) ([]*value, error) {
	images, fit := false, true
	for i := range c.in {
		if !c.has(i) {
			return nil, errors.Errorf("input %d is missing", i)
		}
		images = images || c.in[i].last != nil && c.in[i].node == nil
		fit = fit && (c.rank(i) == 4 || c.shape(i).TotalSize() == 1 && c.rank(i) == 0)
	}
	var y *gorgonia.Node
	for i := range c.in {
		get := c.x
		if images && fit && c.rank(i) == 4 {
			get = c.image
		}
		x, err := get(i)
		if err != nil {
			return nil, err
		}
		if y == nil {
			y = x
		} else {
			y = f(c.s, y, x)
		}
	}
	if y == nil {
		return nil, errors.New("it has no inputs")
	}
	if images && fit {
		return lastOne(y), nil
	}
	return one(y), nil
}

// mean divides the sum of all inputs by their number.
func mean(c *call) ([]*value, error) {
	out, err := c.variadic(ops.Add)
	if err != nil {
		return nil, err
	}
	scale := func(x *gorgonia.Node) *gorgonia.Node {
		if x == nil {
			return nil
		}
		return ops.Scale(c.s, x, 1/float64(len(c.in)))
	}
	return []*value{{node: scale(out[0].node), last: scale(out[0].last)}}, nil
}

// clip takes its bounds from attributes, or, since opset 11, from inputs.
func clip(c *call) ([]*value, error) {
	lo, hi := c.float("min", math.Inf(-1)), c.float("max", math.Inf(1))
	for i, bound := range []*float64{&lo, &hi} {
		if !c.has(i + 1) {
			continue
		}
		v, err := c.numbers(i + 1)
		if err != nil {
			return nil, err
		}
		if len(v) != 1 {
			return nil, errors.Errorf("a bound has %d elements; want 1", len(v))
		}
		*bound = v[0]
	}
	return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		if sp := graph.SpecOf(x); !sp.IsFloat() {
			bound := func(v float64) *gorgonia.Node { return ops.Cast(s, graph.Const(s, v), sp.Dtype) }
			if !math.IsInf(hi, 0) {
				x = ops.Minimum(s, x, bound(hi))
			}
			if !math.IsInf(lo, 0) {
				x = ops.Maximum(s, x, bound(lo))
			}
			return x
		}
		return ops.ClipByValue(s, x, lo, hi)
	})
}

// cast changes the dtype; of 16-bit floats and small integers there are none, so it is that which holds them.
func cast(c *call) ([]*value, error) {
	dt, ok := dtypes[int64(c.int("to", 0))].Working()
	if !ok {
		return nil, errors.Errorf("it casts to the data type %d; want floats, integers or bool", c.int("to", 0))
	}
	return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		if graph.SpecOf(x).Dtype == dt {
			return x
		}
		return ops.Cast(s, x, dt)
	})
}

// pRelu has slopes that broadcast; those of channels are a variable.
func pRelu(c *call) ([]*value, error) {
	return c.variadic(func(s *graph.Scope, x, slope *gorgonia.Node) *gorgonia.Node {
		zero := graph.ConstOf(s, graph.SpecOf(x).Dtype, 0)
		return ops.Add(s, ops.Maximum(s, x, zero), ops.Mul(s, slope, ops.Minimum(s, x, zero)))
	})
}

// dropout is a layer that follows network.Config's Training. Without that it passes its input on, with a mask of all.
func dropout(c *call) ([]*value, error) {
	rate := []float64{c.float("ratio", 0.5)}
	if c.has(1) {
		var err error
		if rate, err = c.numbers(1); err != nil {
			return nil, err
		}
	}
	if len(rate) != 1 {
		return nil, errors.Errorf("the ratio has %d elements; want 1", len(rate))
	}
	if training := c.im.cfg.Training; training != nil && len(c.Outputs) < 2 {
		return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.Dropout(s, x, rate[0], training) })
	}
	if c.has(2) && rate[0] > 0 {
		training, err := c.known(2)
		if err != nil {
			return nil, err
		}
		if training.Dtype() != tensor.Bool || training.Shape().TotalSize() != 1 {
			return nil, errors.Errorf("training_mode is %v%v; want one bool", training.Dtype(), training.Shape())
		}
		if (graph.Values{training}).Bools(0)[0] {
			return nil, errors.New("dropout in training is not supported without network.Config's Training, nor its mask; want that, or a model that was exported for inference")
		}
	}
	out, err := same(c)
	if err != nil || len(c.Outputs) < 2 {
		return out, err
	}
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	return append(out, one(ops.Cast(c.s, graph.OnesLike(c.s, x), tensor.Bool))...), nil
}

// same passes its input on, stored or computed.
func same(c *call) ([]*value, error) {
	if !c.has(0) {
		return nil, errors.New("its input is missing")
	}
	v := *c.in[0]
	return []*value{&v}, nil
}

// with gives an activation its parameter.
func with(attribute string, otherwise float64, f func(s *graph.Scope, x *gorgonia.Node, p float64) *gorgonia.Node) operator {
	return func(c *call) ([]*value, error) {
		p := c.float(attribute, otherwise)
		return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return f(s, x, p) })
	}
}

func hardSigmoid(c *call) ([]*value, error) {
	return c.pointwise(ops.HardSigmoidWith(c.float("alpha", 0.2), c.float("beta", 0.5)))
}

// selu is ops.SELU for its own numbers, and made of ELU for others.
func selu(c *call) ([]*value, error) {
	alpha, gamma := c.float("alpha", 1.67326319217681884765625), c.float("gamma", 1.05070102214813232421875)
	return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Scale(s, ops.ELU(s, x, alpha), gamma)
	})
}

func thresholded(s *graph.Scope, x *gorgonia.Node, alpha float64) *gorgonia.Node {
	return ops.Threshold(s, x, alpha, 0)
}

func where(c *call) ([]*value, error) {
	var x [3]*gorgonia.Node
	for i := range x {
		var err error
		if x[i], err = c.x(i); err != nil {
			return nil, err
		}
	}
	return one(ops.Where(c.s, x[0], x[1], x[2])), nil
}

// constant is a stored value.
func constant(c *call) ([]*value, error) {
	for name, a := range c.Attributes {
		switch {
		case name == "value" && a.Tensor != nil:
			return []*value{{tensor: a.Tensor}}, nil
		case name == "value_float":
			return one(graph.Const(c.s, a.Float)), nil
		case name == "value_int":
			return one(graph.Const(c.s, a.Int)), nil
		case name == "value_floats":
			return one(graph.Const(c.s, tensor.New(tensor.WithShape(len(a.Floats)), tensor.WithBacking(a.Floats)))), nil
		case name == "value_ints":
			return one(graph.Const(c.s, tensor.New(tensor.WithShape(len(a.Ints)), tensor.WithBacking(a.Ints)))), nil
		}
	}
	return nil, errors.New("it has no value that is a tensor or numbers")
}

func castLike(c *call) ([]*value, error) {
	like, err := c.x(1)
	if err != nil {
		return nil, err
	}
	dt := graph.SpecOf(like).Dtype
	return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		if graph.SpecOf(x).Dtype == dt {
			return x
		}
		return ops.Cast(s, x, dt)
	})
}

// mod has the sign of the divisor, or with fmod of the dividend.
func mod(c *call) ([]*value, error) {
	if c.int("fmod", 0) == 0 {
		return c.variadic(ops.Mod)
	}
	return c.variadic(func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
		return ops.Mul(s, ops.Sign(s, a), ops.Mod(s, ops.Abs(s, a), ops.Abs(s, b)))
	})
}

// power may have operands of two dtypes; the result has the first's.
func power(c *call) ([]*value, error) {
	return c.variadic(func(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
		dt := graph.SpecOf(a).Dtype
		if graph.SpecOf(b).Dtype == dt && graph.SpecOf(a).IsFloat() {
			return ops.Pow(s, a, b)
		}
		if graph.SpecOf(a).IsFloat() {
			return ops.Pow(s, a, ops.Cast(s, b, dt))
		}
		f64 := func(x *gorgonia.Node) *gorgonia.Node {
			if graph.SpecOf(x).Dtype == tensor.Float64 {
				return x
			}
			return ops.Cast(s, x, tensor.Float64)
		}
		return ops.Cast(s, ops.Pow(s, f64(a), f64(b)), dt)
	})
}

// infinite tells of infinities, of one sign where the attributes say so.
func infinite(c *call) ([]*value, error) {
	negative, positive := c.int("detect_negative", 1) != 0, c.int("detect_positive", 1) != 0
	return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		y := ops.IsInf(s, x)
		zero := graph.ConstOf(s, graph.SpecOf(x).Dtype, 0)
		if !negative {
			y = ops.LogicalAnd(s, y, ops.Greater(s, x, zero))
		}
		if !positive {
			y = ops.LogicalAnd(s, y, ops.Less(s, x, zero))
		}
		return y
	})
}

func shrink(c *call) ([]*value, error) {
	bias, lambda := c.float("bias", 0), c.float("lambd", 0.5)
	return c.pointwise(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		at := func(v float64) *gorgonia.Node { return graph.ConstOf(s, graph.SpecOf(x).Dtype, v) }
		zero := ops.Scale(s, x, 0)
		below := ops.Where(s, ops.Less(s, x, at(-lambda)), ops.AddScalar(s, x, bias), zero)
		return ops.Where(s, ops.Greater(s, x, at(lambda)), ops.AddScalar(s, x, -bias), below)
	})
}
