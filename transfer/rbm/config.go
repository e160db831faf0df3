package rbm

import (
	"fmt"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Units says what visible units are.
type Units int

const (
	// Bernoulli units are 0 or 1, or the probability of 1.
	Bernoulli Units = iota
	// Gaussian units are real numbers of variance 1 around what the hidden units say.
	Gaussian
)

// String is the name of the units.
func (u Units) String() string {
	switch u {
	case Bernoulli:
		return "Bernoulli"
	case Gaussian:
		return "Gaussian"
	}
	return fmt.Sprintf("Units(%d)", int(u))
}

// check reports units that are neither of the two.
func (u Units) check() error {
	if u != Bernoulli && u != Gaussian {
		return errors.Errorf("the visible units are %v; want rbm.Bernoulli or rbm.Gaussian", u)
	}
	return nil
}

// Config configures New. Hidden is required, and for RBM.Step LearningRate or Optimizer; the zero values of all else make plain CD-1 of Bernoulli
// units.
type Config struct {
	Hidden  int   // number of hidden units
	Visible Units // what the visible units are; default Bernoulli

	// LearningRate of gradient descent, or, where Momentum is in (0, 1), of gradient descent with momentum, on means over the batch. Hinton's guide
	// begins with a momentum of 0.5 and goes on with 0.9. For other methods, or a schedule, give an Optimizer in place of both.
	LearningRate float64
	Momentum     float64
	Optimizer    training.Optimizer

	// WeightDecay is the L2 penalty: WeightDecay*W is added to the gradient of the weights, not of the biases. The guide: 0.01 to 0.00001.
	WeightDecay float64
	// Sparsity has each hidden unit active for few examples; the zero value has not.
	Sparsity Sparsity

	Steps int // of Gibbs sampling, the k of CD-k; 0 is 1
	// Particles is how many fantasy particles the chain has that goes on from step to step (PCD), best as many as the batch has examples. 0 is none:
	// CD-k.
	Particles int
	// SampleVisible draws the visible units of the chain in place of using their probabilities, or means. Fantasy particles are always drawn.
	SampleVisible bool

	Kernel      graph.Initializer // of the weights; default Normal(0, 0.01)
	HiddenBias  graph.Initializer // default zeros; Hinton's guide suggests negative ones, such as -4, for sparse hidden units
	VisibleBias graph.Initializer // default zeros; Statistics.VisibleBias makes one that explains each unit's mean
}

// Sparsity drives the mean activity of each hidden unit to a target: q, the running mean of its probability over batches, is kept, and
//
//	q = Decay*q + (1-Decay)*mean of the batch
//	Cost*(Target - q) is added to the probabilities in the statistics of the data
//
// which changes weights and bias alike. Hinton's guide, section 11: take the largest Cost that does not hinder learning.
type Sparsity struct {
	Target float64 // of the probability, in (0, 1), usually 0.01 to 0.1; 0 is no such target
	Cost   float64 // positive; required with a Target
	Decay  float64 // in (0, 1), default 0.9; graph.Zero: each batch by itself
}

// weightStddev is the standard deviation of initial weights.
const weightStddev = 0.01

const defaultSparsityDecay = 0.9

// check reports what is wrong with the config, and fills in defaults.
func (cfg *Config) check() error {
	if err := cfg.Visible.check(); err != nil {
		return errors.WithMessage(err, "Visible")
	}
	switch {
	case cfg.Hidden < 1:
		return errors.Errorf("Hidden is %d; want the number of hidden units, 1 or more", cfg.Hidden)
	case cfg.Optimizer != nil && (cfg.LearningRate != 0 || cfg.Momentum != 0):
		return errors.New("Optimizer is given beside LearningRate or Momentum; want one or the other")
	case !(cfg.LearningRate >= 0 && cfg.LearningRate <= math.MaxFloat64):
		return errors.Errorf("LearningRate is %v; want a positive number (graph.Zero for zero)", cfg.LearningRate)
	case !(cfg.Momentum >= 0 && cfg.Momentum < 1):
		return errors.Errorf("Momentum is %v; want 0 to less than 1", cfg.Momentum)
	case !(cfg.WeightDecay >= 0 && cfg.WeightDecay <= math.MaxFloat64):
		return errors.Errorf("WeightDecay is %v; want 0 or more", cfg.WeightDecay)
	case cfg.Steps < 0:
		return errors.Errorf("Steps is %d; want 1 or more (0 means 1)", cfg.Steps)
	case cfg.Particles < 0:
		return errors.Errorf("Particles is %d; want the number of fantasy particles, or 0 for chains that begin at the data", cfg.Particles)
	}
	if cfg.Steps == 0 {
		cfg.Steps = 1
	}
	return errors.WithMessage(cfg.Sparsity.check(), "Sparsity")
}

func (sp *Sparsity) check() error {
	switch {
	case !(sp.Target >= 0 && sp.Target < 1):
		return errors.Errorf("Target is %v; want a probability between 0 and 1, or 0 for none", sp.Target)
	case sp.Target == 0 && (sp.Cost != 0 || sp.Decay != 0):
		return errors.New("Target is 0, but Cost or Decay is not; want a Target such as 0.05")
	case sp.Target > 0 && !(sp.Cost > 0 && sp.Cost <= math.MaxFloat64):
		return errors.Errorf("Cost is %v; want a positive number with the Target", sp.Cost)
	case !(sp.Decay >= 0 && sp.Decay < 1):
		return errors.Errorf("Decay is %v; want 0 to less than 1", sp.Decay)
	}
	if sp.Decay == 0 {
		sp.Decay = defaultSparsityDecay
	}
	return nil
}

// optimizer is how the weights follow their gradients.
func (cfg *Config) optimizer() training.Optimizer {
	switch {
	case cfg.Optimizer != nil:
		return cfg.Optimizer
	case cfg.Momentum > 0:
		return training.Momentum(training.MomentumConfig{LearningRate: cfg.LearningRate, Momentum: cfg.Momentum})
	}
	return training.GradientDescent(training.GradientDescentConfig{LearningRate: cfg.LearningRate})
}
