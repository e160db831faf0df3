package training_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Every mistake in a config is a build error that says what is wrong.
func TestTensorFlowOptimizerErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	of := func(opt training.Optimizer) func(*graph.Graph) training.Optimizer {
		return func(*graph.Graph) training.Optimizer { return opt }
	}
	for _, c := range []struct {
		name string
		make func(g *graph.Graph) training.Optimizer
		want []string
	}{
		{"Adagrad: no rate", of(training.Adagrad(training.AdagradConfig{})), []string{"train/Adagrad", "LearningRate is 0", "graph.Zero"}},
		{"Adagrad: start", of(training.Adagrad(training.AdagradConfig{LearningRate: 1, InitialAccumulator: graph.Zero})),
			[]string{"InitialAccumulator is 0", "positive"}},
		{"Adagrad: start NaN", of(training.Adagrad(training.AdagradConfig{LearningRate: 1, InitialAccumulator: nan})), []string{"InitialAccumulator is NaN"}},
		{"Adadelta: rate", of(training.Adadelta(training.AdadeltaConfig{LearningRate: -1})), []string{"train/Adadelta", "LearningRate is -1"}},
		{"Adadelta: rho", of(training.Adadelta(training.AdadeltaConfig{Rho: 1})), []string{"Rho is 1", "[0, 1)"}},
		{"Adadelta: epsilon", of(training.Adadelta(training.AdadeltaConfig{Epsilon: -1})), []string{"Epsilon is -1", "zero"}},
		{"RMSProp: no rate", of(training.RMSProp(training.RMSPropConfig{})), []string{"train/RMSProp", "LearningRate is 0"}},
		{"RMSProp: decay", of(training.RMSProp(training.RMSPropConfig{LearningRate: 1, Decay: 1.1})), []string{"Decay is 1.1"}},
		{"RMSProp: momentum", of(training.RMSProp(training.RMSPropConfig{LearningRate: 1, Momentum: 1})), []string{"Momentum is 1"}},
		{"RMSProp: epsilon", of(training.RMSProp(training.RMSPropConfig{LearningRate: 1, Epsilon: inf})), []string{"Epsilon is +Inf"}},
		{"Adamax: beta1", of(training.Adamax(training.AdamaxConfig{Beta1: 1})), []string{"train/AdaMax", "Beta1 is 1"}},
		{"Adamax: beta2", of(training.Adamax(training.AdamaxConfig{Beta2: -0.5})), []string{"Beta2 is -0.5"}},
		{"Adamax: epsilon", of(training.Adamax(training.AdamaxConfig{Epsilon: nan})), []string{"Epsilon is NaN"}},
		{"Nadam: beta1", of(training.Nadam(training.NadamConfig{Beta1: 2})), []string{"train/Adam", "Beta1 is 2"}},
		{"Nadam: rate", of(training.Nadam(training.NadamConfig{LearningRate: inf})), []string{"LearningRate is +Inf"}},
		{"AMSGrad: beta2", of(training.AMSGrad(training.AMSGradConfig{Beta2: 1})), []string{"train/AMSGrad", "Beta2 is 1"}},
		{"Ftrl: no rate", of(training.Ftrl(training.FtrlConfig{})), []string{"train/Ftrl", "LearningRate is 0"}},
		{"Ftrl: power", of(training.Ftrl(training.FtrlConfig{LearningRate: 1, LearningRatePower: 0.5})), []string{"LearningRatePower is 0.5", "graph.Zero"}},
		{"Ftrl: start", of(training.Ftrl(training.FtrlConfig{LearningRate: 1, InitialAccumulator: -1})), []string{"InitialAccumulator is -1"}},
		{"Ftrl: l1", of(training.Ftrl(training.FtrlConfig{LearningRate: 1, L1: -1})), []string{"L1 is -1"}},
		{"Ftrl: l2", of(training.Ftrl(training.FtrlConfig{LearningRate: 1, L2: nan})), []string{"L2 is NaN"}},
		{"Ftrl: shrinkage", of(training.Ftrl(training.FtrlConfig{LearningRate: 1, L2Shrinkage: -1})), []string{"L2Shrinkage is -1"}},
		{"proximal descent: no rate", of(training.ProximalGradientDescent(training.ProximalGradientDescentConfig{})),
			[]string{"train/ProximalGradientDescent", "LearningRate is 0"}},
		{"proximal descent: l1", of(training.ProximalGradientDescent(training.ProximalGradientDescentConfig{LearningRate: 1, L1: -1})), []string{"L1 is -1"}},
		{"proximal Adagrad: l2", of(training.ProximalAdagrad(training.ProximalAdagradConfig{LearningRate: 1, L2: -1})), []string{"train/ProximalAdagrad", "L2 is -1"}},
		{"proximal Adagrad: start", of(training.ProximalAdagrad(training.ProximalAdagradConfig{LearningRate: 1, InitialAccumulator: -1})),
			[]string{"InitialAccumulator is -1"}},
		{"AdagradDA: no step", of(training.AdagradDA(training.AdagradDAConfig{LearningRate: 1})),
			[]string{"train/AdagradDA", "GlobalStep is nil", "training.GlobalStep(s)"}},
		{"AdagradDA: step", func(g *graph.Graph) training.Optimizer {
			return training.AdagradDA(training.AdagradDAConfig{LearningRate: 1, GlobalStep: g.Node("w")})
		}, []string{"GlobalStep w", "float32[2]"}},
		{"AdagradDA: start", func(g *graph.Graph) training.Optimizer {
			return training.AdagradDA(training.AdagradDAConfig{LearningRate: 1, GlobalStep: training.GlobalStep(g.Scope()), InitialAccumulator: graph.Zero})
		}, []string{"InitialAccumulator is 0"}},
		{"AddSign: alpha", of(training.AddSign(training.AddSignConfig{Alpha: -1})), []string{"train/AddSignOptimizer", "Alpha is -1"}},
		{"AddSign: beta", of(training.AddSign(training.AddSignConfig{Beta: 1})), []string{"Beta is 1"}},
		{"AddSign: decay", func(g *graph.Graph) training.Optimizer {
			return training.AddSign(training.AddSignConfig{SignDecay: g.Node("w")})
		}, []string{"update_w/ApplyAddSign", "SignDecay is float32[2]", "scalar"}},
		{"PowerSign: base", of(training.PowerSign(training.PowerSignConfig{Base: graph.Zero})), []string{"train/PowerSignOptimizer", "Base is 0"}},
		{"PowerSign: decay of integers", func(g *graph.Graph) training.Optimizer {
			return training.PowerSign(training.PowerSignConfig{SignDecay: training.GlobalStep(g.Scope())})
		}, []string{"update_w/ApplyPowerSign", "SignDecay is int64[]", "ops.Cast"}},
		{"PowerSign: decay of another graph", func(*graph.Graph) training.Optimizer {
			return training.PowerSign(training.PowerSignConfig{SignDecay: graph.Const(graph.New(graph.Config{}).Scope(), 1.)})
		}, []string{"another graph"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			w := variable(s, "w", tensor.Float32, 0, 2)
			if err := g.Err(); err != nil {
				t.Fatal(err)
			}
			c.make(g).ApplyGradients(s.NameScope("train"), []training.GradVar{{Grad: graph.Const(s, []float32{1, 2}), Var: w}})
			wantError(t, g.Err(), append(c.want, "optimizer_config_test.go")...)
		})
	}
}

