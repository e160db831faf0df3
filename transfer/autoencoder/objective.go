package autoencoder

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// coder is an encoder and its decoder, whose variables stand in a graph.
type coder struct {
	kernel, bias   *gorgonia.Node
	back, backBias *gorgonia.Node // of the decoder; back is kernel where they are tied
	kernels        gorgonia.Nodes // that a regularizer keeps small
	variables      gorgonia.Nodes

	encode func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node // without the activation
	decode func(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node // likewise
	// squares sums, for each value that encode gives of an example in the form of x, the squares of its derivatives by all values of the example. The result
	// broadcasts against what encode gives.
	squares func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
}

// newCoder makes the variables of a layer, those of the decoder in the scope decoder: kernels of these shapes, of which back is nil where they are tied,
// and biases. kernel is [..., input, code], which are the numbers of channels.
func newCoder(s, decoder *graph.Scope, dtype tensor.Dtype, init graph.Initializer, kernel, back []int) *coder {
	input, code := kernel[len(kernel)-2], kernel[len(kernel)-1]
	if init == nil {
		init = initializers.GlorotUniform()
	}
	variable := func(s *graph.Scope, name string, init graph.Initializer, shape ...int) *gorgonia.Node {
		return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: dtype, Initializer: init})
	}
	c := &coder{}
	c.kernel = variable(s, "kernel", init, kernel...)
	c.bias = variable(s, "bias", initializers.Zeros(), code)
	c.kernels, c.back = gorgonia.Nodes{c.kernel}, c.kernel
	if back != nil {
		c.back = variable(decoder, "kernel", init, back...)
		c.kernels = append(c.kernels, c.back)
	}
	c.backBias = variable(decoder, "bias", initializers.Zeros(), input)
	c.variables = append(gorgonia.Nodes{c.bias, c.backBias}, c.kernels...)
	return c
}

// objective is what layers of all kinds have in common: how a code is trained.
type objective struct {
	activation  ops.Activation // of the code
	output      ops.Activation // of the reconstruction; nil for none
	loss        Loss
	corrupt     Corruption
	sparsity    Sparsity
	contractive float64
	regularizer ops.Regularizer
	optimizer   func() training.Optimizer
}

// check finds what is wrong with an objective, and puts the defaults in.
func (o *objective) check() error {
	if o.activation == nil {
		o.activation = ops.Sigmoid
	}
	if o.optimizer == nil {
		o.optimizer = func() training.Optimizer { return training.Adam(training.AdamConfig{}) }
	}
	if err := o.loss.known(); err != nil {
		return err
	}
	switch {
	case o.loss == CrossEntropy && o.output != nil:
		return errors.New("Output is set, but with CrossEntropy the reconstruction is a sigmoid; leave it nil")
	case !(o.contractive >= 0) || math.IsInf(o.contractive, 0):
		return errors.Errorf("Contractive is %v; want 0, for none, or a positive number", o.contractive)
	}
	t := traits{elementwise: true}
	if o.contractive > 0 || o.sparsity.Weight > 0 {
		var err error
		if t, err = traitsOf(o.activation); err != nil {
			return errors.WithMessage(err, "Activation")
		}
	}
	if o.contractive > 0 && !t.elementwise {
		return errors.New("Contractive wants an Activation that changes each value by itself, such as ops.Sigmoid; the Jacobian of this one has no closed form here")
	}
	if o.loss == CrossEntropy {
		o.output = ops.Sigmoid
	}
	return o.sparsity.check(t)
}

// built builds the training of a coder on x.
func (o objective) built(s *graph.Scope, x *gorgonia.Node, c *coder) *pretrain.Built {
	b := &pretrain.Built{Metrics: map[string]*gorgonia.Node{}}
	b.Encode = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return o.activation(s, c.encode(s, x)) }
	b.Decode = func(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
		y := c.decode(s, h)
		if o.output != nil {
			y = o.output(s, y)
		}
		return y
	}
	b.Begin = o.loss.check

	// The corrupted input goes another way to the code. Nothing of that way is computed for the next layer, or in what is made of the encoder.
	e, t := s.NameScope("encoder"), s.NameScope("training")
	a := c.encode(e, x)
	code := o.activation(e, a)
	b.Output = code
	if o.corrupt != nil {
		a = c.encode(t, graph.Name(t, "corrupted", o.corrupt(t, x)))
		code = o.activation(t, a)
	}
	y := c.decode(t, code)
	if o.output != nil && o.loss != CrossEntropy {
		y = o.output(t, y)
	}
	b.Error = o.loss.of(t, x, y)
	for _, p := range o.penalties(t, x, b, c, a, code) {
		if b.Loss == nil {
			b.Loss = b.Error
		}
		b.Loss = ops.Add(t, b.Loss, p)
	}
	b.Step = func(s *graph.Scope) *gorgonia.Node {
		loss := b.Loss
		if loss == nil {
			loss = b.Error
		}
		optimizer := o.optimizer()
		if optimizer == nil {
			return s.Failf("Step", gorgonia.Nodes{loss}, "Optimizer returned nil; want an optimizer, such as training.Adam(training.AdamConfig{})")
		}
		return optimizer.Minimize(s, loss, c.variables)
	}
	return b
}

// penalties are what is added to the error of a code f(a) of examples in the form of x. Those of the code become metrics of b.
func (o objective) penalties(s *graph.Scope, x *gorgonia.Node, b *pretrain.Built, c *coder, a, code *gorgonia.Node) gorgonia.Nodes {
	var all gorgonia.Nodes
	add := func(name string, weight float64, p *gorgonia.Node) {
		b.Metrics[name] = p
		all = append(all, ops.Scale(s, p, weight))
	}
	if o.sparsity.Weight > 0 {
		add("sparsity", o.sparsity.Weight, o.sparsity.of(s.NameScope("sparsity"), code))
	}
	if o.contractive > 0 {
		t := s.NameScope("contraction")
		add("contraction", o.contractive, contraction(t, c.squares(t, x), a, code))
	}
	return append(all, regularized(s, o.regularizer, c.kernels)...)
}

// regularized are the losses of kernels.
func regularized(s *graph.Scope, r ops.Regularizer, kernels gorgonia.Nodes) gorgonia.Nodes {
	var losses gorgonia.Nodes
	for _, k := range kernels {
		if r == nil {
			break
		}
		if loss := r(s.NameScope("regularizer"), k); loss != nil {
			losses = append(losses, loss)
		}
	}
	return losses
}
