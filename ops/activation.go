package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Activation is an elementwise nonlinearity that a layer applies to its output,
// such as DenseConfig.Activation. ReLU, ReLU6, SELU, GELU, GELUTanh, SiLU, Mish,
// Softplus, Softsign, Sigmoid, LogSigmoid, Tanh, HardSigmoid, HardSwish, Softmax,
// LogSoftmax and Sparsemax are Activations as they stand; those with parameters
// have a form that ends in With:
//
//	ops.DenseConfig{Activation: ops.SELU}
//	ops.DenseConfig{Activation: ops.ELUWith(1)}
//
// A function of one's own serves as well. nil is no activation.
type Activation func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node

// ELUWith returns ELU with the given alpha as an Activation.
func ELUWith(alpha float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ELU(s, x, alpha) }
}

// LeakyReLUWith returns LeakyReLU with the given alpha as an Activation.
func LeakyReLUWith(alpha float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return LeakyReLU(s, x, alpha) }
}

// RReLUWith returns RReLU with the given bounds as an Activation.
func RReLUWith(lower, upper float64, training *gorgonia.Node) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return RReLU(s, x, lower, upper, training) }
}

// PReLUWith returns PReLU with the given configuration as an Activation. Each
// layer that it is given to learns an alpha of its own, under its own scope.
func PReLUWith(cfg PReLUConfig) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return PReLU(s, x, cfg) }
}

// CELUWith returns CELU with the given alpha as an Activation.
func CELUWith(alpha float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return CELU(s, x, alpha) }
}

// SwishWith returns Swish with the given beta as an Activation.
func SwishWith(beta float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return Swish(s, x, beta) }
}

// HardTanhWith returns HardTanh with the given bounds as an Activation.
func HardTanhWith(lo, hi float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return HardTanh(s, x, lo, hi) }
}

// ThresholdWith returns Threshold with the given parameters as an Activation.
func ThresholdWith(threshold, value float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return Threshold(s, x, threshold, value) }
}