// steady is a variable whose gradient is the same in each of some steps.
func steady(t *testing.T, make func(s *graph.Scope) training.Optimizer, grads []float32, steps int) []float32 {
	t.Helper()
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 1, len(grads))
	step := make(s).ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, grads), Var: w}})
	sess := open(t, g)
	for range steps {
		run(t, sess, nil, step)
	}
	return value(t, sess, w).Data().([]float32)
}

// The variance of a gradient that does not change is 0, and rounding must not
// make it less.
func TestCenteredRMSPropOfSteadyGradients(t *testing.T) {
	grads := make([]float32, 200)
	for i := range grads {
		grads[i] = 0.013 * float32(i+1)
	}
	weights := steady(t, func(*graph.Scope) training.Optimizer {
		return training.RMSProp(training.RMSPropConfig{LearningRate: 1e-6, Centered: true})
	}, grads, 400)
	for i, w := range weights {
		if !(w < 1) || math.IsInf(float64(w), 0) {
			t.Errorf("the weight of the gradient %v is %v", grads[i], w)
		}
	}
}

// The rule divides 0 by 0 where neither the sum of squares nor the gradient is
// more.
func TestFtrlWithoutGradient(t *testing.T) {
	for _, power := range []float64{-0.5, -0.75} {
		weights := steady(t, func(*graph.Scope) training.Optimizer {
			return training.Ftrl(training.FtrlConfig{LearningRate: 0.1, LearningRatePower: power, InitialAccumulator: graph.Zero})
		}, []float32{0, 0.5}, 3)
		if weights[0] != 0 || !(weights[1] > 0 && weights[1] < 1) {
			t.Errorf("power %v: the weights are %v", power, weights)
		}
	}
}

