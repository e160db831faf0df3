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

	// Renorm corrects the batch's statistics towards moving ones in training:
	// batch renormalisation, for small or dependent batches.
	Renorm bool
	// RenormMomentum is that of renorm_mean and renorm_stddev: default .99.
	RenormMomentum float64
	// RenormClipping bounds the corrections; the zero value does not.
	RenormClipping RenormClipping

	// DataFormat is ChannelsLast by default: channels last. ChannelsFirst says that they are axis 1,
	// [batch, channels, ...], as in PyTorch; x is then transposed and the result
	// back again, so that ChannelsLast is the faster of the two.
	DataFormat DataFormat

	// VirtualBatchSize, where positive, cuts a training batch, which must be a
	// multiple of it, into virtual batches of that many examples, each
	// normalised by its own statistics.
	VirtualBatchSize int
}

// BatchNorm normalises each channel over a batch, then scales by gamma and shifts
// by beta: Ioffe and Szegedy (2015).
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// x is float32 or float64, [batch, channels] or [batch, ..., channels], such as
// NHWC images, or [batch, channels, ...] with ChannelsFirst; the number of channels must be
// known. training is a scalar bool, fed, a placeholder's default or a constant.
// Where it holds, mean and (biased) variance are those of the batch; elsewhere, and
// always when training is nil, they are the moving ones.
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
// With Renorm, a training step computes gamma*(xhat*r + d) + beta, with xhat as
// above and the corrections
//
//	r = stddev / renorm_stddev,  stddev = sqrt(variance + epsilon)
//	d = (mean - renorm_mean) / renorm_stddev
//
// clipped and without gradient (Ioffe, "Batch renormalization", 2017), so that
// what is trained nears what inference computes. The variables renorm_mean and
// renorm_stddev, from moving_mean and the root of moving_variance, follow mean
// and stddev by RenormMomentum; they are what late TensorFlow 1 keeps.
// (Earlier versions have renorm_mean_weight and renorm_stddev_weight too; divide by
// them to convert.) VirtualBatchSize takes example e of n into virtual batch
// e mod (n/VirtualBatchSize), as TensorFlow does, and the moving statistics
// follow the mean over the virtual batches. TensorFlow's variables of such a
// layer have leading axes of size 1, [1, 1, channels] for rank 2; here they are
// [channels]. With either option no variance takes Bessel's correction. Both act
// in training only.
//
// tf.layers.batch_normalization; torch.nn.BatchNorm1d and BatchNorm2d, which
// always correct the variance and have epsilon 1e-5.
//
// TF: tf.layers.batch_normalization. PyTorch: torch.nn.BatchNorm1d, torch.nn.BatchNorm2d. Dtypes: float. Gradient: yes.
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
	case !cfg.DataFormat.valid():
		return s.Failf(name, gorgonia.Nodes{x}, "%v", cfg.DataFormat.check())
	case sp.Shape[cfg.DataFormat.channelAxis(sp.Rank())] < 0:
		return s.Failf(name, gorgonia.Nodes{x}, "x is %v; the number of channels, axis %d in %v, must be known",
			sp, cfg.DataFormat.channelAxis(sp.Rank()), cfg.DataFormat)
	case !(momentum >= 0 && momentum <= 1):
		return s.Failf(name, gorgonia.Nodes{x}, "Momentum is %v; want a number from 0 to 1 (TensorFlow's: .9 keeps nine tenths)", momentum)
	case !(epsilon >= 0) || math.IsInf(epsilon, 0):
		return s.Failf(name, gorgonia.Nodes{x}, "Epsilon is %v; want a small positive number", epsilon)
	case !(cfg.RenormMomentum >= 0 && cfg.RenormMomentum <= 1):
		return s.Failf(name, gorgonia.Nodes{x}, "RenormMomentum is %v; want a number from 0 to 1 (TensorFlow's: .9 keeps nine tenths)", cfg.RenormMomentum)
	case cfg.VirtualBatchSize < 0:
		return s.Failf(name, gorgonia.Nodes{x}, "VirtualBatchSize is %d; want a positive number, or 0 for none", cfg.VirtualBatchSize)
	case !cfg.Renorm && (cfg.RenormMomentum != 0 || cfg.RenormClipping != RenormClipping{}):
		return s.Failf(name, gorgonia.Nodes{x}, "RenormMomentum or RenormClipping is set without Renorm; want Renorm: true beside it")
	}
	if err := cfg.RenormClipping.check(); err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, sp, err)
	}
	if training != nil {
		if t := graph.SpecOf(training); t.Dtype != tensor.Bool || t.Rank() != 0 {
			return s.Failf(name, gorgonia.Nodes{x, training}, "training is %v; want a scalar bool, or nil for never", t)
		}
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		if format := cfg.DataFormat; format == ChannelsFirst {
			cfg.DataFormat = ChannelsLast
			return format.fromLast(s, BatchNorm(s, format.toLast(s, x), training, cfg))
		}
		v := batchNormVariables(s, sp, cfg)
		if training == nil || cfg.Frozen {
			return batchNormInference(s, x, v.gamma, v.beta, v.mean, v.variance, epsilon)
		}
		n := batchNormTraining(s.Branch(training, true), x, v, cfg, momentum, epsilon)
		inferred := batchNormInference(s.Branch(training, false), x, v.gamma, v.beta, v.mean, v.variance, epsilon)
		return graph.Merge(s, training, n, inferred)
	})
}

