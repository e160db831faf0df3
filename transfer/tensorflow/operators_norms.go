package tensorflow

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// fusedBatchNorm normalises by the statistics of the batch where is_training holds, as it does by default, and by given ones elsewhere. Its
// outputs beside y are the statistics by which it did so, the variance with Bessel's correction in training.
func fusedBatchNorm(c *call) []*value {
	format, epsilon := c.format(), c.float("epsilon", 1e-4)
	if c.rank(0) != 4 {
		c.fail("x is %v; want images", c.spec(0))
	}
	if training, ok := c.attrs["is_training"].Value.(bool); ok && !training {
		return []*value{{node: c.normalised(c.s, c.x(0), 1, epsilon, format)}, {node: c.x(3)}, {node: c.x(4)}}
	}
	x, axes := c.x(0), []int{0, 1, 2}
	if format == ops.ChannelsFirst {
		axes = []int{0, 2, 3}
	}
	s := c.parts
	mean := ops.MeanKeep(s, x, axes...)
	d := ops.Sub(s, x, mean)
	variance := ops.MeanKeep(s, ops.Square(s, d), axes...)
	scale := ops.Mul(s, c.perChannel(c.x(1), format), ops.Rsqrt(s, ops.AddScalar(s, variance, epsilon)))
	y := ops.Add(c.s, ops.Mul(s, d, scale), c.perChannel(c.x(2), format))
	n := ops.Cast(s, ops.Div(s, ops.Size(s, x), ops.Size(s, mean)), graph.SpecOf(x).Dtype)
	least := graph.ConstOf(s, graph.SpecOf(x).Dtype, 1)
	unbiased := ops.Mul(s, ops.Squeeze(s, variance, axes...), ops.Div(s, n, ops.Maximum(s, ops.Sub(s, n, least), least)))
	return several(y, ops.Squeeze(s, mean, axes...), unbiased)
}

// normalised normalises by scale, shift, mean and variance, inputs i to i+3.
func (c *call) normalised(s *graph.Scope, x *gorgonia.Node, i int, epsilon float64, format ops.DataFormat) *gorgonia.Node {
	p := c.parts
	scale := ops.Mul(p, c.x(i), ops.Rsqrt(p, ops.AddScalar(p, c.x(i+3), epsilon)))
	shift := ops.Sub(p, c.x(i+1), ops.Mul(p, c.x(i+2), scale))
	return ops.Add(s, ops.Mul(p, x, c.perChannel(scale, format)), c.perChannel(shift, format))
}

// perChannel gives a vector of channels the axes of images, where they are not the last.
func (c *call) perChannel(v *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
	if format == ops.ChannelsLast {
		return v
	}
	return ops.ExpandDims(c.parts, ops.ExpandDims(c.parts, v, 1), 2)
}
