package training_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// tensorFlowOptimizers are the ops of golden cases beyond the three that
// optimizerOf names.
var tensorFlowOptimizers = []string{
	"AdaMax", "Nadam", "AMSGrad", "Adagrad", "Adadelta", "RMSProp", "Ftrl",
	"ProximalGradientDescent", "ProximalAdagrad", "AdagradDA", "AddSign", "PowerSign",
}

// tensorFlowOptimizerOf makes the optimizer of a golden case of one of those.
func tensorFlowOptimizerOf(s *graph.Scope, c golden.Case, rate float64, schedule, step *gorgonia.Node) training.Optimizer {
	number := func(name string) float64 { return zeroed(c.Param(name)) }
	switch c.Op {
	case "AdaMax":
		return training.Adamax(training.AdamaxConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step, Beta1: number("beta1"), Beta2: number("beta2"), Epsilon: number("epsilon"),
		})
	case "Nadam":
		return training.Nadam(training.NadamConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step, Beta1: number("beta1"), Beta2: number("beta2"), Epsilon: number("epsilon"),
		})
	case "AMSGrad":
		return training.AMSGrad(training.AMSGradConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step, Beta1: number("beta1"), Beta2: number("beta2"), Epsilon: number("epsilon"),
		})
	case "Adagrad":
		return training.Adagrad(training.AdagradConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step, InitialAccumulator: number("initialAccumulator"),
		})
	case "Adadelta":
		return training.Adadelta(training.AdadeltaConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step, Rho: number("rho"), Epsilon: number("epsilon"),
		})
	case "RMSProp":
		return training.RMSProp(training.RMSPropConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Decay: number("decay"), Momentum: c.Param("momentum"), Epsilon: number("epsilon"), Centered: c.Param("centered") == 1,
		})
	case "Ftrl":
		return training.Ftrl(training.FtrlConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			LearningRatePower: number("learningRatePower"), InitialAccumulator: number("initialAccumulator"),
			L1: c.Param("l1"), L2: c.Param("l2"), L2Shrinkage: c.Params["l2Shrinkage"],
		})
	case "ProximalGradientDescent":
		return training.ProximalGradientDescent(training.ProximalGradientDescentConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step, L1: c.Param("l1"), L2: c.Param("l2"),
		})
	case "ProximalAdagrad":
		return training.ProximalAdagrad(training.ProximalAdagradConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			InitialAccumulator: number("initialAccumulator"), L1: c.Param("l1"), L2: c.Param("l2"),
		})
	case "AdagradDA":
		return training.AdagradDA(training.AdagradDAConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			InitialAccumulator: number("initialAccumulator"), L1: c.Param("l1"), L2: c.Param("l2"),
		})
	case "AddSign":
		return training.AddSign(training.AddSignConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Alpha: number("alpha"), Beta: number("beta"), SignDecay: signDecay(s, c, step),
		})
	case "PowerSign":
		return training.PowerSign(training.PowerSignConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Base: number("base"), Beta: number("beta"), SignDecay: signDecay(s, c, step),
		})
	}
	return nil
}

// signDecay falls linearly to 0, as TensorFlow's get_linear_decay_fn does.
func signDecay(s *graph.Scope, c golden.Case, step *gorgonia.Node) *gorgonia.Node {
	steps := c.Param("decaySteps")
	if steps == 0 {
		return nil
	}
	left := ops.AddScalar(s, ops.Scale(s, ops.Cast(s, step, tensor.Float64), -1/steps), 1)
	return ops.Maximum(s, left, graph.ConstOf(s, tensor.Float64, 0.0))
}

// named is an optimizer with a usual config.
type named struct {
	name string
	training.Optimizer
}

