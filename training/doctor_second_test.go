package training_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// As TestDiagnoseJudgingSet, for the second set.
func TestDiagnoseSecondSet(t *testing.T) { testPatients(t, "second", secondSet) }

// secondSet returns nets that are nearer to the thresholds than those of the
// judging set. It was listed when what the first had shown had been mended, and
// before any of it was diagnosed.
func secondSet() []patient {
	he, glorot := initializers.He(), initializers.GlorotUniform()
	zeros := initializers.Zeros()
	return []patient{
		{name: "ReLU, He, outputs from 0, 3 x 100", data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: he, out: zeros, opt: adam(0.001)},
		{name: "8 pre-activation blocks, batch norm", data: "digits", net: preActivationNet(false), opt: momentum(0.02)},
		{name: "8 pre-activation blocks from 0", data: "digits", net: preActivationNet(true), opt: adam(0.001)},
		{name: "ReLU, He, 2 x 100, Adam 0.01", data: "digits", hidden: widths(100, 2), act: ops.ReLU, kernel: he, opt: adam(0.01)},
		{name: "ELU, He, 3 x 100, Adam 0.0001", data: "digits", hidden: widths(100, 3), act: elu, kernel: he, opt: adam(0.0001)},
		{name: "ReLU, He, 3 x 100, SGD 0.01", data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: he, opt: sgd(0.01)},
		{name: "sigmoid, Xavier, 2 x 80", data: "clusters", hidden: widths(80, 2), act: ops.Sigmoid, kernel: glorot, opt: adam(0.003)},
		{name: "tanh, Xavier, 10 x 50", data: "digits", hidden: widths(50, 10), act: ops.Tanh, kernel: glorot, opt: adam(0.001)},
		{name: "tanh, orthogonal, 20 x 40", data: "clusters", hidden: widths(40, 20), act: ops.Tanh, kernel: initializers.Orthogonal(1), opt: sgd(0.02)},
		{name: "ReLU, Xavier, 8 x 60", data: "digits", hidden: widths(60, 8), act: ops.ReLU, kernel: glorot, opt: adam(0.001)},
		{name: "ReLU, normal(0.1), 3 x 100", data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: normal(0.1), opt: sgd(0.1)},
		{name: "Mish, He, 8 x 50", data: "spirals", hidden: widths(50, 8), act: ops.Mish, kernel: he, opt: adam(0.003)},
		{name: "random leaky ReLU, 3 x 80, batch 400", data: "clusters", batch: 400, hidden: widths(80, 3), act: ops.LeakyReLUWith(0.2), kernel: he, opt: adam(0.005)},
		{name: "tanh, regression, trained for 1500 steps", data: "regression", hidden: widths(40, 2), act: ops.Tanh, kernel: glorot, opt: adam(0.003), warm: 1500},
		{name: "softmax regression, trained for 1000 steps", data: "digits", opt: sgd(0.3), warm: 1000},
		{name: "bottleneck of 2, autoencoder", data: "autoencoder", hidden: []int{40, 10, 2, 10, 40}, act: ops.Tanh, kernel: glorot, opt: adam(0.003), wrong: true},

		{name: "sigmoid, Xavier, 3 x 60", sick: ails(training.VanishingGradients), data: "digits", hidden: widths(60, 3), act: ops.Sigmoid, kernel: glorot, opt: sgd(0.1)},
		{name: "tanh, normal(0.03), 5 x 100", sick: ails(training.VanishingGradients), data: "digits", hidden: widths(100, 5), act: ops.Tanh, kernel: normal(0.03), opt: adam(0.001)},
		{name: "ReLU, a third of He, 10 x 40", sick: ails(training.VanishingGradients), data: "clusters", hidden: widths(40, 10), act: ops.ReLU, kernel: heTimes(1.0 / 3), opt: momentum(0.01)},
		{name: "tanh, normal(0.4), 4 x 100", sick: ails(training.Saturation), data: "digits", hidden: widths(100, 4), act: ops.Tanh, kernel: normal(0.4), opt: adam(0.001)},
		{name: "ReLU, twice He, 12 x 50", sick: ails(training.ExplodingGradients), data: "digits", hidden: widths(50, 12), act: ops.ReLU, kernel: heTimes(2), opt: adam(0.0001)},
		{name: "ELU, orthogonal(3), 6 x 60", sick: ails(training.ExplodingGradients), data: "clusters", hidden: widths(60, 6), act: elu, kernel: initializers.Orthogonal(3), opt: sgd(0.001)},
		{name: "ReLU, biases of -2.5, 3 x 80", sick: ails(training.DyingReLU), data: "digits", hidden: widths(80, 3), act: ops.ReLU, kernel: he, bias: initializers.Constant(-2.5), opt: sgd(0.05)},
		{name: "ReLU, He, rate 1", sick: ails(training.LearningRateTooHigh), data: "digits", hidden: widths(100, 5), act: ops.ReLU, kernel: he, opt: sgd(1)},
		{name: "SELU, Adam, rate 0.2", sick: ails(training.LearningRateTooHigh), data: "clusters", hidden: widths(60, 3), act: ops.SELU, kernel: initializers.LeCunNormal(), opt: adam(0.2)},
		{name: "tanh, momentum, rate 0.5", sick: ails(training.LearningRateTooHigh), data: "digits", hidden: widths(80, 3), act: ops.Tanh, kernel: glorot, opt: momentum(0.5)},
		{name: "autoencoder, Adam, rate 0.3", sick: ails(training.LearningRateTooHigh), data: "autoencoder", hidden: []int{32, 8, 32}, act: elu, kernel: he, opt: adam(0.3)},
		{name: "ReLU, rate 1e-4", sick: ails(training.LearningRateTooLow), data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: he, opt: sgd(1e-4)},
		{name: "GELU, Adam, rate 1e-6", sick: ails(training.LearningRateTooLow), data: "clusters", hidden: widths(60, 2), act: ops.GELU, kernel: he, opt: adam(1e-6)},
		{name: "tanh, momentum, rate 1e-5", sick: ails(training.LearningRateTooLow), data: "regression", hidden: widths(50, 2), act: ops.Tanh, kernel: glorot, opt: momentum(1e-5)},
		{name: "pre-activation blocks without updates", sick: ails(training.UpdatesNotRun), data: "digits", net: preActivationNet(false), noUpdates: true, opt: momentum(0.02)},
		{name: "pre-activation blocks, flag left false", sick: ails(training.TrainingFlagFalse), data: "digits", net: preActivationNet(false), inference: true, opt: adam(0.001)},
		{name: "logarithm of 1 - p", sick: ails(training.NotFinite), data: "digits", hidden: widths(50, 2), act: ops.ReLU, kernel: he, loss: logOfComplement, opt: sgd(0.1)},
		{name: "the second layer of 0.05", sick: ails(training.SymmetricUnits), data: "clusters", net: secondLayerEqual, opt: adam(0.003)},
		{name: "features of 20", sick: ails(training.UnscaledInputs), data: "clusters", scale: 20, hidden: widths(60, 2), act: ops.ReLU, kernel: he, opt: adam(0.001)},
	}
}

