package autoencoder

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// Layer is a pretrain.Layer: a dense layer with a decoder that makes its input of its output. Units is required; the zero value of everything else is
// the default that its comment names.
//
//	h = activation(x*kernel + bias),  y = output(h*decoder/kernel + decoder/bias)
//
// x is [batch, features], float32 or float64. The variables, of the dtype of x, are kernel [features, units] and bias [units], as ops.Dense has them,
// and for the decoder decoder/kernel [units, features], unless Tied, and decoder/bias [features].
type Layer struct {
	Units      int
	Activation ops.Activation // of the code h; default ops.Sigmoid
	// Output is the activation of the reconstruction y; default none. Where x is what another layer gives, that layer's activation is a good choice. With
	// CrossEntropy it is a sigmoid, and this has to be nil.
	Output ops.Activation
	Loss   Loss // of y; default SquaredError
	// Tied has the decoder use the transposed kernel of the encoder: half the weights, and no chance to make a linear copy by small weights here and
	// large ones there.
	Tied bool

	Corrupt  Corruption // of x while the layer is trained, such as Masking(0.3); default none
	Sparsity Sparsity   // default none
	// Contractive is the weight of the contractive penalty, the mean over the batch of the squared Frobenius norm of the Jacobian of h by x, which is
	// added to the loss (Rifai, Vincent, Muller, Glorot and Bengio, "Contractive auto-encoders: explicit invariance during feature extraction",
	// 2011): the code is to move little where x does. It is computed in closed form, for any activation that changes each value by itself. The
	// paper's loss is a sum over features and this one a mean, so divide the paper's weight by their number. Default none.
	Contractive float64

	Kernel      graph.Initializer         // of the kernels; default initializers.GlorotUniform
	Regularizer ops.Regularizer           // of the kernels, added to the loss; default none
	Optimizer   func() training.Optimizer // makes the layer's own; default Adam with a rate of 0.001
}

// Build implements pretrain.Layer.
func (l Layer) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	o := objective{l.Activation, l.Output, l.Loss, l.Corrupt, l.Sparsity, l.Contractive, l.Regularizer, l.Optimizer}
	if err := o.check(); err != nil {
		return nil, err
	}
	sp := graph.SpecOf(x)
	switch {
	case l.Units < 1:
		return nil, errors.Errorf("Units is %d; want a positive number", l.Units)
	case !sp.IsFloat() || sp.Rank() != 2:
		return nil, errors.Errorf("the input is %v; want float32 or float64 [batch, features] (ops.Flatten makes rows of maps)", sp)
	case sp.Shape[1] < 1:
		return nil, errors.Errorf("the input is %v; the number of features must be known, because it is that of the kernel", sp)
	}
	return o.built(s, x, l.coder(s, sp.Shape[1], sp.Dtype)), nil
}

func (l Layer) coder(s *graph.Scope, features int, dtype tensor.Dtype) *coder {
	var back []int
	if !l.Tied {
		back = []int{l.Units, features}
	}
	c := newCoder(s, s.Sub("decoder"), dtype, l.Kernel, []int{features, l.Units}, back)
	c.encode = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.BiasAdd(s, ops.MatMul(s, x, c.kernel), c.bias)
	}
	c.squares = func(s *graph.Scope, _ *gorgonia.Node) *gorgonia.Node { return ops.Sum(s, ops.Square(s, c.kernel), 0) }
	c.decode = func(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
		return ops.BiasAdd(s, ops.MatMulT(s, h, c.back, false, l.Tied), c.backBias)
	}
	return c
}
