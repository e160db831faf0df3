package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// KLDivergenceConfig configures KLDivergence.
type KLDivergenceConfig struct {
	// Probabilities says that the predictions are probabilities, as Keras takes
	// them, and not their logarithms.
	Probabilities bool
	Epsilon       float64 // probabilities are clipped to [Epsilon, 1]; default 1e-7
}

// KLDivergence is the Kullback-Leibler divergence of a predicted distribution from
// that of the labels, for each example: sum(z * (ln(z) - ln(p))) over the last
// axis, where a label of 0 counts as 0. The predictions are logarithms ln(p), such
// as LogSoftmax gives, which are exact for logits of any size; of probabilities
// (Config.Probabilities) what is below Epsilon has lost its gradient.
//
// labels and predictions [..., classes], of one float dtype, give [...].
// WeightedLoss reduces it: its default over a batch is torch's reduction
// "batchmean". tf.keras.losses.kullback_leibler_divergence with Probabilities,
// but for the clipping of labels there; torch's F.kl_div with reduction "none",
// summed over the classes.
//
// The gradients are -grad*z for ln(p) and grad*(1 + ln(z) - ln(p)) for the labels,
// of which the terms 1 + ln(z) count as 0 where z is 0.
//
// TF: tf.keras.losses.kullback_leibler_divergence. PyTorch: torch.nn.functional.kl_div. Dtypes: float. Gradient: yes.
func KLDivergence(s *graph.Scope, labels, predictions *gorgonia.Node, cfg KLDivergenceConfig) *gorgonia.Node {
	const name = "KLDivergence"
	eps, err := epsilonOr(cfg.Epsilon, 1e-7)
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{labels, predictions}, graph.SpecOf(predictions), err)
	}
	if cfg.Probabilities && predictions != nil && graph.SpecOf(predictions).IsFloat() {
		inner := s.NameScope(name)
		predictions = Log(inner, ClipByValue(inner, predictions, eps, 1))
	}
	return graph.Apply(s, graph.OpDef{
		Name:   name,
		Infer:  inferRowLoss("labels and predictions"),
		Kernel: rowLoss(divergence[float32], divergence[float64]),
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			z, logs := in[0], in[1]
			none := Equal(s, z, graph.ZerosLike(s, z))
			own := Log(s, Where(s, none, graph.OnesLike(s, z), z)) // 0*ln(0) counts as 0
			return only(Sum(s, MulNoNan(s, Sub(s, own, logs), z), -1))
		},
	}, labels, predictions)
}

func divergence[T float](z, logs []T) float64 {
	sum := 0.0
	for i, p := range z {
		if p != 0 {
			sum += float64(p) * (float64(kernel.LogScalar(p)) - float64(logs[i]))
		}
	}
	return sum
}
