package training_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Every sickness of the judging set is named, and nothing is said of its healthy
// nets.
func TestDiagnoseJudgingSet(t *testing.T) { testPatients(t, "judging", judgingSet) }

// judgingSet returns the nets that Diagnose was judged on, with seeds 1 to 3. They
// were listed before any of them was diagnosed: no threshold was changed because
// of them.
func judgingSet() []patient {
	he, glorot, lecun := initializers.He(), initializers.GlorotUniform(), initializers.LeCunNormal()
	hardTanh := ops.HardTanhWith(-1, 1)
	return []patient{
		{name: "softmax regression", data: "mnist", opt: sgd(0.2)},
		{name: "ReLU, He, 5 x 100", data: "mnist", hidden: widths(100, 5), act: ops.ReLU, kernel: he, opt: sgd(0.05)},
		{name: "ELU, He, batch norm, 300 and 100", data: "mnist", hidden: []int{300, 100}, act: elu, kernel: he, norm: true, opt: sgd(0.01)},
		{name: "ReLU, batch norm, dropout, 3 x 120", data: "mnist", hidden: widths(120, 3), act: ops.ReLU, kernel: he, norm: true, dropout: 0.5, opt: adam(0.001)},
		{name: "GELU, He, 6 x 80", data: "clusters", hidden: widths(80, 6), act: ops.GELU, kernel: he, opt: adam(0.002)},
		{name: "SiLU, He, 4 x 64", data: "spirals", hidden: widths(64, 4), act: ops.SiLU, kernel: he, opt: adam(0.005)},
		{name: "softplus, Xavier, 2 x 50", data: "regression", hidden: widths(50, 2), act: ops.Softplus, kernel: glorot, opt: nesterov(0.01)},
		{name: "SELU, LeCun, 12 x 40", data: "clusters", hidden: widths(40, 12), act: ops.SELU, kernel: lecun, opt: momentum(0.005)},
		{name: "tanh, LeCun, 3 x 40, batch 128", data: "regression", batch: 128, hidden: widths(40, 3), act: ops.Tanh, kernel: lecun, opt: momentum(0.02)},
		{name: "ReLU6, He, 3 x 100", data: "digits", hidden: widths(100, 3), act: ops.ReLU6, kernel: he, opt: sgd(0.1)},
		{name: "hard sigmoid, Xavier, 1 x 60", data: "digits", hidden: widths(60, 1), act: ops.HardSigmoid, kernel: glorot, opt: sgd(0.3)},
		{name: "PReLU, He, 4 x 80", data: "spirals", hidden: widths(80, 4), act: ops.PReLUWith(ops.PReLUConfig{}), kernel: he, opt: adam(0.003)},
		{name: "ReLU, He, 1 x 1000", data: "digits", hidden: widths(1000, 1), act: ops.ReLU, kernel: he, opt: sgd(0.05)},
		{name: "ELU, batch norm, 30 x 20", data: "clusters", hidden: widths(20, 30), act: elu, kernel: he, norm: true, opt: momentum(0.01)},
		{name: "ReLU, He, trained for 500 steps", data: "digits", hidden: widths(60, 2), act: ops.ReLU, kernel: he, opt: momentum(0.02), warm: 500},
		{name: "layer norm, ReLU, 4 x 60", data: "digits", net: layerNormNet, opt: adam(0.001)},
		{name: "6 residual blocks, ReLU", data: "digits", net: residualNet, opt: adam(0.001)},
		{name: "shared towers, ELU", data: "clusters", net: sharedTowers, opt: adam(0.002)},
		{name: "autoencoder, tied weights", data: "autoencoder", net: tiedWeights, opt: adam(0.002)},
		{name: "Gorgonia's tanh, 3 layers", data: "clusters", net: gorgoniaNet(3, gorgonia.Tanh), opt: sgd(0.1)},

		{name: "sigmoid, Xavier, 6 x 100", sick: ails(training.VanishingGradients), data: "mnist", hidden: widths(100, 6), act: ops.Sigmoid, kernel: glorot, opt: sgd(0.05)},
		{name: "sigmoid, LeCun, 12 x 40", sick: ails(training.VanishingGradients), data: "clusters", hidden: widths(40, 12), act: ops.Sigmoid, kernel: lecun, opt: momentum(0.05)},
		{name: "tanh, normal(0.01), 4 x 200", sick: ails(training.VanishingGradients), data: "mnist", hidden: widths(200, 4), act: ops.Tanh, kernel: normal(0.01), opt: adam(0.001)},
		{name: "hard sigmoid, Xavier, 7 x 60", sick: ails(training.VanishingGradients), data: "digits", hidden: widths(60, 7), act: ops.HardSigmoid, kernel: glorot, opt: sgd(0.1)},
		{name: "ELU, normal(0.03), 8 x 50", sick: ails(training.VanishingGradients), data: "regression", hidden: widths(50, 8), act: elu, kernel: normal(0.03), opt: nesterov(0.01)},
		{name: "Gorgonia's sigmoid, 6 layers", sick: ails(training.VanishingGradients), data: "clusters", net: gorgoniaNet(6, gorgonia.Sigmoid), opt: sgd(0.1)},
		{name: "tanh, normal(0.5), 6 x 120", sick: ails(training.Saturation), data: "clusters", hidden: widths(120, 6), act: ops.Tanh, kernel: normal(0.5), opt: sgd(0.02)},
		{name: "softsign, normal(1.5), 4 x 100", sick: ails(training.Saturation), data: "digits", hidden: widths(100, 4), act: ops.Softsign, kernel: normal(1.5), opt: sgd(0.02)},
		{name: "sigmoid, normal(1.5), 3 x 150", sick: ails(training.Saturation), data: "mnist", hidden: widths(150, 3), act: ops.Sigmoid, kernel: normal(1.5), opt: adam(0.001)},
		{name: "hard tanh, normal(1), 4 x 80", sick: ails(training.Saturation), data: "regression", hidden: widths(80, 4), act: hardTanh, kernel: normal(1), opt: adam(0.001)},
		{name: "SELU, 4 times LeCun, 10 x 50", sick: ails(training.ExplodingGradients), data: "digits", hidden: widths(50, 10), act: ops.SELU, kernel: heTimes(4 / math.Sqrt2), opt: sgd(0.001)},
		{name: "leaky ReLU, 2.5 times He, 10 x 80", sick: ails(training.ExplodingGradients), data: "clusters", hidden: widths(80, 10), act: ops.LeakyReLUWith(0.1), kernel: heTimes(2.5), opt: adam(0.001)},
		{name: "ReLU, normal(0.5), 5 x 150", sick: ails(training.ExplodingGradients), data: "mnist", hidden: widths(150, 5), act: ops.ReLU, kernel: normal(0.5), opt: sgd(0.01)},
		{name: "ReLU, biases of -6, 2 x 80", sick: ails(training.DyingReLU), data: "clusters", hidden: widths(80, 2), act: ops.ReLU, kernel: he, bias: initializers.Constant(-6), opt: adam(0.001)},
		{name: "ReLU6, biases of -4, 4 x 60", sick: ails(training.DyingReLU), data: "digits", hidden: widths(60, 4), act: ops.ReLU6, kernel: he, bias: initializers.Constant(-4), opt: momentum(0.01)},
		{name: "ReLU, momentum, rate 1", sick: ails(training.DyingReLU, training.LearningRateTooHigh), data: "mnist", hidden: widths(80, 4), act: ops.ReLU, kernel: he, opt: momentum(1)},
		{name: "ELU, Adam, rate 0.3", sick: ails(training.LearningRateTooHigh), data: "digits", hidden: widths(80, 3), act: elu, kernel: he, opt: adam(0.3)},
		{name: "softmax regression, rate 100", sick: ails(training.LearningRateTooHigh), data: "digits", opt: sgd(100)},
		{name: "SELU, Nesterov, rate 0.7", sick: ails(training.LearningRateTooHigh), data: "spirals", hidden: widths(60, 4), act: ops.SELU, kernel: lecun, opt: nesterov(0.7)},
		{name: "ReLU, Adam, rate 0.3", sick: ails(training.LearningRateTooHigh), data: "regression", hidden: widths(100, 3), act: ops.ReLU, kernel: he, opt: adam(0.3)},
		{name: "tanh, rate 3e-6", sick: ails(training.LearningRateTooLow), data: "clusters", hidden: widths(60, 3), act: ops.Tanh, kernel: glorot, opt: sgd(3e-6)},
		{name: "SELU, momentum, rate 1e-6", sick: ails(training.LearningRateTooLow), data: "digits", hidden: widths(60, 4), act: ops.SELU, kernel: lecun, opt: momentum(1e-6)},
		{name: "ReLU, Adam, rate 1e-7", sick: ails(training.LearningRateTooLow), data: "regression", hidden: widths(50, 2), act: ops.ReLU, kernel: he, opt: adam(1e-7)},
		{name: "batch norm, rate 1e-5", sick: ails(training.LearningRateTooLow), data: "mnist", hidden: widths(100, 2), act: elu, kernel: he, norm: true, opt: sgd(1e-5)},
		{name: "batch norm without updates, ReLU", sick: ails(training.UpdatesNotRun), data: "spirals", hidden: widths(40, 4), act: ops.ReLU, kernel: he, norm: true, noUpdates: true, opt: adam(0.003)},
		{name: "batch norm without updates, dropout", sick: ails(training.UpdatesNotRun), data: "mnist", hidden: widths(100, 2), act: elu, kernel: he, norm: true, dropout: 0.3, noUpdates: true, opt: sgd(0.05)},
		{name: "dropout, flag left false", sick: ails(training.TrainingFlagFalse), data: "clusters", hidden: widths(80, 2), act: ops.ReLU, kernel: he, dropout: 0.5, inference: true, opt: adam(0.001)},
		{name: "batch norm and dropout, flag left false", sick: ails(training.TrainingFlagFalse), data: "regression", hidden: widths(40, 2), act: elu, kernel: he, norm: true, dropout: 0.2, inference: true, opt: adam(0.002)},
		{name: "root of negative numbers", sick: ails(training.NotFinite), data: "regression", hidden: widths(40, 2), act: ops.Tanh, kernel: glorot, loss: rootLoss, opt: sgd(0.05)},
		{name: "division by a sum that is 0", sick: ails(training.NotFinite), data: "digits", hidden: widths(40, 2), act: ops.ReLU, kernel: he, loss: quotientLoss, opt: adam(0.001)},
		{name: "NaN in the data", sick: ails(training.NotFinite), data: "clusters", scale: math.NaN(), hidden: widths(40, 2), act: elu, kernel: he, opt: sgd(0.05)},
		{name: "kernels of 0.01", sick: ails(training.SymmetricUnits), data: "regression", hidden: widths(50, 2), act: elu, kernel: initializers.Constant(0.01), opt: adam(0.01)},
		{name: "kernels of 0, tanh", sick: ails(training.SymmetricUnits), data: "clusters", hidden: widths(50, 3), act: ops.Tanh, kernel: initializers.Zeros(), opt: sgd(0.1)},
		{name: "features of 1000", sick: ails(training.UnscaledInputs), data: "regression", scale: 1000, hidden: widths(50, 2), act: ops.ReLU, kernel: he, opt: adam(0.001)},
		{name: "features of 50", sick: ails(training.UnscaledInputs), data: "clusters", scale: 50, hidden: widths(60, 3), act: elu, kernel: he, opt: sgd(0.01)},
		{name: "pixels up to 255", sick: ails(training.UnscaledInputs), data: "mnist", scale: 255, hidden: widths(100, 3), act: ops.Tanh, kernel: glorot, opt: sgd(0.01)},
	}
}

