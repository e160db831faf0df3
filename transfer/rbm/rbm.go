package rbm

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// RBM is a restricted Boltzmann machine on the values of a node, with what trains and judges it.
type RBM struct {
	X *gorgonia.Node // the data, [batch, visible]

	// The variables have the names that a dense layer's have, "kernel" and "bias", and "visible_bias", so that
	// ops.Dense with Reuse, or a checkpoint, takes over what was learnt.
	Weights     *gorgonia.Node // [visible, hidden]
	HiddenBias  *gorgonia.Node // [hidden]
	VisibleBias *gorgonia.Node // [visible]

	Features       *gorgonia.Node // Hidden of X, [batch, hidden]: what a next layer is trained on
	Reconstruction *gorgonia.Node // Reconstruct of X, [batch, visible]
	MeanFreeEnergy *gorgonia.Node // the mean over the batch of FreeEnergy of X, a scalar

	// ReconstructionError is the mean over examples and units of the square of X less its reconstruction: by the first step of the chain that learns,
	// before anything visible is drawn; with fantasy particles, whose chain reconstructs nothing, that of Reconstruction. Fetched beside a step it costs
	// next to nothing in the first case.
	ReconstructionError *gorgonia.Node

	// Gradients are the estimated gradients of the mean negative log-likelihood (and penalties), for an optimizer of one's own; run Updates with its
	// step:
	//
	//	step := opt.ApplyGradients(s.After(r.Updates...), r.Gradients)
	Gradients []training.GradVar
	// Updates change what else is kept from step to step, the particles and the mean activities, and check X.
	Updates gorgonia.Nodes
	// Draws are the random numbers of a step, in the order in which they are used: for each step of the chain those that decide on the hidden units,
	// uniform on [0, 1), [batch or particles, hidden], then, where visible units are drawn, those for them, [batch or particles, visible], uniform or
	// (Gaussian) standard normal. A unit is 1 where the number is below its probability. A Run that is fed them draws nothing.
	Draws gorgonia.Nodes

	Particles    *gorgonia.Node // the variable of the fantasy particles, [Config.Particles, visible]; nil for CD-k
	MeanActivity *gorgonia.Node // the variable of the hidden units' running means, [hidden]; nil without Sparsity

	cfg       Config
	optimizer training.Optimizer
}

// New makes a restricted Boltzmann machine on x, [batch, visible] in float32 or float64, which also is the dtype of its variables; they are named
// beneath s, so machines want a scope each. x is a placeholder, or any other node: the Features of the machine below, say, which a step does not
// train.
//
// What is wrong with x or the config is an error of the graph. A Run of a Step fails, with nothing changed, where X is no data for the visible units.
func New(s *graph.Scope, x *gorgonia.Node, cfg Config) *RBM {
	r := &RBM{X: x, cfg: cfg}
	if x != nil && graph.IsBad(x) { // reported where it was made
		r.fill(x)
		return r
	}
	err := r.cfg.check()
	if err == nil {
		err = checkInput(x)
	}
	if err != nil {
		r.fill(s.Fail("RBM", given(x), intended(s, x), err))
		return r
	}
	s.Compose(func(s *graph.Scope) *gorgonia.Node {
		r.build(s)
		return r.ReconstructionError
	})
	return r
}

func checkInput(x *gorgonia.Node) error {
	if x == nil {
		return errors.New("x is nil; want the data, [batch, visible]")
	}
	sp := graph.SpecOf(x)
	switch {
	case !sp.IsFloat():
		return errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", sp)
	case sp.Rank() != 2:
		return errors.Errorf("x is %v; want [batch, visible] (ops.Flatten makes rows of images)", sp)
	case sp.Shape[1] < 1:
		return errors.Errorf("x is %v; the number of visible units, its last size, must be known", sp)
	}
	return nil
}

// given are the nodes that an error shows.
func given(x *gorgonia.Node) gorgonia.Nodes {
	if x == nil {
		return nil
	}
	return gorgonia.Nodes{x}
}

func intended(s *graph.Scope, x *gorgonia.Node) graph.Spec {
	if x == nil {
		return graph.Spec{Dtype: s.Graph().Dtype()}
	}
	return graph.SpecOf(x)
}

// fill puts a node that could not be built in all places, so that what is built on the machine does nothing either.
func (r *RBM) fill(bad *gorgonia.Node) {
	r.X, r.Weights, r.HiddenBias, r.VisibleBias = bad, bad, bad, bad
	r.Features, r.Reconstruction, r.MeanFreeEnergy, r.ReconstructionError = bad, bad, bad, bad
}

