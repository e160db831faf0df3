package onnx

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Of integers of 8 bits there is only uint8 in graphs: int8 is int32 there. Products of integers are computed in float64, where they are exact.

// limits are the least and the greatest number of the type of input i, which must be of 8 bits: wider and narrower ones came with opset 21.
func (c *call) limits(i int) (lo, hi float64, err error) {
	unsigned := true
	switch {
	case !c.has(i): // uint8 by default
	case c.in[i].tensor != nil:
		dt := c.in[i].tensor.DType
		if unsigned = dt == weights.Uint8; !unsigned && dt != weights.Int8 {
			return 0, 0, errors.Errorf("it quantizes to %v; want int8 or uint8", dt)
		}
	case c.in[i].node != nil:
		unsigned = graph.SpecOf(c.in[i].node).Dtype == tensor.Uint8
	}
	if unsigned {
		return 0, 255, nil
	}
	return -128, 127, nil
}

// wholeAxes is an error for attributes of opset 21 that are not supported: scales of blocks along an axis, and a type without a zero point.
func (c *call) wholeAxes() error {
	if n := c.int("block_size", 0); n != 0 {
		return errors.Errorf("scales of blocks of %d elements are not supported; want one scale, or one for each element of an axis", n)
	}
	if n := c.int("output_dtype", 0); n != 0 {
		return errors.Errorf("the output_dtype %d is not supported; want the type of the zero point", n)
	}
	return nil
}

// spread gives a list, such as the scales of channels, the place of an axis of input 0.
func (c *call) spread(x *gorgonia.Node, at, rank int) (*gorgonia.Node, error) {
	if sp := graph.SpecOf(x); sp.Rank() != 1 || sp.Shape[0] == 1 {
		return ops.Reshape(c.s, x), nil
	} else if at >= rank {
		return nil, errors.Errorf("a list %v for a tensor of %d axes; want one number", sp, rank)
	}
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = 1
	}
	shape[at] = -1
	return ops.Reshape(c.s, x, shape...), nil
}

// as is input i in another dtype, with a list at an axis of rank; nil where it is left out.
func (c *call) as(i int, dt tensor.Dtype, at, rank int) (*gorgonia.Node, error) {
	if !c.has(i) {
		return nil, nil
	}
	x, err := c.x(i)
	if err != nil {
		return nil, err
	}
	if graph.SpecOf(x).Rank() <= 1 && i > 0 {
		if x, err = c.spread(x, at, rank); err != nil {
			return nil, err
		}
	}
	return ops.Cast(c.s, x, dt), nil
}

// quantized rounds x, which is in steps, adds the zero point and keeps what the type of input i holds.
func (c *call) quantized(x, zero *gorgonia.Node, i int) (*gorgonia.Node, error) {
	lo, hi, err := c.limits(i)
	if err != nil {
		return nil, err
	}
	x = ops.Round(c.s, x)
	if zero != nil {
		x = ops.Add(c.s, x, zero)
	}
	dt := tensor.Int32
	if lo == 0 {
		dt = tensor.Uint8
	}
	return ops.Cast(c.s, ops.ClipByValue(c.s, x, lo, hi), dt), nil
}

// axisOr0 is the attribute, for what lies in lists; 0 of tensors that have no such axis.
func (c *call) axisOr0() (at, rank int, err error) {
	if !c.has(0) {
		return 0, 0, errors.New("input 0 is missing")
	}
	rank = c.rank(0)
	if at = c.int("axis", 1); at >= rank && c.Attributes["axis"].Type == Other || rank == 0 {
		return 0, rank, nil
	}
	at, err = axis(at, rank)
	return at, rank, err
}

func quantizeLinear(c *call) ([]*value, error) {
	if err := c.wholeAxes(); err != nil {
		return nil, err
	}
	at, rank, err := c.axisOr0()
	if err != nil {
		return nil, err
	}
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	dt := graph.SpecOf(x).Dtype
	if !graph.SpecOf(x).IsFloat() {
		dt = tensor.Float32
		x = ops.Cast(c.s, x, dt)
	}
	scale, err := c.as(1, dt, at, rank)
	if err != nil {
		return nil, err
	}
	zero, err := c.as(2, dt, at, rank)
	if err != nil {
		return nil, err
	}
	if scale == nil {
		return nil, errors.New("its scale is missing")
	}
	y, err := c.quantized(ops.Div(c.s, x, scale), zero, 2)
	return one(y), err
}

// dequantizeLinear leaves a stored tensor of one scale stored, so that a layer can make a variable of it.
func dequantizeLinear(c *call) ([]*value, error) {
	if err := c.wholeAxes(); err != nil {
		return nil, err
	}
	at, rank, err := c.axisOr0()
	if err != nil {
		return nil, err
	}
	if t := c.weight(0); t != nil && t.Scale == 0 && c.weight(1) != nil && (!c.has(2) || c.weight(2) != nil) {
		scale, err := c.numbers(1)
		if err != nil {
			return nil, err
		}
		zero := []float64{0}
		if c.has(2) {
			if zero, err = c.smallNumbers(2); err != nil {
				return nil, err
			}
		}
		if len(scale) == 1 && len(zero) == 1 && scale[0] != 0 {
			q := *t
			q.Scale, q.Min = scale[0], -zero[0]*scale[0]
			return []*value{{tensor: &q}}, nil
		}
	}
	x, err := c.as(0, tensor.Float32, at, rank)
	if err != nil {
		return nil, err
	}
	scale, err := c.as(1, tensor.Float32, at, rank)
	if err != nil {
		return nil, err
	}
	if zero, err := c.as(2, tensor.Float32, at, rank); err != nil {
		return nil, err
	} else if zero != nil {
		x = ops.Sub(c.s, x, zero)
	}
	if scale == nil {
		return nil, errors.New("its scale is missing")
	}
	return one(ops.Mul(c.s, x, scale)), nil
}

