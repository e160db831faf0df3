package onnx

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// power2 are what comes before and behind a sum that is a norm of order 1 or 2.
func (c *call) power2() (before, behind func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node, err error) {
	switch p := c.int("p", 2); p {
	case 1:
		return ops.Abs, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return x }, nil
	case 2:
		return ops.Square, ops.Sqrt, nil
	default:
		return nil, nil, errors.Errorf("a norm of order %d is not supported; want 1 or 2", p)
	}
}

// lpPool is the norm of each window, which is its size times a mean.
func lpPool(c *call) ([]*value, error) {
	before, behind, err := c.power2()
	if err != nil {
		return nil, err
	}
	x, err := c.image(0)
	if err != nil {
		return nil, err
	}
	w, err := c.window(c.list("kernel_shape"))
	if err != nil {
		return nil, err
	}
	if w.dilations != [2]int{1, 1} || c.int("ceil_mode", 0) != 0 {
		return nil, errors.New("norms of windows with dilations or ceil_mode are not supported")
	}
	y := ops.AvgPool2D(c.s, before(c.s, x), ops.AvgPool2DConfig{Size: w.size, Strides: w.strides, Padding: w.padding, Pads: w.pads, CountPadding: true})
	return lastOne(behind(c.s, ops.Scale(c.s, y, float64(w.size[0]*w.size[1])))), nil
}

func globalLpPool(c *call) ([]*value, error) {
	before, behind, err := c.power2()
	if err != nil {
		return nil, err
	}
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	var axes []int
	for a := 2; a < c.rank(0); a++ {
		axes = append(axes, a)
	}
	if axes == nil {
		return nil, errors.Errorf("x has %d axes; want [batch, channels, ...]", c.rank(0))
	}
	return one(behind(c.s, ops.SumKeep(c.s, before(c.s, x), axes...))), nil
}

// lpNormalization divides by the norm along an axis.
func lpNormalization(c *call) ([]*value, error) {
	before, behind, err := c.power2()
	if err != nil {
		return nil, err
	}
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	at, err := c.axisOf(-1)
	if err != nil {
		return nil, err
	}
	return one(ops.Div(c.s, x, behind(c.s, ops.SumKeep(c.s, before(c.s, x), at)))), nil
}

// groupNormalization normalises groups of channels. Scale and shift are of each group before opset 21, and of each channel since.
func groupNormalization(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	groups, rank := c.int("num_groups", 0), c.rank(0)
	if groups < 1 || rank < 2 {
		return nil, errors.Errorf("%d groups of x with %d axes; want 1 group or more of [batch, channels, ...]", groups, rank)
	}
	gamma, err := c.variable(1, "gamma", true)
	if err != nil {
		return nil, err
	}
	beta, err := c.variable(2, "beta", true)
	if err != nil {
		return nil, err
	}
	s := c.s
	list, err := c.reshapeTo(x, sizesAre([]int{0, groups, -1}))
	if err != nil {
		return nil, err
	}
	y := normalised(s, list[0].node, c.float("epsilon", 1e-5), []int{2})
	affine := func(y *gorgonia.Node, rank int) *gorgonia.Node {
		shape := make([]int, rank)
		for i := range shape {
			shape[i] = 1
		}
		shape[1] = -1
		return ops.Add(s, ops.Mul(s, y, ops.Reshape(s, gamma, shape...)), ops.Reshape(s, beta, shape...))
	}
	if c.opset < 21 {
		return one(ops.ReshapeLike(s, affine(y, 3), x)), nil
	}
	return one(affine(ops.ReshapeLike(s, y, x), rank)), nil
}

func gelu(c *call) ([]*value, error) {
	switch a := c.text("approximate", "none"); a {
	case "none":
		return c.pointwise(ops.GELU)
	case "tanh":
		return c.pointwise(ops.GELUTanh)
	default:
		return nil, errors.Errorf("the approximation %q", a)
	}
}
