package keras

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// zeroIs says zero explicitly, where zero means default.
func zeroIs(v float64) float64 {
	if v == 0 {
		return graph.Zero
	}
	return v
}

func readBatchNormalization(o *options) build {
	axes := o.integers("axis")
	switch {
	case axes == nil:
		axes = []int{-1}
	case len(axes) != 1:
		o.refuse("BatchNormalization along several axes")
		return nil
	}
	if o.flag("renorm", false) {
		o.refuse("BatchNormalization with renorm")
	}
	if o.integer("virtual_batch_size", 0) != 0 {
		o.refuse("BatchNormalization with virtual_batch_size")
	}
	cfg := ops.BatchNormConfig{Momentum: zeroIs(o.number("momentum", 0.99)), Epsilon: zeroIs(o.number("epsilon", 1e-3)), NoCenter: !o.flag("center", true), NoScale: !o.flag("scale", true)}
	gamma, beta := o.weight("gamma", "gamma", "ones"), o.weight("beta", "beta", "zeros")
	mean, variance := o.weight("moving_mean", "moving_mean", "zeros"), o.weight("moving_variance", "moving_variance", "ones")
	mean.fixed, variance.fixed = true, true
	var weights []weight
	if !cfg.NoScale {
		weights = append(weights, gamma)
	}
	if !cfg.NoCenter {
		weights = append(weights, beta)
	}
	weights = append(weights, mean, variance)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		shape := graph.SpecOf(x).Shape
		axis := axes[0]
		if axis < 0 {
			axis += len(shape)
		}
		if axis < 1 || axis >= len(shape) {
			return nil, errors.Errorf("axis is %d; its input is %v", axes[0], graph.SpecOf(x))
		}
		for _, w := range weights {
			if _, err := c.variable(w, shape[axis]); err != nil {
				return nil, err
			}
		}
		training := c.training
		if !c.trainable {
			training = nil
		}
		if to, back := axisLast(len(shape), axis); to != nil {
			return ops.Transpose(c.s, ops.BatchNorm(c.s, ops.Transpose(c.s, x, to...), training, cfg), back...), nil
		}
		return ops.BatchNorm(c.s, x, training, cfg), nil
	})
}

func readLayerNormalization(o *options) build {
	axes := o.integers("axis")
	if axes == nil {
		axes = []int{-1}
	}
	if o.flag("rms_scaling", false) {
		o.refuse("LayerNormalization with rms_scaling")
	}
	cfg := ops.LayerNormConfig{Epsilon: zeroIs(o.number("epsilon", 1e-3)), NoCenter: !o.flag("center", true), NoScale: !o.flag("scale", true)}
	gamma, beta := o.weight("gamma", "gamma", "ones"), o.weight("beta", "beta", "zeros")
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		shape := graph.SpecOf(x).Shape
		first := len(shape) - len(axes)
		for i, a := range axes {
			if a < 0 {
				a += len(shape)
			}
			if a != first+i || first < 1 {
				return nil, errors.Errorf("axis is %v; its input is %v; only the last axes are supported, in their order", axes, graph.SpecOf(x))
			}
		}
		if !cfg.NoScale {
			if _, err := c.variable(gamma, shape[first:]...); err != nil {
				return nil, err
			}
		}
		if !cfg.NoCenter {
			if _, err := c.variable(beta, shape[first:]...); err != nil {
				return nil, err
			}
		}
		along := cfg
		along.BeginNormAxis, along.BeginParamsAxis = first, first
		return ops.LayerNorm(c.s, x, along), nil
	})
}

// readUnitNormalization divides by the Euclidean norm, the root of at least 1e-12.
func readUnitNormalization(o *options) build {
	axes := o.integers("axis")
	if axes == nil {
		axes = []int{-1}
	}
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) { return unit(c, x, axes...), nil })
}

func unit(c *call, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	squares := ops.SumKeep(c.s, ops.Square(c.s, x), axes...)
	return ops.Mul(c.s, x, ops.Rsqrt(c.s, ops.Maximum(c.s, squares, graph.ConstOf(c.s, graph.SpecOf(x).Dtype, 1e-12))))
}