// AdagradDA counts by a global step of any integer type, from where it stands.
func TestAdagradDACountsSteps(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
		weights := steady(t, func(s *graph.Scope) training.Optimizer {
			step := graph.Variable(s, "step", tensor.Shape{}, graph.VariableConfig{Dtype: dtype, NotTrainable: true, Initializer: constantly(2)})
			return training.AdagradDA(training.AdagradDAConfig{LearningRate: 1, InitialAccumulator: 0.75, L1: 0.05, L2: 0.25, GlobalStep: step})
		}, []float32{0.5, -0.5, 0.125}, 1)
		// Step 3: -sign(b) * (0.5 - 0.05*3) / (0.25*3 + sqrt(0.75+0.25)).
		for i, want := range []float64{-0.2, 0.2, 0} {
			if math.Abs(float64(weights[i])-want) > 1e-6 {
				t.Errorf("%v: the weights are %v", dtype, weights)
			}
		}
	}
}

// The agreement of the signs decides, and SignDecay takes its influence.
func TestSignDecay(t *testing.T) {
	add := func(decay *gorgonia.Node) training.Optimizer {
		return training.AddSign(training.AddSignConfig{Beta: 0.5, SignDecay: decay})
	}
	power := func(decay *gorgonia.Node) training.Optimizer {
		return training.PowerSign(training.PowerSignConfig{Base: 4, Beta: 0.5, SignDecay: decay})
	}
	for _, c := range []struct {
		name  string
		make  func(decay *gorgonia.Node) training.Optimizer
		decay interface{} // nil for none
		want  [4]float64  // by gradients 1 and 1, 1 and -0.01, 0 and 0, 1 and -0.5 (whose mean is 0)
	}{
		{"AddSign", add, nil, [4]float64{0.2, 0, 0, -0.05}},
		{"AddSign", add, float32(0.5), [4]float64{0.15, -0.0005, 0, -0.05}},
		{"AddSign", add, 0., [4]float64{0.1, -0.001, 0, -0.05}},
		{"PowerSign", power, nil, [4]float64{0.4, -0.00025, 0, -0.05}},
		{"PowerSign", power, 0.5, [4]float64{0.2, -0.0005, 0, -0.05}},
		{"PowerSign", power, float32(0), [4]float64{0.1, -0.001, 0, -0.05}},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w, grad := variable(s, "w", tensor.Float64, 0, 4), graph.Placeholder(s, "grad", tensor.Float64, 4)
		var decay *gorgonia.Node
		if c.decay != nil {
			dtype := tensor.Float64
			if _, ok := c.decay.(float32); ok {
				dtype = tensor.Float32
			}
			decay = graph.ConstOf(s, dtype, c.decay)
		}
		step := c.make(decay).ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
		sess := open(t, g)
		run(t, sess, graph.Feeds{grad: []float64{1, 1, 0, 1}}, step)
		set(t, sess, w, []float64{0, 0, 0, 0})
		run(t, sess, graph.Feeds{grad: []float64{1, -0.01, 0, -0.5}}, step)
		for i, v := range value(t, sess, w).Data().([]float64) {
			if math.Abs(v+c.want[i]) > 1e-12 {
				t.Errorf("%s, decay %v: weight %d goes by %v; want %v", c.name, c.decay, i, v, -c.want[i])
			}
		}
	}
}