// preActivationNet has residual blocks of batch norm, ReLU and a dense layer; with
// quiet, each block begins as the identity.
func preActivationNet(quiet bool) func(s *graph.Scope, x, flag *gorgonia.Node, outputs int) *gorgonia.Node {
	return func(s *graph.Scope, x, flag *gorgonia.Node, outputs int) *gorgonia.Node {
		cfg := ops.DenseConfig{Kernel: initializers.He()}
		x = ops.Dense(s.Sub("stem"), x, 48, cfg)
		for i := 1; i <= 8; i++ {
			b := s.Sub(fmt.Sprintf("block%d", i))
			if quiet {
				h := ops.ReLU(b, ops.Dense(b.Sub("a"), x, 48, cfg))
				x = ops.Add(b, x, ops.Dense(b.Sub("b"), h, 48, ops.DenseConfig{Kernel: initializers.Zeros()}))
				continue
			}
			h := ops.ReLU(b, ops.BatchNorm(b, x, flag, ops.BatchNormConfig{Momentum: 0.9}))
			x = ops.Add(b, x, ops.Dense(b.Sub("dense"), h, 48, cfg))
		}
		return ops.Dense(s.Sub("outputs"), x, outputs, ops.DenseConfig{})
	}
}

// logOfComplement is a cross-entropy of which one half was forgotten, and whose
// probability may reach 1.
func logOfComplement(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node {
	p := ops.Sigmoid(s, ops.Scale(s, out, 40))
	q := ops.Sub(s, graph.OnesLike(s, p), p)
	return ops.Neg(s, ops.Mean(s, ops.Mul(s, ops.Log(s, q), ops.OneHot(s, y, 10))))
}

// secondLayerEqual has two hidden layers, the second of which starts with equal
// units.
func secondLayerEqual(s *graph.Scope, x, _ *gorgonia.Node, outputs int) *gorgonia.Node {
	x = ops.Tanh(s, ops.Dense(s.Sub("hidden1"), x, 50, ops.DenseConfig{}))
	x = ops.Tanh(s, ops.Dense(s.Sub("hidden2"), x, 50, ops.DenseConfig{Kernel: initializers.Constant(0.05)}))
	return ops.Dense(s.Sub("outputs"), x, outputs, ops.DenseConfig{})
}