// namedOptimizers makes one of each, with multipliers of the learning rate.
func namedOptimizers(step *gorgonia.Node, by ...training.Multiplier) []named {
	return []named{
		{"GradientDescent", training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1, GlobalStep: step, Multipliers: by})},
		{"Momentum", training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9, GlobalStep: step, Multipliers: by})},
		{"Adam", training.Adam(training.AdamConfig{GlobalStep: step, Multipliers: by})},
		{"Adamax", training.Adamax(training.AdamaxConfig{GlobalStep: step, Multipliers: by})},
		{"Nadam", training.Nadam(training.NadamConfig{GlobalStep: step, Multipliers: by})},
		{"AMSGrad", training.AMSGrad(training.AMSGradConfig{GlobalStep: step, Multipliers: by})},
		{"Adagrad", training.Adagrad(training.AdagradConfig{LearningRate: 0.1, GlobalStep: step, Multipliers: by})},
		{"Adadelta", training.Adadelta(training.AdadeltaConfig{LearningRate: 1, GlobalStep: step, Multipliers: by})},
		{"RMSProp", training.RMSProp(training.RMSPropConfig{LearningRate: 0.01, Momentum: 0.5, GlobalStep: step, Multipliers: by})},
		{"RMSProp centered", training.RMSProp(training.RMSPropConfig{LearningRate: 0.01, Centered: true, GlobalStep: step, Multipliers: by})},
		{"Ftrl", training.Ftrl(training.FtrlConfig{LearningRate: 0.1, L1: 0.01, L2: 0.01, L2Shrinkage: 0.01, GlobalStep: step, Multipliers: by})},
		{"Ftrl by another power", training.Ftrl(training.FtrlConfig{LearningRate: 0.1, LearningRatePower: -0.75, GlobalStep: step, Multipliers: by})},
		{"ProximalGradientDescent", training.ProximalGradientDescent(training.ProximalGradientDescentConfig{
			LearningRate: 0.1, L1: 0.01, L2: 0.01, GlobalStep: step, Multipliers: by,
		})},
		{"ProximalAdagrad", training.ProximalAdagrad(training.ProximalAdagradConfig{LearningRate: 0.1, L1: 0.01, L2: 0.01, GlobalStep: step, Multipliers: by})},
		{"AdagradDA", training.AdagradDA(training.AdagradDAConfig{LearningRate: 0.1, L1: 0.01, L2: 0.01, GlobalStep: step, Multipliers: by})},
		{"AddSign", training.AddSign(training.AddSignConfig{GlobalStep: step, Multipliers: by})},
		{"PowerSign", training.PowerSign(training.PowerSignConfig{GlobalStep: step, Multipliers: by})},
		{"AdamW", training.AdamW(training.AdamWConfig{WeightDecay: 0.01, GlobalStep: step, Multipliers: by})},
		{"RAdam", training.RAdam(training.RAdamConfig{GlobalStep: step, Multipliers: by})},
		{"Lion", training.Lion(training.LionConfig{LearningRate: 0.01, WeightDecay: 0.01, GlobalStep: step, Multipliers: by})},
	}
}

