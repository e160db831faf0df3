package training_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// A variable decays by its own learning rate, which has a schedule and
// multipliers; by none if the config says so; not where a pattern of NoDecay
// matches, nor without a gradient.
func TestWeightDecayOfEachVariable(t *testing.T) {
	for name, c := range map[string]struct {
		withoutRate bool
		want        []float64 // of 1, with gradients of zero
	}{
		"rate":         {false, []float64{.95, 1, .5, 1}},
		"without rate": {true, []float64{.9, 1, .9, 1}},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		rate := graph.Placeholder(s, "rate", tensor.Float32)
		var vars gorgonia.Nodes
		var grads []training.GradVar
		for _, name := range []string{"hidden/kernel", "hidden/bias", "outputs/kernel", "still/kernel"} {
			v := variable(s, name, tensor.Float32, 1, 2)
			vars = append(vars, v)
			grads = append(grads, training.GradVar{Grad: graph.Const(s, []float64{0, 0}), Var: v})
		}
		grads[3].Grad = nil
		momentum := training.Momentum(training.MomentumConfig{Schedule: rate, Momentum: .9, Multipliers: []training.Multiplier{{Pattern: "outputs/.*", Factor: 10}}})
		opt := training.DecoupledWeightDecay(training.ProcessGradients(momentum, same), training.DecoupledWeightDecayConfig{
			WeightDecay: .1, NoDecay: []string{".*/(bias|beta)"}, DecayWithoutRate: c.withoutRate,
		})
		step := opt.ApplyGradients(s.NameScope("train"), grads)
		sess := open(t, g)
		run(t, sess, graph.Feeds{rate: .5}, step)
		for i, want := range c.want {
			if got := float64(value(t, sess, vars[i]).Data().([]float32)[0]); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s: %s is %v; want %v", name, g.NameOf(vars[i]), got, want)
			}
		}
	}
}

func same(_ *graph.Scope, grads []training.GradVar) []training.GradVar { return grads }

// In a regression AdamW gives PyTorch's values: the gradient is that of before
// the decay.
func TestAdamWRegression(t *testing.T) {
	c := golden.Cases(t, "optimizers", "AdamW")[1]
	if c.Name != "AdamW/decoupled/regression" {
		t.Fatalf("the case is %s", c.Name)
	}
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x, y := graph.Const(s, c.In("x").Float64s()), graph.Const(s, c.In("y").Float64s())
	x, y = ops.Reshape(s, x, 8, 3), ops.Reshape(s, y, 8, 2)
	w, b := variable(s, "w", tensor.Float64, 0, 3, 2), variable(s, "b", tensor.Float64, 0, 2)
	loss := ops.Mean(s, ops.Square(s, ops.Sub(s, ops.BiasAdd(s, ops.MatMul(s, x, w), b), y)))
	step := training.AdamW(training.AdamWConfig{LearningRate: c.Param("learningRate"), WeightDecay: c.Param("weightDecay")}).Minimize(s, loss, g.Trainable())
	sess := open(t, g)
	set(t, sess, w, c.In("w0").Float64s())
	set(t, sess, b, c.In("b0").Float64s())
	for k, want := range c.Out("loss").Data {
		if got := run(t, sess, nil, loss, step).Float(0); math.Abs(got-want) > 1e-11*want {
			t.Fatalf("step %d: the loss is %v; want %v", k, got, want)
		}
		if err := golden.Close(value(t, sess, w), c.Out("w").Row(k), 1e-11, 1e-13); err != nil {
			t.Fatalf("w after step %d: %v", k, err)
		}
	}
}

// own is an optimizer of a user's.
type own struct{ training.Optimizer }

// embedding is one that embeds an optimizer of the package.
type embedding struct {
	*training.GradientDescentOptimizer
}

// A user's optimizer can be wrapped: with a rate if it embeds one of ours.
func TestWeightDecayOfOtherOptimizers(t *testing.T) {
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: .5})
	for name, c := range map[string]struct {
		inner       training.Optimizer
		withoutRate bool
		want        float32
	}{
		"embedding":         {embedding{sgd}, false, .875},
		"own, without rate": {own{sgd}, true, .75},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w := variable(s, "w", tensor.Float32, 1, 1)
		opt := training.DecoupledWeightDecay(c.inner, training.DecoupledWeightDecayConfig{WeightDecay: .25, DecayWithoutRate: c.withoutRate})
		step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{0}), Var: w}})
		sess := open(t, g)
		run(t, sess, nil, step)
		if got := value(t, sess, w).Data().([]float32)[0]; got != c.want {
			t.Errorf("%s: w is %v; want %v", name, got, c.want)
		}
	}
}
