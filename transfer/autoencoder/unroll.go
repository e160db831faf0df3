package autoencoder

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// Autoencoder is a stack of layers with the way back from its output to its input.
type Autoencoder struct {
	Stack          *pretrain.Stack // the encoder; Stack.Pretrain trains it layer by layer
	Code           *gorgonia.Node  // the output of the stack
	Reconstruction *gorgonia.Node  // of the input as it is, in its form
	// Error is the reconstruction error of a batch, a scalar: of the corrupted input, where there is a corruption.
	Error *gorgonia.Node
	// Loss is Error with all penalties, what an optimizer is given to train the whole.
	Loss *gorgonia.Node
}

// UnrollConfig says how the whole is trained; the zero value is by squared error and nothing else.
type UnrollConfig struct {
	Loss        Loss            // default SquaredError; CrossEntropy wants a lowest layer that decodes with ops.Sigmoid
	Corrupt     Corruption      // of the input in Error and Loss; default none
	Sparsity    Sparsity        // of the code; default none
	Regularizer ops.Regularizer // of the trainable variables with two axes or more, added to Loss; default none
}

// Unroll makes a deep autoencoder of a stack, whose layers lead back by the variables that they have: tied where a layer is. Pretrained or not, it is
// then trained as a whole (Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006):
//
//	a, err := autoencoder.Unroll(s.NameScope("unrolled"), stack, autoencoder.UnrollConfig{})
//	step := training.Adam(training.AdamConfig{}).Minimize(s, a.Loss, g.Trainable())
//
// The nodes are made in s. A layer that leads not back, as pretrain.Built.Decode, or with Corrupt not up by another input, is an error.
func Unroll(s *graph.Scope, stack *pretrain.Stack, cfg UnrollConfig) (*Autoencoder, error) {
	a, err := unroll(s, stack, cfg)
	return a, errors.WithMessage(err, "autoencoder: Unroll")
}

func unroll(s *graph.Scope, stack *pretrain.Stack, cfg UnrollConfig) (*Autoencoder, error) {
	if stack == nil {
		return nil, errors.New("the stack is nil")
	}
	if err := cfg.Loss.known(); err != nil {
		return nil, err
	}
	g, x := s.Graph(), stack.Input()
	a := &Autoencoder{Stack: stack, Code: stack.Output()}
	a.Reconstruction = stack.Decode(s, a.Code)
	if err := g.Err(); err != nil {
		return nil, err
	}
	if got, want := graph.SpecOf(a.Reconstruction), graph.SpecOf(x); !graph.Compatible(got.Shape, want.Shape) {
		return nil, errors.Errorf("the stack leads back to %v from %v; want the form of its input", got, want)
	}
	code, y := a.Code, a.Reconstruction
	if cfg.Corrupt != nil {
		t := s.NameScope("corrupted")
		code = stack.Encode(t, graph.Name(t, "x", cfg.Corrupt(t, x)))
		y = stack.Decode(t, code)
	}
	l := s.NameScope("loss")
	if cfg.Loss == CrossEntropy {
		var err error
		if y, err = logits(g, y); err != nil {
			return nil, err
		}
	}
	a.Error = cfg.Loss.of(l, x, y)
	a.Loss = a.Error
	if cfg.Sparsity.Weight != 0 {
		spec := graph.SpecOf(code)
		if err := cfg.Sparsity.check(traits{low: 0, high: 1}); err != nil {
			return nil, err
		}
		if spec.Rank() < 2 {
			return nil, errors.Errorf("Sparsity wants a code [batch, ..., units]; this one is %v", spec)
		}
		a.Loss = ops.Add(l, a.Loss, ops.Scale(l, cfg.Sparsity.of(l.NameScope("sparsity"), code), cfg.Sparsity.Weight))
	}
	for _, loss := range regularized(l, cfg.Regularizer, kernels(g, stack)) {
		a.Loss = ops.Add(l, a.Loss, loss)
	}
	return a, g.Err()
}

// logits are what a sigmoid was made of.
func logits(g *graph.Graph, y *gorgonia.Node) (*gorgonia.Node, error) {
	def, ok := g.OpOf(y)
	if !ok || def.Name != "sigmoid" {
		return nil, errors.Errorf("CrossEntropy wants a reconstruction by ops.Sigmoid, which %s is not; "+
			"give the lowest layer CrossEntropy or Output: ops.Sigmoid", g.NameOf(y))
	}
	return g.InputsOf(y)[0], nil
}

// kernels are the trainable variables of a stack that are no biases.
func kernels(g *graph.Graph, stack *pretrain.Stack) gorgonia.Nodes {
	trainable := g.Trainable()
	return slices.DeleteFunc(stack.Variables(), func(v *gorgonia.Node) bool {
		return graph.SpecOf(v).Rank() < 2 || !slices.Contains(trainable, v)
	})
}