// Ops and slots have the names that TensorFlow gives them, in the order in which
// it makes them, so that its checkpoints fit.
func TestTensorFlowNames(t *testing.T) {
	powers := []string{"beta1_power", "beta2_power"}
	for name, want := range map[string]struct {
		ops   string
		op    string
		kept  []string
		slots []string
	}{
		"Adamax":                  {"AdaMax", "ApplyAdaMax", powers, []string{"AdaMax", "AdaMax_1"}},
		"Nadam":                   {"Adam", "ApplyAdam", powers, []string{"Adam", "Adam_1"}},
		"AMSGrad":                 {"AMSGrad", "ApplyAdamWithAmsgrad", powers, []string{"AMSGrad", "AMSGrad_1", "AMSGrad_2"}},
		"Adagrad":                 {"Adagrad", "ApplyAdagrad", nil, []string{"Adagrad"}},
		"Adadelta":                {"Adadelta", "ApplyAdadelta", nil, []string{"Adadelta", "Adadelta_1"}},
		"RMSProp":                 {"RMSProp", "ApplyRMSProp", nil, []string{"RMSProp", "RMSProp_1"}},
		"RMSProp centered":        {"RMSProp", "ApplyCenteredRMSProp", nil, []string{"RMSProp", "RMSProp_1", "RMSProp_2"}},
		"Ftrl":                    {"Ftrl", "ApplyFtrlV2", nil, []string{"Ftrl", "Ftrl_1"}},
		"Ftrl by another power":   {"Ftrl", "ApplyFtrl", nil, []string{"Ftrl", "Ftrl_1"}},
		"ProximalGradientDescent": {"ProximalGradientDescent", "ApplyProximalGradientDescent", nil, nil},
		"ProximalAdagrad":         {"ProximalAdagrad", "ApplyProximalAdagrad", nil, []string{"ProximalAdagrad"}},
		"AdagradDA":               {"AdagradDA", "ApplyAdagradDA", nil, []string{"AdagradDA", "AdagradDA_1"}},
		"AddSign":                 {"AddSignOptimizer", "ApplyAddSign", nil, []string{"AddSignOptimizer"}},
		"PowerSign":               {"PowerSignOptimizer", "ApplyPowerSign", nil, []string{"PowerSignOptimizer"}},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w := variable(s.Sub("hidden1"), "kernel", tensor.Float32, 1, 2)
		var opt training.Optimizer
		for _, o := range namedOptimizers(training.GlobalStep(s)) {
			if o.name == name {
				opt = o.Optimizer
			}
		}
		step := opt.ApplyGradients(s.NameScope("train"), []training.GradVar{{Grad: graph.Const(s, []float64{1, 1}), Var: w}})
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		kept := append([]string(nil), want.kept...)
		for _, slot := range want.slots {
			kept = append(kept, "hidden1/kernel/"+slot)
			if v := opt.Slot(w, slot); v == nil || g.NameOf(v) != "hidden1/kernel/"+slot {
				t.Errorf("%s has no slot %s", name, slot)
			}
		}
		if got := names(g, opt.Variables()); !reflect.DeepEqual(got, kept) {
			t.Errorf("%s keeps %v; want %v", name, got, kept)
		}
		if got := g.NameOf(step); got != "train/"+want.ops {
			t.Errorf("the step of %s is %s", name, got)
		}
		if _, ok := g.Lookup("train/" + want.ops + "/update_hidden1/kernel/" + want.op); !ok {
			t.Errorf("%s: no op %s among %v", name, want.op, names(g, g.Operations("train/")))
		}
	}
}

