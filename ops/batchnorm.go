package ops

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// BatchNormConfig configures BatchNorm. The zero value is
// tf.layers.batch_normalization's default.
type BatchNormConfig struct {
	// Momentum is the share of the old moving statistics that a training step
	// keeps: default .99, in [0, 1]. PyTorch's momentum is one minus this.
	Momentum float64
	// Epsilon is added to the variance: default 1e-3, not negative.
	Epsilon float64

	NoCenter bool // without beta, as where a bias follows
	NoScale  bool // without gamma, as where a linear layer or ReLU follows

	Gamma          graph.Initializer // default ones
	Beta           graph.Initializer // default zeros
	MovingMean     graph.Initializer // default zeros
	MovingVariance graph.Initializer // default ones

	// Frozen makes the layer use its moving statistics whatever training is,
	// and leave them as they are. gamma and beta still learn unless the
	// variables given to the optimizer leave them out, or NotTrainable is set.
	Frozen bool
	// NotTrainable keeps gamma and beta out of TrainableVariables.
	NotTrainable bool
}

// BatchNorm normalises each channel (the last axis) over a batch, then scales
// by gamma and shifts by beta: Ioffe and Szegedy (2015).
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// x is float32 or float64, [batch, channels] or [batch, ..., channels], such as
// NHWC images; the last axis must be known. training is a scalar bool, fed, a
// placeholder's default or a constant. Where it holds, mean and (biased)
// variance are those of the batch; elsewhere, and always when training is nil,
// they are the moving ones.
//
// The variables, each [channels], are gamma (from 1), beta (from 0), and, not
// trainable but part of graph.ModelVariables, moving_mean (from 0) and
// moving_variance (from 1); they stand directly in s, the layer's scope. A
// training step moves the latter two by
//
//	moving -= (moving - batch) * (1 - momentum)
//
// where for x of rank 4 the batch's variance takes Bessel's correction n/(n-1)
// (none for n = 1), as TensorFlow's fused kernel does, and for other ranks none.
// These two updates are in graph.UpdateOps and must be run with the training
// step: s.After(g.UpdatesOf(loss)...). A Run with training false, or an empty
// batch, changes nothing.
//
// The gradients, fused and taken through the batch's statistics, are for x,
// gamma and beta. A batch of one value a channel gives y = beta. In inference a
// row's result does not depend on the rows beside it.
//
// tf.layers.batch_normalization; torch.nn.BatchNorm1d and BatchNorm2d, which
// always correct the variance and have epsilon 1e-5.
func BatchNorm(s *graph.Scope, x, training *gorgonia.Node, cfg BatchNormConfig) *gorgonia.Node {
	const name = "BatchNorm"
	momentum, epsilon := cfg.Momentum, cfg.Epsilon
	if momentum == 0 {
		momentum = 0.99
	}
	if epsilon == 0 {
		epsilon = 1e-3
	}
	sp := graph.SpecOf(x)
	switch {
	case x == nil:
		return s.Failf(name, nil, "x is nil")
	case graph.IsBad(x) || training != nil && graph.IsBad(training):
		return s.Failf(name, gorgonia.Nodes{x, training}, "an input could not be built")
	case !sp.IsFloat():
		return s.Failf(name, gorgonia.Nodes{x}, "x is %v; want float32 or float64 (ops.Cast converts)", sp)
	case sp.Rank() < 2:
		return s.Failf(name, gorgonia.Nodes{x}, "x is %v; want [batch, channels] or [batch, ..., channels]", sp)
	case sp.Shape[sp.Rank()-1] < 0:
		return s.Failf(name, gorgonia.Nodes{x}, "x is %v; the size of its last axis, the channels, must be known", sp)
	case !(momentum >= 0 && momentum <= 1):
		return s.Failf(name, gorgonia.Nodes{x}, "Momentum is %v; want a number from 0 to 1 (TensorFlow's: .9 keeps nine tenths)", momentum)
	case !(epsilon >= 0) || math.IsInf(epsilon, 0):
		return s.Failf(name, gorgonia.Nodes{x}, "Epsilon is %v; want a small positive number", epsilon)
	}
	if training != nil {
		if t := graph.SpecOf(training); t.Dtype != tensor.Bool || t.Rank() != 0 {
			return s.Failf(name, gorgonia.Nodes{x, training}, "training is %v; want a scalar bool, or nil for never", t)
		}
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		v := batchNormVariables(s, sp, cfg)
		if training == nil || cfg.Frozen {
			return batchNormInference(s, x, v.gamma, v.beta, v.mean, v.variance, epsilon)
		}
		then := s.Branch(training, true)
		trained := fusedBatchNorm(then, x, v.gamma, v.beta, epsilon)
		for k, moving := range []*gorgonia.Node{v.mean, v.variance} {
			unbiased := k == 1 && sp.Rank() == 4
			update := assignMovingAverage(then, moving, graph.Aux(then, trained, k), x, momentum, unbiased)
			s.Graph().AddUpdate(trained, update)
		}
		inferred := batchNormInference(s.Branch(training, false), x, v.gamma, v.beta, v.mean, v.variance, epsilon)
		return graph.Merge(s, training, trained, inferred)
	})
}

// batchNormVars are the variables of one layer; gamma and beta may be
// constants.
type batchNormVars struct{ gamma, beta, mean, variance *gorgonia.Node }

func batchNormVariables(s *graph.Scope, x graph.Spec, cfg BatchNormConfig) batchNormVars {
	shape := tensor.Shape{x.Shape[x.Rank()-1]}
	model := []string{graph.ModelVariables}
	variable := func(name string, init, otherwise graph.Initializer, fixed bool) *gorgonia.Node {
		if init == nil {
			init = otherwise
		}
		return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: x.Dtype, Initializer: init, NotTrainable: fixed, Collections: model})
	}
	constant := func(value float64) *gorgonia.Node {
		values := make([]float64, shape[0])
		for i := range values {
			values[i] = value
		}
		return graph.ConstOf(s, x.Dtype, values)
	}
	var v batchNormVars
	if cfg.NoScale {
		v.gamma = constant(1)
	} else {
		v.gamma = variable("gamma", cfg.Gamma, initializers.Ones(), cfg.NotTrainable)
	}
	if cfg.NoCenter {
		v.beta = constant(0)
	} else {
		v.beta = variable("beta", cfg.Beta, initializers.Zeros(), cfg.NotTrainable)
	}
	v.mean = variable("moving_mean", cfg.MovingMean, initializers.Zeros(), true)
	v.variance = variable("moving_variance", cfg.MovingVariance, initializers.Ones(), true)
	return v
}