func layerNormNet(s *graph.Scope, x, _ *gorgonia.Node, outputs int) *gorgonia.Node {
	for i := 1; i <= 4; i++ {
		l := s.Sub(fmt.Sprintf("hidden%d", i))
		x = ops.ReLU(l, ops.LayerNorm(l, ops.Dense(l, x, 60, ops.DenseConfig{Kernel: initializers.He()}), ops.LayerNormConfig{}))
	}
	return ops.Dense(s.Sub("outputs"), x, outputs, ops.DenseConfig{})
}

func residualNet(s *graph.Scope, x, _ *gorgonia.Node, outputs int) *gorgonia.Node {
	he := ops.DenseConfig{Kernel: initializers.He()}
	x = ops.ReLU(s, ops.Dense(s.Sub("stem"), x, 60, he))
	for i := 1; i <= 6; i++ {
		b := s.Sub(fmt.Sprintf("block%d", i))
		h := ops.ReLU(b, ops.Dense(b.Sub("a"), x, 60, he))
		x = ops.Add(b, x, ops.Dense(b.Sub("b"), h, 60, he))
	}
	return ops.Dense(s.Sub("outputs"), x, outputs, ops.DenseConfig{})
}

// sharedTowers maps both halves of the features by the same two layers.
func sharedTowers(s *graph.Scope, x, _ *gorgonia.Node, outputs int) *gorgonia.Node {
	half := graph.SpecOf(x).Shape[1] / 2
	tower := func(s *graph.Scope, from int) *gorgonia.Node {
		h := ops.Slice(s, x, []int{0, from}, []int{-1, half})
		for i := 1; i <= 2; i++ {
			l := s.Sub(fmt.Sprintf("hidden%d", i))
			h = ops.ELU(l, ops.Dense(l, h, 40, ops.DenseConfig{Kernel: initializers.He()}), 1)
		}
		return h
	}
	both := ops.Concat(s, 1, tower(s, 0), tower(s.Reuse(), half))
	return ops.Dense(s.Sub("outputs"), both, outputs, ops.DenseConfig{})
}