// normalised is a batch normalised by its statistics, [channels] each.
type normalised struct {
	y, fused       *gorgonia.Node // the result, and the op in it that has the statistics
	mean, variance *gorgonia.Node
	stddev         *gorgonia.Node // the root of variance + epsilon, where batchRenorm has made it
}

// batchNormTraining normalises a training batch and registers the updates of the
// moving statistics.
func batchNormTraining(s *graph.Scope, x *gorgonia.Node, v batchNormVars, cfg BatchNormConfig, momentum, epsilon float64) *gorgonia.Node {
	virtual := cfg.VirtualBatchSize > 0 && graph.SpecOf(v.gamma).Shape[0] > 0
	normalise := func(s *graph.Scope, gamma, beta *gorgonia.Node) normalised {
		if virtual {
			return virtualBatchNorm(s, x, gamma, beta, cfg.VirtualBatchSize, epsilon)
		}
		y := fusedBatchNorm(s, x, gamma, beta, epsilon)
		return normalised{y: y, fused: y, mean: graph.Aux(s, y, 0), variance: graph.Aux(s, y, 1)}
	}
	var n normalised
	if cfg.Renorm {
		n = batchRenorm(s, v.gamma, v.beta, v.renorm, epsilon, cfg.RenormClipping, normalise)
	} else {
		n = normalise(s, v.gamma, v.beta)
	}
	follow := func(moving, batch *gorgonia.Node, momentum float64, unbiased bool) {
		s.Graph().AddUpdate(n.fused, assignMovingAverage(s, moving, batch, x, momentum, unbiased))
	}
	follow(v.mean, n.mean, momentum, false)
	follow(v.variance, n.variance, momentum, graph.SpecOf(x).Rank() == 4 && !virtual && !cfg.Renorm)
	if cfg.Renorm {
		renormMomentum := cfg.RenormMomentum
		if renormMomentum == 0 {
			renormMomentum = 0.99
		}
		follow(v.renorm.mean, n.mean, renormMomentum, false)
		follow(v.renorm.stddev, n.stddev, renormMomentum, false)
	}
	return n.y
}

// batchNormVars are the variables of one layer; gamma and beta may be
// constants.
type batchNormVars struct {
	gamma, beta, mean, variance *gorgonia.Node
	renorm                      renormStatistics
}

func batchNormVariables(s *graph.Scope, x graph.Spec, cfg BatchNormConfig) batchNormVars {
	shape := tensor.Shape{x.Shape[x.Rank()-1]}
	moving := func(name string, init, otherwise graph.Initializer) *gorgonia.Node {
		if init == nil {
			init = otherwise
		}
		return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: x.Dtype, Initializer: init, NotTrainable: true,
			Collections: []string{graph.ModelVariables}})
	}
	var v batchNormVars
	v.gamma, v.beta = scaleAndShift{cfg.NoScale, cfg.NoCenter, cfg.Gamma, cfg.Beta, cfg.NotTrainable}.variables(s, x.Dtype, shape)
	v.mean = moving("moving_mean", cfg.MovingMean, initializers.Zeros())
	v.variance = moving("moving_variance", cfg.MovingVariance, initializers.Ones())
	if cfg.Renorm {
		v.renorm.mean = moving("renorm_mean", graph.InitialValue(v.mean), nil)
		v.renorm.stddev = moving("renorm_stddev", graph.InitialValue(Sqrt(s, v.variance)), nil)
	}
	return v
}