// A config that says nothing is TensorFlow's, whose numbers stand here as its
// constructors have them.
func TestTensorFlowDefaults(t *testing.T) {
	const lr = 0.1
	step := func(g *graph.Graph) *gorgonia.Node { return training.GlobalStep(g.Scope()) }
	for name, c := range map[string]func(g *graph.Graph) (short, long training.Optimizer){
		"Adamax": func(*graph.Graph) (short, long training.Optimizer) {
			return training.Adamax(training.AdamaxConfig{}),
				training.Adamax(training.AdamaxConfig{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8})
		},
		"Nadam": func(*graph.Graph) (short, long training.Optimizer) {
			return training.Nadam(training.NadamConfig{}),
				training.Nadam(training.NadamConfig{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8})
		},
		"AMSGrad": func(*graph.Graph) (short, long training.Optimizer) {
			return training.AMSGrad(training.AMSGradConfig{}),
				training.AMSGrad(training.AMSGradConfig{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8})
		},
		"Adagrad": func(*graph.Graph) (short, long training.Optimizer) {
			return training.Adagrad(training.AdagradConfig{LearningRate: lr}),
				training.Adagrad(training.AdagradConfig{LearningRate: lr, InitialAccumulator: 0.1})
		},
		"Adadelta": func(*graph.Graph) (short, long training.Optimizer) {
			return training.Adadelta(training.AdadeltaConfig{}),
				training.Adadelta(training.AdadeltaConfig{LearningRate: 0.001, Rho: 0.95, Epsilon: 1e-8})
		},
		"RMSProp": func(*graph.Graph) (short, long training.Optimizer) {
			return training.RMSProp(training.RMSPropConfig{LearningRate: lr}),
				training.RMSProp(training.RMSPropConfig{LearningRate: lr, Decay: 0.9, Momentum: graph.Zero, Epsilon: 1e-10})
		},
		"Ftrl": func(*graph.Graph) (short, long training.Optimizer) {
			return training.Ftrl(training.FtrlConfig{LearningRate: lr}),
				training.Ftrl(training.FtrlConfig{LearningRate: lr, LearningRatePower: -0.5, InitialAccumulator: 0.1, L1: graph.Zero, L2: graph.Zero})
		},
		"ProximalGradientDescent": func(*graph.Graph) (short, long training.Optimizer) {
			return training.ProximalGradientDescent(training.ProximalGradientDescentConfig{LearningRate: lr}),
				training.ProximalGradientDescent(training.ProximalGradientDescentConfig{LearningRate: lr, L1: graph.Zero, L2: graph.Zero})
		},
		"ProximalAdagrad": func(*graph.Graph) (short, long training.Optimizer) {
			return training.ProximalAdagrad(training.ProximalAdagradConfig{LearningRate: lr}),
				training.ProximalAdagrad(training.ProximalAdagradConfig{LearningRate: lr, InitialAccumulator: 0.1, L1: graph.Zero, L2: graph.Zero})
		},
		"AdagradDA": func(g *graph.Graph) (short, long training.Optimizer) {
			return training.AdagradDA(training.AdagradDAConfig{LearningRate: lr, GlobalStep: step(g)}),
				training.AdagradDA(training.AdagradDAConfig{LearningRate: lr, GlobalStep: step(g), InitialAccumulator: 0.1, L1: graph.Zero, L2: graph.Zero})
		},
		"AddSign": func(*graph.Graph) (short, long training.Optimizer) {
			return training.AddSign(training.AddSignConfig{}), training.AddSign(training.AddSignConfig{LearningRate: 0.1, Alpha: 1, Beta: 0.9})
		},
		"PowerSign": func(*graph.Graph) (short, long training.Optimizer) {
			return training.PowerSign(training.PowerSignConfig{}), training.PowerSign(training.PowerSignConfig{LearningRate: 0.1, Base: math.E, Beta: 0.9})
		},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		a, b := variable(s, "a", tensor.Float32, 0.5, 4), variable(s, "b", tensor.Float32, 0.5, 4)
		grad := graph.Placeholder(s, "grad", tensor.Float32, 4)
		short, long := c(g)
		steps := []*gorgonia.Node{
			short.ApplyGradients(s, []training.GradVar{{Grad: grad, Var: a}}),
			long.ApplyGradients(s, []training.GradVar{{Grad: grad, Var: b}}),
		}
		sess := open(t, g)
		for i := range 3 {
			run(t, sess, graph.Feeds{grad: golden.Sequence(uint64(i+1), 4)}, steps...)
		}
		got, want := value(t, sess, a).Data().([]float32), value(t, sess, b).Data().([]float32)
		if !reflect.DeepEqual(got, want) || got[0] == 0.5 {
			t.Errorf("%s goes to %v without numbers; want %v", name, got, want)
		}
		for _, v := range short.Variables() {
			other := g.Node(strings.Replace(g.NameOf(v), "a/", "b/", 1))
			if strings.HasPrefix(g.NameOf(v), "a/") && !sameBits(value(t, sess, v).Data(), value(t, sess, other).Data()) {
				t.Errorf("%s: %s differs", name, g.NameOf(v))
			}
		}
	}
}
