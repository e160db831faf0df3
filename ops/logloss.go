package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LogLossConfig configures LogLoss.
type LogLossConfig struct {
	Epsilon float64 // keeps the logarithms finite; default 1e-7, graph.Zero for none
}

// LogLoss is the cross-entropy of predicted probabilities p with labels z in
// [0, 1], elementwise, for independent classes:
//
//	-z*ln(p + epsilon) - (1-z)*ln(1 - p + epsilon)
//
// where a logarithm of factor 0 counts as 0. Predictions that come out of a
// sigmoid have lost what is beyond the last bit near 1: where there are logits,
// SigmoidCrossEntropy is exact. Any shape, both of one float dtype and of equal
// shape (labels may be integers or bool); the result has that shape. WeightedLoss
// reduces it. tf.losses.log_loss before weights and reduction; torch's
// F.binary_cross_entropy with reduction "none", which has no epsilon but stops the
// logarithms at -100.
//
// The gradients are grad*((1-z)/(1-p+epsilon) - z/(p+epsilon)) and, for the
// labels, grad*(ln(1-p+epsilon) - ln(p+epsilon)).
//
// TF: tf.losses.log_loss. PyTorch: torch.nn.functional.binary_cross_entropy. Dtypes: float. Gradient: yes.
func LogLoss(s *graph.Scope, labels, predictions *gorgonia.Node, cfg LogLossConfig) *gorgonia.Node {
	const name = "LogLoss"
	eps, err := epsilonOr(cfg.Epsilon, 1e-7)
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{labels, predictions}, graph.SpecOf(predictions), err)
	}
	return elementLoss{
		name: name, of: "predictions", attrs: map[string]interface{}{"epsilon": eps},
		f32: func(loss, z, p []float32) { logLosses(loss, z, p, eps) },
		f64: func(loss, z, p []float64) { logLosses(loss, z, p, eps) },
		slopes: func(s *graph.Scope, z, p *gorgonia.Node) (dz, dp *gorgonia.Node) {
			one := graph.ConstOf(s, p.Dtype(), 1.0)
			yes, no := AddScalar(s, p, eps), AddScalar(s, Sub(s, one, p), eps)
			reciprocal := func(x *gorgonia.Node) *gorgonia.Node { return Div(s, one, x) }
			dz = Sub(s, Log(s, no), Log(s, yes))
			dp = Sub(s, MulNoNan(s, reciprocal(no), Sub(s, one, z)), MulNoNan(s, reciprocal(yes), z))
			return dz, dp
		},
	}.apply(s, labels, predictions)
}

// epsilonOr returns an epsilon of a config, or what it is by default.
func epsilonOr(epsilon, byDefault float64) (float64, error) {
	if epsilon == 0 {
		return byDefault, nil
	}
	if !(epsilon > 0) || math.IsInf(epsilon, 0) {
		return byDefault, errors.Errorf("Epsilon is %v; want a small positive number, or 0 for %v", epsilon, byDefault)
	}
	return epsilon, nil
}

func logLosses[T float](loss, z, p []T, epsilon float64) {
	z, p = z[:len(loss)], p[:len(loss)]
	eps := T(epsilon)
	for i, v := range p {
		yes, no := z[i], 1-z[i]
		var sum T
		if yes != 0 {
			sum -= yes * kernel.LogScalar(v+eps)
		}
		if no != 0 {
			sum -= no * kernel.LogScalar(1-v+eps)
		}
		loss[i] = sum
	}
}