// smallNumbers are numbers, of which bytes are some too.
func (c *call) smallNumbers(i int) ([]float64, error) {
	x, err := c.x(i)
	if err != nil {
		return nil, err
	}
	as := *c
	as.in = []*value{{node: ops.Cast(c.s, x, tensor.Float64)}}
	return as.numbers(0)
}

// dynamicQuantizeLinear spreads what x has, 0 included, over 0 to 255.
func dynamicQuantizeLinear(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	s := c.s
	zero := graph.ConstOf(s, graph.SpecOf(x).Dtype, 0)
	least, most := ops.Minimum(s, ops.Min(s, x), zero), ops.Maximum(s, ops.Max(s, x), zero)
	scale := ops.Scale(s, ops.Sub(s, most, least), 1.0/255)
	point := ops.ClipByValue(s, ops.Round(s, ops.Neg(s, ops.Div(s, least, scale))), 0, 255)
	y, err := c.quantized(ops.Div(s, x, scale), point, 3)
	return []*value{{node: y}, {node: scale}, {node: ops.Cast(s, point, tensor.Uint8)}}, err
}

// exact is input i less its zero point, input z, in float64, with a list of points at an axis.
func (c *call) exact(i, z, at int) (*gorgonia.Node, error) {
	if !c.has(i) {
		return nil, errors.Errorf("input %d is missing", i)
	}
	x, err := c.x(i)
	if err != nil {
		return nil, err
	}
	x = ops.Cast(c.s, x, tensor.Float64)
	rank := graph.SpecOf(x).Rank()
	if at < 0 {
		at += rank
	}
	if at < 0 || at >= rank {
		return nil, errors.Errorf("input %d has %d axes", i, rank)
	}
	zero, err := c.as(z, tensor.Float64, at, rank)
	if err != nil || zero == nil {
		return x, err
	}
	return ops.Sub(c.s, x, zero), nil
}

func matMulInteger(c *call) ([]*value, error) {
	a, err := c.exact(0, 2, -2)
	if err != nil {
		return nil, err
	}
	b, err := c.exact(1, 3, -1)
	if err != nil {
		return nil, err
	}
	return one(ops.Cast(c.s, ops.MatMul(c.s, a, b), tensor.Int32)), nil
}

// exactConv is the convolution of inputs x and w, less their zero points.
func (c *call) exactConv(x, xZero, w, wZero int) (*gorgonia.Node, error) {
	images, err := c.exact(x, xZero, 1)
	if err != nil {
		return nil, err
	}
	kernel, err := c.exact(w, wZero, 0)
	if err != nil {
		return nil, err
	}
	inner := *c
	inner.in = []*value{{node: images}, {node: kernel}}
	out, err := sequences(conv)(&inner)
	if err != nil {
		return nil, err
	}
	return c.im.first(out[0])
}

func convInteger(c *call) ([]*value, error) {
	y, err := c.exactConv(0, 2, 1, 3)
	if err != nil {
		return nil, err
	}
	return one(ops.Cast(c.s, y, tensor.Int32)), nil
}

// rescaled divides y, a product of inputs whose scales are a and b, by the scale of the result, and quantizes it. Lists of scales have the place of an axis.
func (c *call) rescaled(y *gorgonia.Node, a, b, to, zero, at int) ([]*value, error) {
	rank := graph.SpecOf(y).Rank()
	if at < 0 {
		at += rank
	}
	var p [4]*gorgonia.Node
	for k, i := range []int{a, b, to, zero} {
		var err error
		if p[k], err = c.as(i, tensor.Float64, at, rank); err != nil {
			return nil, err
		}
		if p[k] == nil {
			return nil, errors.Errorf("input %d is missing", i)
		}
	}
	q, err := c.quantized(ops.Mul(c.s, y, ops.Div(c.s, ops.Mul(c.s, p[0], p[1]), p[2])), p[3], zero)
	return one(q), err
}

func qLinearMatMul(c *call) ([]*value, error) {
	a, err := c.exact(0, 2, -2)
	if err != nil {
		return nil, err
	}
	b, err := c.exact(3, 5, -1)
	if err != nil {
		return nil, err
	}
	return c.rescaled(ops.MatMul(c.s, a, b), 1, 4, 6, 7, -1)
}

func qLinearConv(c *call) ([]*value, error) {
	y, err := c.exactConv(0, 2, 3, 5)
	if err != nil {
		return nil, err
	}
	if bias, err := c.as(8, tensor.Float64, 1, graph.SpecOf(y).Rank()); err != nil {
		return nil, err
	} else if bias != nil {
		y = ops.Add(c.s, y, bias)
	}
	return c.rescaled(y, 1, 4, 6, 7, 1)
}
