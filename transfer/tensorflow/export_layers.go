package tensorflow

import (
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/ops"
)

// layerForms are biases and normalisations.
var layerForms = map[string]form{
	"BiasAdd":            {"BiasAdd", writeBiasAdd},
	"BatchNormInference": {"FusedBatchNormV3; Rsqrt, Mul, Sub, Add", writeBatchNormInference},
	"FusedBatchNorm":     {"Mean, SquaredDifference, Rsqrt, Mul, Sub, Add", writeBatchNorm},
	"LayerNorm":          {"Mean, SquaredDifference, Rsqrt, Mul, Sub, Add", writeLayerNorm},
	"GroupNorm":          {"Reshape, Mean, SquaredDifference, Rsqrt, Mul, Sub, Add", writeGroupNorm},
	"InstanceNorm":       {"Reshape, Mean, SquaredDifference, Rsqrt, Mul, Sub, Add", writeGroupNorm},
	"LRN":                {"LRN", writeLRN},
}

func writeBiasAdd(c *written) (string, error) {
	if c.specs[0].Rank() < 2 {
		return c.op("Add", c.in...), nil
	}
	return c.emit("BiasAdd", attrs{"T": c.dtype(), "data_format": "NHWC"}, c.in...), nil
}

// writeBatchNormInference normalises x by gamma, beta, mean and variance that are given. TensorFlow's fused op takes images of float32 only, and an
// epsilon of 1.001e-5 or more on some devices.
func writeBatchNormInference(c *written) (string, error) {
	x, gamma, beta, mean, variance := c.in[0], c.in[1], c.in[2], c.in[3], c.in[4]
	epsilon := c.floatAttr("epsilon")
	if c.specs[0].Rank() == 4 && c.dtype() == tffile.Float32 {
		return c.emit("FusedBatchNormV3", attrs{"T": tffile.Float32, "U": tffile.Float32, "epsilon": epsilon, "data_format": "NHWC", "is_training": false},
			x, gamma, beta, mean, variance), nil
	}
	scale := c.op("Mul", c.op("Rsqrt", c.op("Add", variance, c.scalar(epsilon))), gamma)
	return c.op("Add", c.op("Mul", x, scale), c.op("Sub", beta, c.op("Mul", mean, scale))), nil
}

// moments are mean and variance of x along axes, which stay if asked for.
func (c *written) moments(x string, keep bool, axes ...int) (mean, variance string) {
	mean = c.reduce("Mean", x, keep, axes...)
	return mean, c.reduce("Mean", c.op("SquaredDifference", x, c.op("StopGradient", mean)), keep, axes...)
}

// normalised is (x - mean) / sqrt(variance + epsilon).
func (c *written) normalised(x, mean, variance string) string {
	return c.op("Mul", c.op("Sub", x, mean), c.op("Rsqrt", c.op("Add", variance, c.scalar(c.floatAttr("epsilon")))))
}

// writeBatchNorm normalises x by the statistics of the batch, which are extra outputs, with the ops of tf.nn.moments: TensorFlow's fused op has
// another variance.
func writeBatchNorm(c *written) (string, error) {
	x, gamma, beta := c.in[0], c.in[1], c.in[2]
	mean, variance := c.moments(x, false, from(0, c.specs[0].Rank()-1)...)
	c.aux[0], c.aux[1] = mean, variance
	for _, extra := range c.extras[c.node] {
		if c.g.Describe(extra).Output == 3 { // what rounding took from the mean
			c.aux[2] = c.op("ZerosLike", mean)
		}
	}
	return c.op("Add", c.op("Mul", c.normalised(x, mean, variance), gamma), beta), nil
}

func writeLayerNorm(c *written) (string, error) {
	mean, variance := c.moments(c.in[0], true, from(c.intAttr("begin_norm_axis"), c.specs[0].Rank())...)
	y := c.normalised(c.in[0], mean, variance)
	return c.op("Add", c.op("Mul", y, c.in[1]), c.in[2]), nil
}

// writeGroupNorm gives groups of channels an axis of their own.
func writeGroupNorm(c *written) (string, error) {
	x, sp, groups := c.in[0], c.specs[0], c.intAttr("groups")
	rank := sp.Rank()
	channels, first := sp.Shape[rank-1], c.stringAttr("data_format") == ops.ChannelsFirst.String()
	if first {
		channels = sp.Shape[1]
	}
	if channels < 0 || groups < 1 {
		return "", without("the number of channels is unknown")
	}
	batch := c.dim(x, sp, 0)
	n := func(i int) string { return c.number(tffile.Int32, float64(i)) }
	var y string
	if first {
		y = c.reshapeTo(x, c.dtype(), c.pack([]string{batch, n(groups), n(-1)}))
		mean, variance := c.moments(y, true, 2)
		y = c.normalised(y, mean, variance)
	} else {
		y = c.reshapeTo(x, c.dtype(), c.pack([]string{batch, n(-1), n(groups), n(channels / groups)}))
		mean, variance := c.moments(y, true, 1, 3)
		y = c.normalised(y, mean, variance)
	}
	y = c.reshapeTo(y, c.dtype(), c.shape(x, c.dtype()))
	gamma, beta := c.in[1], c.in[2]
	if first {
		sizes := padTo([]int{channels}, rank-1, 1)
		gamma, beta = c.reshape(gamma, c.dtype(), sizes...), c.reshape(beta, c.dtype(), sizes...)
	}
	return c.op("Add", c.op("Mul", y, gamma), beta), nil
}

func writeLRN(c *written) (string, error) {
	if c.dtype() != tffile.Float32 {
		return "", without("x is %v; TensorFlow's LRN wants float32", c.specs[0])
	}
	return c.emit("LRN", attrs{"T": tffile.Float32, "depth_radius": c.intAttr("depth_radius"), "bias": c.floatAttr("bias"), "alpha": c.floatAttr("alpha"),
		"beta": c.floatAttr("beta")}, c.in[0]), nil
}
