package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// DenseConfig configures Dense. The zero value is tf.layers.dense's default.
type DenseConfig struct {
	Kernel graph.Initializer // of the kernel; default initializers.GlorotUniform
	Bias   graph.Initializer // of the bias; default zeros
	NoBias bool              // without a bias, as where BatchNorm follows

	Activation        Activation       // applied to the output; nil for none
	KernelRegularizer Regularizer      // its loss enters graph.RegularizationLosses; nil for none
	KernelConstraint  graph.Constraint // applied after each optimizer update; nil for none
}

// Dense is a fully connected layer:
//
//	y = activation(x * kernel + bias)
//
// x is float32 or float64, [batch, in] or [..., in]: of more than two axes the
// last is mapped. It must be known; the others need not be. The result is
// [batch, units] or [..., units].
//
// The variables, of the dtype of x, are kernel [in, units] and bias [units];
// they stand directly in s, the layer's scope. The nodes are MatMul and BiasAdd.
// With s.Reuse() the existing variables are used, and the regularizer, which has
// entered its loss already, is not applied again.
//
// tf.layers.dense; torch.nn.Linear, whose weight is the transposed kernel.
//
// TF: tf.layers.dense. PyTorch: torch.nn.Linear. Dtypes: float. Gradient: yes.
func Dense(s *graph.Scope, x *gorgonia.Node, units int, cfg DenseConfig) *gorgonia.Node {
	const name = "Dense"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	intended := graph.Spec{Dtype: sp.Dtype, Shape: sp.Shape.Clone()}
	if n := len(intended.Shape); n > 0 {
		intended.Shape[n-1] = max(units, graph.Unknown)
	}
	fail := func(format string, args ...interface{}) *gorgonia.Node {
		return s.Fail(name, gorgonia.Nodes{x}, intended, errors.Errorf(format, args...))
	}
	switch {
	case units < 1:
		return fail("units is %d; want a positive number", units)
	case !sp.IsFloat():
		return fail("x is %v; want float32 or float64 (ops.Cast converts)", sp)
	case sp.Rank() < 2:
		return fail("x is %v; want [batch, in] or [..., in] (ops.Reshape adds an axis)", sp)
	case sp.Shape[sp.Rank()-1] < 0:
		return fail("x is %v; the size of its last axis must be known, because it is that of the kernel", sp)
	case graph.IsBad(x):
		return fail("x could not be built")
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		in := sp.Shape[sp.Rank()-1]
		if cfg.Kernel == nil {
			cfg.Kernel = initializers.GlorotUniform()
		}
		kernel := regularized(s, "kernel", cfg.KernelRegularizer, func() *gorgonia.Node {
			return graph.Variable(s, "kernel", tensor.Shape{in, units},
				graph.VariableConfig{Dtype: sp.Dtype, Initializer: cfg.Kernel, Constraint: cfg.KernelConstraint})
		})
		matrix := x
		if sp.Rank() > 2 {
			matrix = foldRows(s, x)
		}
		y := MatMul(s, matrix, kernel)
		if !cfg.NoBias {
			if cfg.Bias == nil {
				cfg.Bias = initializers.Zeros()
			}
			bias := graph.Variable(s, "bias", tensor.Shape{units}, graph.VariableConfig{Dtype: sp.Dtype, Initializer: cfg.Bias})
			y = BiasAdd(s, y, bias)
		}
		if sp.Rank() > 2 {
			y = unfoldRows(s, y, x)
		}
		if cfg.Activation != nil {
			y = cfg.Activation(s, y)
		}
		return y
	})
}
