package gradient

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// NoiseConfig configures Noise. Eta is required, and GlobalStep unless Gamma is
// graph.Zero.
type NoiseConfig struct {
	Eta        float64        // the variance in step 0: the paper takes 0.01, 0.3 or 1
	Gamma      float64        // how fast it falls; default 0.55, graph.Zero for never
	GlobalStep *gorgonia.Node // what the optimizer counts steps with: training.GlobalStep(s)
}

// Noise adds normally distributed numbers to every gradient, with mean 0 and a
// variance that falls with the global step t (Neelakantan et al. 2015, arXiv
// 1511.06807):
//
//	eta / (1+t)^gamma
//
// As in ops.RandomNormal the numbers depend on the graph's seed, the name of the op that
// draws them, one for each variable, and how often it has drawn. optax.add_noise;
// tf.contrib.layers.optimize_loss has gradient_noise_scale, which does not fall.
func Noise(cfg NoiseConfig) training.GradientStep {
	switch cfg.Gamma {
	case 0:
		cfg.Gamma = 0.55
	case graph.Zero:
		cfg.Gamma = 0
	}
	return func(s *graph.Scope, grads []training.GradVar) []training.GradVar {
		if err := cfg.check(s.Graph()); err != nil {
			s.Fail("Noise", nil, graph.Spec{Dtype: tensor.Float32}, err)
			return grads
		}
		stddev := cfg.stddev(s)
		return Transform(func(s *graph.Scope, gv training.GradVar) *gorgonia.Node {
			sp := graph.SpecOf(gv.Var)
			noise := ops.RandomNormal(s, 0, 1, ops.RandomConfig{Dtype: sp.Dtype}, sp.Shape...)
			return ops.Add(s, gv.Grad, ops.Mul(s, noise, ops.Cast(s, stddev, sp.Dtype)))
		})(s, grads)
	}
}

func (cfg NoiseConfig) check(g *graph.Graph) error {
	step := cfg.GlobalStep
	switch {
	case !(cfg.Eta > 0) || math.IsInf(cfg.Eta, 0):
		return errors.Errorf("Eta is %v; want a positive number", cfg.Eta)
	case !(cfg.Gamma >= 0) || math.IsInf(cfg.Gamma, 0):
		return errors.Errorf("Gamma is %v; want a positive number", cfg.Gamma)
	case cfg.Gamma == 0 || step != nil && graph.IsBad(step):
		return nil
	case step == nil:
		return errors.New("GlobalStep is nil, with which the noise would not fall; give it training.GlobalStep(s), or set Gamma to graph.Zero")
	case step.Graph() != g.Expr():
		return errors.New("GlobalStep belongs to another graph")
	}
	if sp := graph.SpecOf(step); !sp.IsInt() || sp.Rank() != 0 {
		return errors.Errorf("GlobalStep %s is %v; want a scalar of int, int32 or int64", g.NameOf(step), sp)
	}
	return nil
}

// stddev is sqrt(eta) * (1+t)^(-gamma/2), a float64 scalar.
func (cfg NoiseConfig) stddev(s *graph.Scope) *gorgonia.Node {
	if cfg.Gamma == 0 {
		return graph.ConstOf(s, tensor.Float64, math.Sqrt(cfg.Eta))
	}
	t := ops.AddScalar(s, ops.Cast(s, cfg.GlobalStep, tensor.Float64), 1)
	return ops.Scale(s, ops.Pow(s, t, graph.ConstOf(s, tensor.Float64, -cfg.Gamma/2)), math.Sqrt(cfg.Eta))
}