// tiedWeights is an autoencoder whose decoder has the encoder's kernels,
// transposed.
func tiedWeights(s *graph.Scope, x, _ *gorgonia.Node, outputs int) *gorgonia.Node {
	he := graph.VariableConfig{Initializer: initializers.He()}
	w1 := graph.Variable(s, "encoder1/kernel", tensor.Shape{outputs, 32}, he)
	w2 := graph.Variable(s, "encoder2/kernel", tensor.Shape{32, 12}, he)
	h := ops.ELU(s, ops.MatMul(s, x, w1), 1)
	h = ops.ELU(s, ops.MatMul(s, h, w2), 1)
	h = ops.ELU(s, ops.MatMul(s, h, ops.Transpose(s, w2)), 1)
	return ops.MatMul(s, h, ops.Transpose(s, w1))
}

// gorgoniaNet makes layers of Gorgonia's own activation between our products.
func gorgoniaNet(layers int, act func(*gorgonia.Node) (*gorgonia.Node, error)) func(s *graph.Scope, x, flag *gorgonia.Node, outputs int) *gorgonia.Node {
	return func(s *graph.Scope, x, _ *gorgonia.Node, outputs int) *gorgonia.Node {
		for i := 1; i <= layers; i++ {
			x = s.Try(act(ops.Dense(s.Sub(fmt.Sprintf("hidden%d", i)), x, 50, ops.DenseConfig{})))
		}
		return ops.Dense(s.Sub("outputs"), x, outputs, ops.DenseConfig{})
	}
}

func rootLoss(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node {
	return ops.Mean(s, ops.Sqrt(s, ops.Sub(s, y, out)))
}

// quotientLoss divides by the sum of rectified outputs, which no example need have.
func quotientLoss(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node {
	r := ops.ReLU(s, ops.Sub(s, out, graph.ConstOf(s, out.Dtype(), 3)))
	p := ops.Div(s, r, ops.ExpandDims(s, ops.Sum(s, r, 1), 1))
	return ops.Neg(s, ops.Mean(s, ops.Sum(s, ops.Mul(s, ops.OneHot(s, y, 10), p), 1)))
}
