package autoencoder

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// VariationalConfig configures NewVariational. Code is required; the zero value of everything else is the default that its comment names.
type VariationalConfig struct {
	Hidden     []int          // widths of the encoder's hidden layers; the decoder mirrors them; default none
	Code       int            // how many numbers a code has
	Activation ops.Activation // of the hidden layers; default ELU
	// Loss says what an example is given its code: Bernoulli variables (CrossEntropy), or normal ones of variance 1 (SquaredError, the default).
	Loss Loss
	// Beta is the weight of the divergence (Higgins et al., "beta-VAE", 2017); default 1, graph.Zero for none.
	Beta   float64
	Kernel graph.Initializer // of the kernels; default initializers.GlorotUniform
}

// Variational is a variational autoencoder that stands in a graph: an encoder that says which codes an example may have had, and a decoder that says
// what a code becomes.
type Variational struct {
	Mean, LogVariance *gorgonia.Node // of an example's code, [batch, code]; Mean draws nothing, and is what a classifier stands on
	// Noise is what is drawn in each Run, [batch, code], from the normal distribution with mean 0 and variance 1; by feeding it one decides on it.
	Noise          *gorgonia.Node
	Code           *gorgonia.Node // Mean + exp(LogVariance/2) * Noise
	Reconstruction *gorgonia.Node // of Mean, [batch, features]

	Error      *gorgonia.Node // the reconstruction error of Code: the sum over the features, averaged over the batch
	Divergence *gorgonia.Node // of the codes' distributions from the normal one, averaged over the batch
	Loss       *gorgonia.Node // Error + Beta*Divergence, what an optimizer is given

	code   int
	decode func(z *gorgonia.Node) *gorgonia.Node // without output
	output ops.Activation
}

// NewVariational builds a variational autoencoder on x, [batch, features], float32 or float64 (Kingma and Welling, "Auto-encoding variational Bayes",
// 2013). Its loss is the negative evidence lower bound in nats,
//
//	Loss = -log p(x|z) + Beta * KL(q(z|x) || N(0, 1)),  z = Mean + exp(LogVariance/2) * Noise
//	KL = -1/2 * sum over the code's numbers of (1 + LogVariance - Mean^2 - exp(LogVariance))
//
// where a single z is drawn for each example: since it is a function of Noise, gradients reach Mean and LogVariance through it. With SquaredError,
// the constant of the normal distribution is left out of -log p(x|z).
//
// The variables stand beneath s: encoder/hidden1 and so on, mean, log_variance, decoder/hidden1 and so on, and decoder/output, each with kernel and bias.
func NewVariational(s *graph.Scope, x *gorgonia.Node, cfg VariationalConfig) (*Variational, error) {
	v, err := newVariational(s, x, cfg)
	return v, errors.WithMessage(err, "autoencoder: NewVariational")
}

func newVariational(s *graph.Scope, x *gorgonia.Node, cfg VariationalConfig) (*Variational, error) {
	g := s.Graph()
	if err := cfg.check(x); err != nil {
		return nil, err
	}
	if err := g.Err(); err != nil {
		return nil, err
	}
	hidden := func(s *graph.Scope, h *gorgonia.Node, units []int) *gorgonia.Node {
		for i, n := range units {
			h = ops.Dense(s.Sub(fmt.Sprintf("hidden%d", i+1)), h, n, ops.DenseConfig{Kernel: cfg.Kernel, Activation: cfg.Activation})
		}
		return h
	}
	v := &Variational{code: cfg.Code}
	h := hidden(s.Sub("encoder"), x, cfg.Hidden)
	v.Mean = ops.Dense(s.Sub("mean"), h, cfg.Code, ops.DenseConfig{Kernel: cfg.Kernel})
	v.LogVariance = ops.Dense(s.Sub("log_variance"), h, cfg.Code, ops.DenseConfig{Kernel: cfg.Kernel})
	v.Noise = graph.Name(s, "noise", ops.RandomNormalLike(s, 0, 1, ops.RandomConfig{}, v.Mean))
	v.Code = ops.Add(s, v.Mean, ops.Mul(s, ops.Exp(s, ops.Scale(s, v.LogVariance, 0.5)), v.Noise))

	mirrored := make([]int, len(cfg.Hidden))
	for i, n := range cfg.Hidden {
		mirrored[len(mirrored)-1-i] = n
	}
	features := graph.SpecOf(x).Shape[1]
	decode := func(s *graph.Scope, z *gorgonia.Node) *gorgonia.Node {
		d := s.Sub("decoder")
		return ops.Dense(d.Sub("output"), hidden(d, z, mirrored), features, ops.DenseConfig{Kernel: cfg.Kernel})
	}
	y := decode(s, v.Code)
	v.decode = func(z *gorgonia.Node) *gorgonia.Node { return decode(s.Reuse(), z) }
	if v.output = graph.Identity; cfg.Loss == CrossEntropy {
		v.output = ops.Sigmoid
	}
	v.Reconstruction = v.Decode(s, v.Mean)

	l := s.NameScope("loss")
	v.Error = cfg.Loss.ofExample(l, x, y)
	v.Divergence = divergence(l.NameScope("divergence"), v.Mean, v.LogVariance)
	v.Loss = ops.Add(l, v.Error, ops.Scale(l, v.Divergence, cfg.Beta))
	return v, g.Err()
}

// divergence is that of Kullback and Leibler from normal distributions with these means and log-variances to N(0, 1), summed over a code and averaged
// over the batch.
func divergence(s *graph.Scope, mean, logVariance *gorgonia.Node) *gorgonia.Node {
	inside := ops.Sub(s, ops.AddScalar(s, logVariance, 1), ops.Add(s, ops.Square(s, mean), ops.Exp(s, logVariance)))
	return ops.Scale(s, ops.Mean(s, ops.Sum(s, inside, 1)), -0.5)
}

func (cfg *VariationalConfig) check(x *gorgonia.Node) error {
	if x == nil {
		return errors.New("x is nil; want the placeholder of the examples, or a node")
	}
	sp := graph.SpecOf(x)
	if cfg.Activation == nil {
		cfg.Activation = ops.ELUWith(1)
	}
	if cfg.Beta == 0 {
		cfg.Beta = 1
	}
	switch {
	case cfg.Code < 1:
		return errors.Errorf("Code is %d; want a positive number", cfg.Code)
	case cfg.Loss.known() != nil:
		return cfg.Loss.known()
	case !(cfg.Beta >= 0) || math.IsInf(cfg.Beta, 0):
		return errors.Errorf("Beta is %v; want a positive number, or graph.Zero", cfg.Beta)
	case !sp.IsFloat() || sp.Rank() != 2 || sp.Shape[1] < 1:
		return errors.Errorf("x is %v; want float32 or float64 [batch, features], of which features is known (ops.Flatten makes rows of maps)", sp)
	}
	return nil
}

// Decode builds in s what codes become, [batch, code] -> [batch, features]: probabilities with CrossEntropy, and means otherwise.
func (v *Variational) Decode(s *graph.Scope, z *gorgonia.Node) *gorgonia.Node {
	return v.output(s, v.decode(z))
}

// Sample builds in s n new examples, [n, features], anew in each Run: what codes become that are drawn from the normal distribution with mean 0 and
// variance 1.
func (v *Variational) Sample(s *graph.Scope, n int) *gorgonia.Node {
	return v.Decode(s, ops.RandomNormal(s, 0, 1, ops.RandomConfig{Dtype: v.Mean.Dtype()}, n, v.code))
}
