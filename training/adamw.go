package training

import (
	"cmp"

	"gorgonia.org/gorgonia"
)

// AdamWConfig configures AdamW. WeightDecay is required; the rest has Adam's
// defaults.
type AdamWConfig struct {
	LearningRate float64        // default 0.001
	Beta1        float64        // decay of the mean; default 0.9, graph.Zero for none
	Beta2        float64        // decay of the mean square; default 0.999, graph.Zero for none
	Epsilon      float64        // "epsilon hat"; default 1e-8
	WeightDecay  float64        // usually 0.01; graph.Zero for none
	NoDecay      []string       // patterns of variables that do not decay
	Schedule     *gorgonia.Node // a scalar float node that wins over LearningRate
	GlobalStep   *gorgonia.Node // incremented by every step (see GlobalStep)
	Multipliers  []Multiplier   // of the learning rate, by pattern of the variables' names
	Name         string         // of its ops and slots; default "AdamW"

	// DecayWithoutRate subtracts WeightDecay*v, without the learning rate, as
	// tf.contrib.opt.AdamWOptimizer does.
	DecayWithoutRate bool
}

// AdamW is Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv
// 1711.05101): DecoupledWeightDecay around Adam. A step is
//
//	v -= lr * decay * v
//
// and then Adam's. torch.optim.AdamW, but for the place of epsilon (see Adam);
// tf.contrib.opt.AdamWOptimizer does not multiply the decay by lr, which
// DecayWithoutRate asks for. The slots are .../AdamW and .../AdamW_1.
func AdamW(cfg AdamWConfig) *DecoupledWeightDecayOptimizer {
	cfg.Name = cmp.Or(cfg.Name, "AdamW")
	adam := Adam(AdamConfig{
		LearningRate: cfg.LearningRate, Beta1: cfg.Beta1, Beta2: cfg.Beta2, Epsilon: cfg.Epsilon,
		Schedule: cfg.Schedule, GlobalStep: cfg.GlobalStep, Multipliers: cfg.Multipliers, Name: cfg.Name,
	})
	return DecoupledWeightDecay(adam, DecoupledWeightDecayConfig{
		WeightDecay: cfg.WeightDecay, NoDecay: cfg.NoDecay, DecayWithoutRate: cfg.DecayWithoutRate, Name: cfg.Name,
	})
}
