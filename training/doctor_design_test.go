package training_test

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

func ails(t ...training.Trouble) []training.Trouble { return t }

// designSet returns the nets that the thresholds of Diagnose were fixed on.
// Optimizers belong to one graph, so every call makes new ones.
func designSet() []patient {
	he, glorot, lecun := initializers.He(), initializers.GlorotUniform(), initializers.LeCunNormal()
	logOfSoftmax := func(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node {
		return ops.Neg(s, ops.Mean(s, ops.Log(s, ops.Sum(s, ops.Mul(s, ops.OneHot(s, y, 10), ops.ReLU(s, out)), 1))))
	}
	handmadeSoftmax := func(s *graph.Scope, y, out *gorgonia.Node) *gorgonia.Node {
		e := ops.Exp(s, ops.Scale(s, out, 100))
		p := ops.Div(s, e, ops.ExpandDims(s, ops.Sum(s, e, 1), 1))
		return ops.Neg(s, ops.Mean(s, ops.Sum(s, ops.Mul(s, ops.OneHot(s, y, 4), p), 1)))
	}
	return []patient{
		{name: "softmax regression", data: "digits", opt: sgd(0.5)},
		{name: "ReLU, He, 3 x 100", data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: he, opt: sgd(0.1)},
		{name: "ReLU, He, 2 x 300, Adam", data: "digits", hidden: widths(300, 2), act: ops.ReLU, kernel: he, opt: adam(0.001)},
		{name: "ELU, He, batch norm, 5 x 100", data: "digits", hidden: widths(100, 5), act: elu, kernel: he, norm: true, opt: sgd(0.05)},
		{name: "ELU, He, batch norm, 20 x 50", data: "digits", hidden: widths(50, 20), act: elu, kernel: he, norm: true, opt: momentum(0.01)},
		{name: "SELU, LeCun, 10 x 50", data: "digits", hidden: widths(50, 10), act: ops.SELU, kernel: lecun, opt: sgd(0.05)},
		{name: "tanh, Xavier, 4 x 64", data: "digits", hidden: widths(64, 4), act: ops.Tanh, kernel: glorot, opt: momentum(0.02)},
		{name: "sigmoid, Xavier, 1 x 50", data: "digits", hidden: widths(50, 1), act: ops.Sigmoid, kernel: glorot, opt: sgd(0.5)},
		{name: "ReLU, He, 15 x 60, Adam", data: "digits", hidden: widths(60, 15), act: ops.ReLU, kernel: he, opt: adam(0.001)},
		{name: "leaky ReLU, dropout, 3 x 100", data: "clusters", hidden: widths(100, 3), act: ops.LeakyReLUWith(0.01), kernel: he, dropout: 0.3, opt: adam(0.002)},
		{name: "regression, ReLU, 2 x 50", data: "regression", hidden: widths(50, 2), act: ops.ReLU, kernel: he, opt: adam(0.005)},
		{name: "autoencoder, ELU", data: "autoencoder", hidden: []int{32, 8, 32}, act: elu, kernel: he, opt: adam(0.003)},
		{name: "ReLU, He, 3 x 100, batch 8", data: "digits", batch: 8, hidden: widths(100, 3), act: ops.ReLU, kernel: he, opt: sgd(0.03)},
		{name: "ELU, He, trained for 300 steps", data: "digits", hidden: widths(80, 3), act: elu, kernel: he, opt: sgd(0.05), warm: 300},
		{name: "tanh, Xavier, trained for 300 steps", data: "digits", hidden: widths(80, 2), act: ops.Tanh, kernel: glorot, opt: adam(0.002), warm: 300},

		{name: "sigmoid, Xavier, 8 x 60", sick: ails(training.VanishingGradients), data: "digits", hidden: widths(60, 8), act: ops.Sigmoid, kernel: glorot, opt: sgd(0.1)},
		{name: "sigmoid, normal(0.1), 5 x 50", sick: ails(training.VanishingGradients), data: "digits", hidden: widths(50, 5), act: ops.Sigmoid, kernel: normal(0.1), opt: sgd(0.1)},
		{name: "ReLU, normal(0.02), 6 x 100", sick: ails(training.VanishingGradients), data: "digits", hidden: widths(100, 6), act: ops.ReLU, kernel: normal(0.02), opt: adam(0.001)},
		{name: "tanh, normal(0.02), 6 x 100", sick: ails(training.VanishingGradients), data: "clusters", hidden: widths(100, 6), act: ops.Tanh, kernel: normal(0.02), opt: sgd(0.1)},
		{name: "sigmoid, normal(1), 10 x 100", sick: ails(training.Saturation), data: "digits", hidden: widths(100, 10), act: ops.Sigmoid, kernel: normal(1), opt: sgd(0.1)},
		{name: "tanh, normal(1), 5 x 100", sick: ails(training.Saturation), data: "digits", hidden: widths(100, 5), act: ops.Tanh, kernel: normal(1), opt: sgd(0.01)},
		{name: "ReLU, 3 times He, 8 x 60", sick: ails(training.ExplodingGradients), data: "digits", hidden: widths(60, 8), act: ops.ReLU, kernel: heTimes(3), opt: sgd(0.01)},
		{name: "linear, normal(1), 4 x 100", sick: ails(training.ExplodingGradients), data: "clusters", hidden: widths(100, 4), kernel: normal(1), opt: sgd(0.01)},
		{name: "ELU, 5 times He, 5 x 60", sick: ails(training.ExplodingGradients), data: "digits", hidden: widths(60, 5), act: elu, kernel: heTimes(5), opt: adam(0.001)},
		{name: "ReLU, biases of -5", sick: ails(training.DyingReLU), data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: he, bias: initializers.Constant(-5), opt: sgd(0.05)},
		{name: "ReLU, rate 5", sick: ails(training.DyingReLU, training.LearningRateTooHigh), data: "digits", hidden: widths(100, 3), act: ops.ReLU, kernel: he, opt: sgd(5)},
		{name: "ELU, momentum, rate 2", sick: ails(training.LearningRateTooHigh), data: "digits", hidden: widths(100, 2), act: elu, kernel: he, opt: momentum(2)},
		{name: "tanh, Adam, rate 1", sick: ails(training.LearningRateTooHigh), data: "digits", hidden: widths(100, 2), act: ops.Tanh, kernel: glorot, opt: adam(1)},
		{name: "ReLU, rate 1e-5", sick: ails(training.LearningRateTooLow), data: "digits", hidden: widths(100, 2), act: ops.ReLU, kernel: he, opt: sgd(1e-5)},
		{name: "ELU, Adam, rate 1e-7", sick: ails(training.LearningRateTooLow), data: "digits", hidden: widths(100, 3), act: elu, kernel: he, norm: true, opt: adam(1e-7)},
		{name: "batch norm without updates", sick: ails(training.UpdatesNotRun), data: "digits", hidden: widths(60, 3), act: elu, kernel: he, norm: true, noUpdates: true, opt: sgd(0.05)},
		{name: "batch norm, flag left false", sick: ails(training.TrainingFlagFalse), data: "digits", hidden: widths(60, 3), act: elu, kernel: he, norm: true, inference: true, opt: sgd(0.02)},
		{name: "logarithm of 0", sick: ails(training.NotFinite), data: "digits", hidden: widths(50, 1), act: elu, kernel: he, loss: logOfSoftmax, opt: sgd(0.05)},
		{name: "exponential that overflows", sick: ails(training.NotFinite), data: "clusters", hidden: widths(50, 1), act: elu, kernel: he, loss: handmadeSoftmax, opt: sgd(0.05)},
		{name: "kernels of 0.1", sick: ails(training.SymmetricUnits), data: "digits", hidden: widths(50, 2), act: ops.Tanh, kernel: initializers.Constant(0.1), opt: sgd(0.1)},
		{name: "kernels of 0", sick: ails(training.SymmetricUnits), data: "regression", hidden: widths(50, 2), act: ops.ReLU, kernel: initializers.Zeros(), opt: adam(0.01)},
		{name: "pixels up to 255", sick: ails(training.UnscaledInputs), data: "digits", scale: 255, hidden: widths(100, 2), act: ops.ReLU, kernel: he, opt: sgd(0.01)},
	}
}