func (r *RBM) build(s *graph.Scope) {
	r.variables(s)
	r.Features = r.Hidden(s.NameScope("features"), r.X)
	r.Reconstruction = r.Visible(s.NameScope("reconstruction"), r.Features)
	energy := s.NameScope("free_energy")
	r.MeanFreeEnergy = ops.Mean(energy, r.FreeEnergy(energy, r.X))
	r.learn(s)
	r.optimizer = r.cfg.optimizer()
}

func (r *RBM) variables(s *graph.Scope) {
	visible, hidden := graph.SpecOf(r.X).Shape[1], r.cfg.Hidden
	make := func(name string, init, otherwise graph.Initializer, shape ...int) *gorgonia.Node {
		if init == nil {
			init = otherwise
		}
		return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: r.X.Dtype(), Initializer: init})
	}
	r.Weights = make("kernel", r.cfg.Kernel, initializers.RandomNormal(0, weightStddev), visible, hidden)
	r.HiddenBias = make("bias", r.cfg.HiddenBias, initializers.Zeros(), hidden)
	r.VisibleBias = make("visible_bias", r.cfg.VisibleBias, initializers.Zeros(), visible)
}

// missing is a bad node, with its error in the graph, where there is no machine; else nil. op would have been built on v.
func (r *RBM) missing(s *graph.Scope, op string, v *gorgonia.Node) *gorgonia.Node {
	if r.exists() {
		return nil
	}
	return s.Fail(op, given(v), intended(s, v), errMissing)
}

var errMissing = errors.New("the machine is nil; want one that rbm.New made")

func (r *RBM) exists() bool { return r != nil && r.Weights != nil }

// Hidden is the probability of each hidden unit given visible ones, [batch, visible] -> [batch, hidden].
func (r *RBM) Hidden(s *graph.Scope, v *gorgonia.Node) *gorgonia.Node {
	if bad := r.missing(s, "Hidden", v); bad != nil {
		return bad
	}
	return ops.Sigmoid(s, r.hiddenInput(s, v))
}

func (r *RBM) hiddenInput(s *graph.Scope, v *gorgonia.Node) *gorgonia.Node {
	return ops.BiasAdd(s, ops.MatMul(s, v, r.Weights), r.HiddenBias)
}

// Visible is the probability of each visible unit, or the mean of a Gaussian one, given hidden ones or their probabilities, [batch, hidden] ->
// [batch, visible].
func (r *RBM) Visible(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
	if bad := r.missing(s, "Visible", h); bad != nil {
		return bad
	}
	v := ops.BiasAdd(s, ops.MatMulT(s, h, r.Weights, false, true), r.VisibleBias)
	if r.cfg.Visible == Gaussian {
		return v
	}
	return ops.Sigmoid(s, v)
}

// Reconstruct is Visible of Hidden, nothing being drawn, [batch, visible] -> [batch, visible].
func (r *RBM) Reconstruct(s *graph.Scope, v *gorgonia.Node) *gorgonia.Node {
	if bad := r.missing(s, "Reconstruct", v); bad != nil {
		return bad
	}
	return r.Visible(s, r.Hidden(s, v))
}

// FreeEnergy is F(v), for which p(v) = e^-F(v) / Z, [batch, visible] -> [batch]:
//
//	F(v) = -b·v - sum over j of softplus(c_j + v·W_j)         Bernoulli
//	F(v) = |v - b|²/2 - sum over j of softplus(c_j + v·W_j)   Gaussian
func (r *RBM) FreeEnergy(s *graph.Scope, v *gorgonia.Node) *gorgonia.Node {
	if bad := r.missing(s, "FreeEnergy", v); bad != nil {
		return bad
	}
	hidden := ops.Sum(s, ops.Softplus(s, r.hiddenInput(s, v)), 1)
	if r.cfg.Visible == Gaussian {
		squares := ops.Square(s, ops.Sub(s, v, r.VisibleBias))
		return ops.Sub(s, ops.Scale(s, ops.Sum(s, squares, 1), 0.5), hidden)
	}
	return ops.Neg(s, ops.Add(s, ops.Sum(s, ops.Mul(s, v, r.VisibleBias), 1), hidden))
}

// String describes the machine in a line.
func (r *RBM) String() string {
	if !r.exists() || graph.IsBad(r.X) || graph.IsBad(r.Weights) {
		return "no restricted Boltzmann machine"
	}
	how := fmt.Sprintf("CD-%d", r.cfg.Steps)
	if r.cfg.Particles > 0 {
		how = fmt.Sprintf("PCD-%d with %d particles", r.cfg.Steps, r.cfg.Particles)
	}
	visible := graph.SpecOf(r.Weights).Shape[0]
	return fmt.Sprintf("restricted Boltzmann machine: %d %v visible units, %d hidden units, %s", visible, r.cfg.Visible, r.cfg.Hidden, how)
}

// SimpleRender is what a notebook shows of the machine.
func (r *RBM) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": r.String()}
}
