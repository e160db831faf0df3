package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// PoissonLossConfig configures PoissonLoss.
type PoissonLossConfig struct {
	Rates   bool    // the predictions are the rates themselves, not their logarithms
	Epsilon float64 // is added to a rate before its logarithm is taken; default 1e-8, graph.Zero for none
	Full    bool    // adds ln(labels!), which does not depend on the predictions
}

// PoissonLoss is the negative log-likelihood of counts z under Poisson
// distributions, elementwise. The predictions x are logarithms of the rates:
//
//	exp(x) - z*x
//
// or, with Config.Rates, the rates: x - z*ln(x + epsilon). A count of 0 leaves the
// second term out, whatever its logarithm. Config.Full adds Stirling's
// approximation of ln(z!), z*ln(z) - z + ln(2*pi*z)/2, where z > 1. A float32
// overflows beyond a logarithm of 88. Any shape, both of one float dtype and of
// equal shape (labels may be integers or bool); the result has that shape.
// WeightedLoss reduces it. tf.nn.log_poisson_loss; torch's F.poisson_nll_loss with
// reduction "none"; tf.keras.losses.poisson with Rates and Epsilon 1e-7 before its
// mean over the last axis.
//
// The gradients are grad*(exp(x) - z) and -grad*x for the labels; with Rates
// grad*(1 - z/(x + epsilon)) and -grad*ln(x + epsilon).
//
// TF: tf.nn.log_poisson_loss. PyTorch: torch.nn.functional.poisson_nll_loss. Dtypes: float. Gradient: yes.
func PoissonLoss(s *graph.Scope, labels, predictions *gorgonia.Node, cfg PoissonLossConfig) *gorgonia.Node {
	const name = "PoissonLoss"
	eps, err := epsilonOr(cfg.Epsilon, 1e-8)
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{labels, predictions}, graph.SpecOf(predictions), err)
	}
	l := elementLoss{
		name: name, of: "predictions",
		attrs: map[string]interface{}{"rates": cfg.Rates, "epsilon": eps, "full": cfg.Full},
		f32:   func(loss, z, x []float32) { logPoisson(loss, z, x, cfg.Full) },
		f64:   func(loss, z, x []float64) { logPoisson(loss, z, x, cfg.Full) },
		slopes: func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			return Sub(s, stirlingSlope(s, z, cfg.Full), x), Sub(s, Exp(s, x), z)
		},
	}
	if cfg.Rates {
		l.f32 = func(loss, z, x []float32) { ratePoisson(loss, z, x, eps, cfg.Full) }
		l.f64 = func(loss, z, x []float64) { ratePoisson(loss, z, x, eps, cfg.Full) }
		l.slopes = func(s *graph.Scope, z, x *gorgonia.Node) (dz, dx *gorgonia.Node) {
			one := graph.ConstOf(s, x.Dtype(), 1.0)
			rate := AddScalar(s, x, eps)
			dz = Sub(s, stirlingSlope(s, z, cfg.Full), Log(s, rate))
			return dz, Sub(s, one, MulNoNan(s, Div(s, one, rate), z))
		}
	}
	return l.apply(s, labels, predictions)
}

func logPoisson[T float](loss, z, x []T, full bool) {
	z, x = z[:len(loss)], x[:len(loss)]
	for i, v := range x {
		count := z[i]
		sum := kernel.ExpScalar(v)
		if count != 0 {
			sum -= T(count * v)
		}
		if full {
			sum += stirling(count)
		}
		loss[i] = sum
	}
}

func ratePoisson[T float](loss, z, x []T, epsilon float64, full bool) {
	z, x = z[:len(loss)], x[:len(loss)]
	eps := T(epsilon)
	for i, v := range x {
		count := z[i]
		if count != 0 {
			v -= T(count * kernel.LogScalar(v+eps))
		}
		if full {
			v += stirling(count)
		}
		loss[i] = v
	}
}

// stirling approximates ln(z!) for z > 1 and is 0 otherwise.
func stirling[T float](z T) T {
	v := float64(z)
	if !(v > 1) {
		return 0
	}
	return T(v*math.Log(v) - v + math.Log(2*math.Pi*v)/2)
}

// stirlingSlope is the derivative of stirling: ln(z) + 1/(2z) where z > 1.
func stirlingSlope(s *graph.Scope, z *gorgonia.Node, full bool) *gorgonia.Node {
	zero, one := graph.ConstOf(s, z.Dtype(), 0.0), graph.ConstOf(s, z.Dtype(), 1.0)
	if !full {
		return zero
	}
	many := Greater(s, z, one)
	safe := Where(s, many, z, one)
	return Where(s, many, Add(s, Log(s, safe), Div(s, graph.ConstOf(s, z.Dtype(), 0.5), safe)), zero)
}
