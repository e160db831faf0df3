package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// GaussianNoise adds to x numbers drawn from the normal distribution with mean 0
// and the given standard deviation where training, a scalar bool, holds;
// elsewhere, and always when training is nil, it is x. As a corruption of the
// input it makes a denoising autoencoder. A stddev of 0 is legal, and is x.
//
// Any shape, float32 or float64. The gradient is grad. Draws are as in Dropout.
//
// TF: tf.keras.layers.GaussianNoise. PyTorch: none. Dtypes: float. Gradient: yes.
func GaussianNoise(s *graph.Scope, x *gorgonia.Node, stddev float64, training *gorgonia.Node) *gorgonia.Node {
	const name = "GaussianNoise"
	if !(stddev >= 0) || math.IsInf(stddev, 0) {
		return s.Failf(name, gorgonia.Nodes{x}, "stddev is %v; want a finite number, at least 0", stddev)
	}
	var noisy func(s *graph.Scope) *gorgonia.Node
	if stddev > 0 {
		noisy = func(s *graph.Scope) *gorgonia.Node {
			return Add(s, x, normal(0, stddev).like(s, RandomConfig{}, x))
		}
	}
	return inTraining(s, name, x, training, noisy)
}

// GaussianDropout multiplies x by numbers drawn from the normal distribution
// with mean 1 and variance rate/(1-rate), the noise that Dropout with that rate
// has, where training holds; otherwise as GaussianNoise (Srivastava et al.,
// 2014). The rate must be at least 0 and below 1.
//
// The gradient is grad times the same numbers.
//
// TF: tf.keras.layers.GaussianDropout. PyTorch: none. Dtypes: float. Gradient: yes.
func GaussianDropout(s *graph.Scope, x *gorgonia.Node, rate float64, training *gorgonia.Node) *gorgonia.Node {
	const name = "GaussianDropout"
	if !(rate >= 0 && rate < 1) {
		return s.Failf(name, gorgonia.Nodes{x}, "rate is %v; want at least 0 and below 1", rate)
	}
	var noisy func(s *graph.Scope) *gorgonia.Node
	if rate > 0 {
		noisy = func(s *graph.Scope) *gorgonia.Node {
			return Mul(s, x, normal(1, math.Sqrt(rate/(1-rate))).like(s, RandomConfig{}, x))
		}
	}
	return inTraining(s, name, x, training, noisy)
}
