package tensorflow

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// fusedBatchNorm normalises by the statistics of the batch where is_training holds, as it does by default, and by given ones elsewhere. Its
// outputs beside y are the statistics by which it did so, the variance with Bessel's correction in training.
func fusedBatchNorm(c *call) []*value {
	epsilon := c.float("epsilon", 1e-4)
	if training, ok := c.attrs["is_training"].Value.(bool); ok && !training {
		y := c.images(c.s, 0, func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return c.normalised(s, x, 1, epsilon) })
		return []*value{{node: y}, {node: c.x(3)}, {node: c.x(4)}}
	}
	if factor := c.float("exponential_avg_factor", 1); factor != 1 {
		c.fail("exponential_avg_factor is %v; want 1, the statistics of the batch", factor)
	}
	var mean, variance *gorgonia.Node
	y := c.images(c.s, 0, func(s *graph.Scope, x *gorgonia.Node) (y *gorgonia.Node) {
		y, mean, variance = ops.FusedBatchNorm(s, x, c.x(1), c.x(2), epsilon)
		return y
	})
	s, dt := c.parts, c.spec(0).Dtype
	n := ops.Cast(s, ops.Div(s, ops.Size(s, c.x(0)), ops.Size(s, mean)), dt)
	least := graph.ConstOf(s, dt, 1)
	return []*value{{node: y}, {node: mean}, {later: func() *gorgonia.Node {
		return ops.Mul(s, variance, ops.Div(s, n, ops.Maximum(s, ops.Sub(s, n, least), least)))
	}}}
}

// normalised normalises x, images with the channels last, by scale, shift, mean and variance, inputs i to i+3.
func (c *call) normalised(s *graph.Scope, x *gorgonia.Node, i int, epsilon float64) *gorgonia.Node {
	return ops.BatchNormalization(s, x, c.x(i+2), c.x(i+3), c.x(i+1), c.x(i), epsilon)
}
