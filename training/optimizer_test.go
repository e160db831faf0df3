package training_test

import (
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// zeroed says a zero of a golden case explicitly.
func zeroed(x float64) float64 {
	if x == 0 {
		return graph.Zero
	}
	return x
}

// goldenOptimizers are the ops of the golden cases that optimizerOf knows.
var goldenOptimizers = append([]string{"GradientDescent", "Momentum", "Adam"}, tensorFlowOptimizers...)

// optimizerOf makes the optimizer of a golden case.
func optimizerOf(s *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
	rate := c.Param("learningRate")
	if schedule != nil {
		rate = 0
	}
	switch c.Op {
	case "GradientDescent":
		return training.GradientDescent(training.GradientDescentConfig{LearningRate: rate, Schedule: schedule, GlobalStep: step})
	case "Momentum":
		return training.Momentum(training.MomentumConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Momentum: zeroed(c.Param("momentum")), Nesterov: c.Param("nesterov") == 1,
		})
	case "Adam":
		return training.Adam(training.AdamConfig{
			LearningRate: rate, Schedule: schedule, GlobalStep: step,
			Beta1: zeroed(c.Param("beta1")), Beta2: zeroed(c.Param("beta2")), Epsilon: zeroed(c.Param("epsilon")),
		})
	}
	return tensorFlowOptimizerOf(s, c, rate, schedule, step)
}

func optimizerCases(t *testing.T, kind string) []golden.Case {
	var out []golden.Case
	for _, file := range []string{"optimizers", "optimizers2"} {
		for _, c := range golden.Cases(t, file, "") {
			if slices.Contains(goldenOptimizers, c.Op) && strings.HasSuffix(c.Name, kind) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Each optimizer gives the golden values after every step, slots included, for
// a learning rate that is a number or a node of either float dtype.
func TestOptimizersGolden(t *testing.T) {
	for _, c := range optimizerCases(t, "stream") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, schedule := range []string{"", "float32", "float64"} {
				t.Run(c.Name+"/"+dtype.String()+"/"+schedule, func(t *testing.T) { streamCase(t, c, dtype, schedule) })
			}
		}
	}
}

func streamCase(t *testing.T, c golden.Case, dtype tensor.Dtype, schedule string) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	n := len(c.In("w0").Data)
	w := variable(s, "layer/w", dtype, 0, n)
	grad := graph.Placeholder(s, "grad", dtype, n)
	feeds := graph.Feeds{}
	var rate *gorgonia.Node
	rtol, atol := 2e-5, 2e-6
	switch schedule {
	case "float32":
		rate = graph.Placeholder(s, "rate", tensor.Float32)
		feeds[rate] = float32(c.Param("learningRate"))
	case "float64":
		rate = graph.Placeholder(s, "rate", tensor.Float64)
		feeds[rate] = c.Param("learningRate")
	}
	if dtype == tensor.Float64 && schedule != "float32" {
		rtol, atol = 1e-12, 1e-14
	}
	step := training.GlobalStep(s)
	opt := optimizerOf(s, c, rate, step)
	train := opt.ApplyGradients(s.NameScope("train"), []training.GradVar{{Grad: grad, Var: w}})
	sess := open(t, g)
	fill := func(a golden.Array) interface{} {
		if dtype == tensor.Float32 {
			return a.Float32s()
		}
		return a.Float64s()
	}
	set(t, sess, w, fill(c.In("w0")))
	for k := 0; k < c.In("grads").Shape[0]; k++ {
		feeds[grad] = fill(c.In("grads").Row(k))
		out := run(t, sess, feeds, train, step)
		if out[0] != nil || out.Float(1) != float64(k) {
			t.Fatalf("step %d: fetched %v and global step %v", k, out[0], out.Float(1))
		}
		for name, want := range c.Outputs {
			v := w
			if name != "w" {
				if v = opt.Slot(w, name); v == nil {
					t.Fatalf("there is no slot %s", name)
				}
				if g.NameOf(v) != "layer/w/"+name {
					t.Fatalf("slot %s is named %s", name, g.NameOf(v))
				}
			}
			if err := golden.Close(value(t, sess, v), want.Row(k), rtol, atol); err != nil {
				t.Fatalf("%s after step %d: %v", name, k, err)
			}
		}
	}
}

// The names are those of TensorFlow's checkpoints and graphs, and none of it is
// trainable or part of the model.
func TestOptimizerNames(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s.Sub("hidden1"), "kernel", tensor.Float32, 1, 2)
	grad := graph.Placeholder(s, "grad", tensor.Float32, 2)
	gv := []training.GradVar{{Grad: grad, Var: w}}
	t1 := s.NameScope("train").Sub("deep")
	momentum := training.Momentum(training.MomentumConfig{LearningRate: .1, Momentum: .9})
	train := momentum.ApplyGradients(t1, gv)
	other := training.Momentum(training.MomentumConfig{LearningRate: .1, Momentum: .9})
	other.ApplyGradients(t1, gv)
	adam := training.Adam(training.AdamConfig{})
	adam.ApplyGradients(t1, gv)
	second := training.Adam(training.AdamConfig{})
	second.ApplyGradients(t1, gv)
	named := training.Adam(training.AdamConfig{Name: "Adam2"})
	named.ApplyGradients(t1, gv)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		opt  training.Optimizer
		want []string
	}{
		{momentum, []string{"hidden1/kernel/Momentum"}},
		{other, []string{"hidden1/kernel/Momentum_1"}},
		{adam, []string{"beta1_power", "beta2_power", "hidden1/kernel/Adam", "hidden1/kernel/Adam_1"}},
		{second, []string{"beta1_power_1", "beta2_power_1", "hidden1/kernel/Adam_2", "hidden1/kernel/Adam_3"}},
		{named, []string{"beta1_power_2", "beta2_power_2", "hidden1/kernel/Adam2", "hidden1/kernel/Adam2_1"}},
	} {
		if got := names(g, c.opt.Variables()); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%T keeps %v; want %v", c.opt, got, c.want)
		}
	}
	if got := g.NameOf(train); got != "train/deep/Momentum" {
		t.Errorf("the train op is %s", got)
	}
	if _, ok := g.Lookup("train/deep/Momentum/update_hidden1/kernel/ApplyMomentum"); !ok {
		t.Errorf("the update op has another name: %v", names(g, g.Operations("train/deep/Momentum/")))
	}
	if got := names(g, g.Trainable()); !reflect.DeepEqual(got, []string{"hidden1/kernel"}) {
		t.Errorf("trainable: %v", got)
	}
	if got := names(g, g.ModelVariables()); !reflect.DeepEqual(got, []string{"hidden1/kernel"}) {
		t.Errorf("model variables: %v", got)
	}
	if got := g.Collection(graph.TrainOp); len(got) != 5 || got[0] != train {
		t.Errorf("train ops: %v", names(g, got))
	}
	if momentum.Slot(w, "Adam") != nil || momentum.Slot(nil, "Momentum") != nil {
		t.Error("Slot finds what is not there")
	}
}

// Slots belong to the optimizer value: a later train op over more variables
// goes on with them and adds its own.
func TestSlotsAreReused(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a, b := variable(s, "a", tensor.Float32, 0, 1), variable(s, "b", tensor.Float32, 0, 1)
	one := graph.Const(s, []float64{1})
	opt := training.Momentum(training.MomentumConfig{LearningRate: 1, Momentum: .5})
	first := opt.ApplyGradients(s, []training.GradVar{{Grad: one, Var: a}})
	both := opt.ApplyGradients(s, []training.GradVar{{Grad: one, Var: a}, {Grad: one, Var: b}})
	sess := open(t, g)
	run(t, sess, nil, first)
	run(t, sess, nil, both)
	if got := value(t, sess, a).Data().([]float32)[0]; got != -2.5 {
		t.Errorf("a is %v after accumulators 1 and 1.5", got)
	}
	if got := names(g, opt.Variables()); !reflect.DeepEqual(got, []string{"a/Momentum", "b/Momentum"}) {
		t.Errorf("slots: %v", got)
	}
}

// One optimizer value may serve two graphs.
func TestOptimizerOnTwoGraphs(t *testing.T) {
	opt := training.Adam(training.AdamConfig{})
	for i := 0; i < 2; i++ {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w := variable(s, "w", tensor.Float32, 0, 1)
		step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{1}), Var: w}})
		sess := open(t, g)
		run(t, sess, nil, step)
		if got := value(t, sess, w).Data().([]float32)[0]; math.Abs(float64(got)+.001) > 1e-7 {
			t.Errorf("graph %d: w is %v", i, got)
		}
	}
}

// In float64 the powers are float64; they advance once a step, whatever the
// number of variables.
func TestAdamPowers(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		g := graph.New(graph.Config{Dtype: dtype})
		s := g.Scope()
		a, b := variable(s, "a", dtype, 0, 1), variable(s, "b", dtype, 0, 1)
		one := graph.Const(s, []float64{1})
		opt := training.Adam(training.AdamConfig{Beta1: .5})
		step := opt.ApplyGradients(s, []training.GradVar{{Grad: one, Var: a}, {Grad: one, Var: b}})
		sess := open(t, g)
		power := opt.Variables()[0]
		if power.Dtype() != dtype {
			t.Errorf("the power is %v; want %v", power.Dtype(), dtype)
		}
		out := run(t, sess, nil, step, power)
		if out.Float(1) != .5 || run(t, sess, nil, power).Float(0) != .25 {
			t.Errorf("%v: the power goes from %v to %v", dtype, out.Float(1), run(t, sess, nil, power).Float(0))
		}
	}
}

// A gradient may be nil; a scalar and a large variable train; the number of
// workers does not matter.
func TestApplyGradients(t *testing.T) {
	results := map[int][]float32{}
	for _, procs := range []int{1, 2} {
		old := runtime.GOMAXPROCS(procs)
		g := graph.New(graph.Config{})
		s := g.Scope()
		scalar := variable(s, "scalar", tensor.Float32, 1)
		large := variable(s, "large", tensor.Float32, 1, 300, 211)
		empty := variable(s, "empty", tensor.Float32, 1, 0, 3)
		alone := variable(s, "alone", tensor.Float32, 1, 2)
		grad := graph.Placeholder(s, "grad", tensor.Float32, 300, 211)
		opt := training.Adam(training.AdamConfig{LearningRate: .1})
		step := opt.ApplyGradients(s, []training.GradVar{
			{Grad: graph.Const(s, 2.), Var: scalar}, {Grad: grad, Var: large},
			{Grad: nil, Var: alone}, {Grad: empty, Var: empty},
		})
		sess := open(t, g)
		x := golden.Sequence(7, 300*211)
		for i := 0; i < 3; i++ {
			run(t, sess, graph.Feeds{grad: tensor.New(tensor.WithShape(300, 211), tensor.WithBacking(x))}, step)
		}
		runtime.GOMAXPROCS(old)
		results[procs] = value(t, sess, large).Data().([]float32)
		if got := value(t, sess, scalar).Data().(float32); math.Abs(float64(got)-.7) > 1e-5 {
			t.Errorf("scalar is %v", got)
		}
		if got := value(t, sess, alone).Data().([]float32); got[0] != 1 || got[1] != 1 {
			t.Errorf("alone is %v", got)
		}
		if opt.Slot(alone, "Adam") != nil {
			t.Error("a variable without gradient has a slot")
		}
	}
	if !reflect.DeepEqual(results[1], results[2]) {
		t.Error("the result depends on GOMAXPROCS")
	}
}

// A gradient that is another variable's value is that of before the step, and
// so is the variable's own.
func TestGradientsAreOfBeforeTheStep(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a, b := variable(s, "a", tensor.Float64, 1, 1), variable(s, "b", tensor.Float64, 10, 1)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1})
	step := opt.ApplyGradients(s, []training.GradVar{{Grad: b, Var: a}, {Grad: a, Var: b}})
	own := training.GradientDescent(training.GradientDescentConfig{LearningRate: .25}).ApplyGradients(s, []training.GradVar{{Grad: a, Var: a}})
	sess := open(t, g)
	run(t, sess, nil, step)
	if x, y := value(t, sess, a).Data().([]float64)[0], value(t, sess, b).Data().([]float64)[0]; x != -9 || y != 9 {
		t.Errorf("a, b are %v, %v; want -9, 9", x, y)
	}
	run(t, sess, nil, own)
	if x := value(t, sess, a).Data().([]float64)[0]; x != -6.75 {
		t.Errorf("a is %v; want -6.75", x)
	}
}

// limit is a constraint: at most 2.
func limit(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "limit",
		Infer: graph.SameAs,
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				for i, v := range c.In[0].Float32s() {
					c.Out.Float32s()[i] = min(v, 2)
				}
				return nil
			}, nil
		},
	}, x)
}

// The constraint sees the new value and is part of the step, before the global
// step counts.
func TestConstraint(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{2}, graph.VariableConfig{Initializer: constantly(1), Constraint: limit})
	count := training.GlobalStep(s)
	opt := training.Momentum(training.MomentumConfig{LearningRate: 1, Momentum: graph.Zero, GlobalStep: count})
	step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{-3, .5}), Var: w}})
	after := graph.Read(s.After(step), w)
	sess := open(t, g)
	out := run(t, sess, nil, step, w, after)
	if got := out.Float32s(1); got[0] != 1 || got[1] != 1 {
		t.Errorf("w beside the step is %v", got)
	}
	if got := out.Float32s(2); got[0] != 2 || got[1] != .5 {
		t.Errorf("w after the step is %v; want [2 .5]", got)
	}
	if got := value(t, sess, w).Data().([]float32); got[0] != 2 || got[1] != .5 {
		t.Errorf("w is %v; want [2 .5]", got)
	}
	if got := run(t, sess, nil, count).Float(0); got != 1 {
		t.Errorf("global step %v", got)
	}
}

func TestGlobalStep(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	step := training.GlobalStep(s.Sub("deep"))
	if again := training.GlobalStep(s); again != step {
		t.Error("a second call makes another step")
	}
	if g.NameOf(step) != "global_step" || step.Dtype() != tensor.Int64 || len(g.Trainable()) != 0 {
		t.Errorf("%s is %v; trainable: %v", g.NameOf(step), step.Dtype(), g.Trainable())
	}
	if got := run(t, open(t, g), nil, step).Float(0); got != 0 {
		t.Errorf("it starts at %v", got)
	}
}

// A learning rate that is the global step's function is read before the step
// counts.
func TestScheduleReadsStepBefore(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 0, 1)
	step := training.GlobalStep(s)
	rate := graph.Apply(s, graph.OpDef{
		Name:  "rate",
		Infer: func([]graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: tensor.Float32}, nil },
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				c.Out.Float32s()[0] = float32(c.In[0].Int64s()[0]) + 1
				return nil
			}, nil
		},
	}, step)
	opt := training.GradientDescent(training.GradientDescentConfig{Schedule: rate, GlobalStep: step})
	train := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float64{1}), Var: w}})
	sess := open(t, g)
	for i := 0; i < 3; i++ {
		run(t, sess, nil, train)
	}
	if got := value(t, sess, w).Data().([]float32)[0]; got != -6 {
		t.Errorf("w is %v; want -(1+2+3)", got)
	}
}

// No step allocates.
func TestStepAllocations(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 0, 100, 400)
	grad := graph.Placeholder(s, "grad", tensor.Float32, 100, 400)
	gv := []training.GradVar{{Grad: grad, Var: w}}
	steps := map[string]*gorgonia.Node{
		"GradientDescent": training.GradientDescent(training.GradientDescentConfig{LearningRate: .1, GlobalStep: training.GlobalStep(s)}).ApplyGradients(s, gv),
		"Momentum":        training.Momentum(training.MomentumConfig{LearningRate: .1, Momentum: .9, Nesterov: true}).ApplyGradients(s, gv),
		"Adam":            training.Adam(training.AdamConfig{Schedule: graph.Const(s, .1)}).ApplyGradients(s, gv),
	}
	sess := open(t, g)
	feeds := graph.Feeds{grad: tensor.New(tensor.WithShape(100, 400), tensor.WithBacking(golden.Sequence(1, 40000)))}
	for name, step := range steps {
		n := testing.AllocsPerRun(50, func() {
			if _, err := sess.Run(feeds, step); err != nil {
				t.Fatal(err)
			}
		})
		if n > 0 {
			t.Errorf("%s: %v allocations a step", name, n)
		}
	}
}

// Every mistake is a build error that says what is wrong.
func TestOptimizerErrors(t *testing.T) {
	type nodes struct {
		g              *graph.Graph
		s              *graph.Scope
		w, grad, other *gorgonia.Node
	}
	gd := func(n nodes, cfg training.GradientDescentConfig) {
		training.GradientDescent(cfg).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}})
	}
	momentum := func(n nodes, cfg training.MomentumConfig) {
		training.Momentum(cfg).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}})
	}
	adam := func(n nodes, cfg training.AdamConfig) {
		training.Adam(cfg).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}})
	}
	sgd := training.GradientDescentConfig{LearningRate: .1}
	for _, c := range []struct {
		name  string
		build func(n nodes)
		want  []string
	}{
		{"no rate", func(n nodes) { gd(n, training.GradientDescentConfig{}) }, []string{"train/GradientDescent", "LearningRate is 0"}},
		{"negative rate", func(n nodes) { gd(n, training.GradientDescentConfig{LearningRate: -1}) }, []string{"LearningRate is -1", "positive"}},
		{"NaN rate", func(n nodes) { gd(n, training.GradientDescentConfig{LearningRate: math.NaN()}) }, []string{"LearningRate is NaN"}},
		{"Inf rate", func(n nodes) { gd(n, training.GradientDescentConfig{LearningRate: math.Inf(1)}) }, []string{"LearningRate is +Inf"}},
		{"momentum left out", func(n nodes) { momentum(n, training.MomentumConfig{LearningRate: 1}) }, []string{"train/Momentum", "Momentum is 0", "graph.Zero"}},
		{"momentum 1", func(n nodes) { momentum(n, training.MomentumConfig{LearningRate: 1, Momentum: 1}) }, []string{"Momentum is 1", "[0, 1)"}},
		{"momentum NaN", func(n nodes) {
			momentum(n, training.MomentumConfig{LearningRate: 1, Momentum: math.NaN()})
		}, []string{"Momentum is NaN"}},
		{"beta1", func(n nodes) { adam(n, training.AdamConfig{Beta1: 1.5}) }, []string{"train/Adam", "Beta1 is 1.5"}},
		{"beta2", func(n nodes) { adam(n, training.AdamConfig{Beta2: -1}) }, []string{"Beta2 is -1"}},
		{"epsilon", func(n nodes) { adam(n, training.AdamConfig{Epsilon: -1}) }, []string{"Epsilon is -1"}},
		{"adam rate", func(n nodes) { adam(n, training.AdamConfig{LearningRate: -1}) }, []string{"LearningRate is -1"}},
		{"schedule shape", func(n nodes) { gd(n, training.GradientDescentConfig{Schedule: n.grad}) }, []string{"Schedule grad", "float32[2]", "scalar"}},
		{"schedule dtype", func(n nodes) {
			gd(n, training.GradientDescentConfig{Schedule: graph.Placeholder(n.s, "i", tensor.Int64)})
		}, []string{"Schedule train/i", "int64[]"}},
		{"schedule of another graph", func(n nodes) {
			gd(n, training.GradientDescentConfig{Schedule: graph.Const(graph.New(graph.Config{}).Scope(), 1.)})
		}, []string{"another graph"}},
		{"step no variable", func(n nodes) {
			gd(n, training.GradientDescentConfig{LearningRate: 1, GlobalStep: n.grad})
		}, []string{"GlobalStep grad", "not a variable"}},
		{"step float", func(n nodes) {
			gd(n, training.GradientDescentConfig{LearningRate: 1, GlobalStep: n.w})
		}, []string{"GlobalStep w", "float32[2]"}},
		{"all nil", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Var: n.w}, {Var: n.other}})
		}, []string{"No gradients provided for any variable", "w, other"}},
		{"none", func(n nodes) { training.GradientDescent(sgd).ApplyGradients(n.s, nil) }, []string{"no gradients were given"}},
		{"twice", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.w}, {Grad: n.grad, Var: n.w}})
		}, []string{"variable w is given twice"}},
		{"nil variable", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad}})
		}, []string{"nil"}},
		{"no variable", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.grad}})
		}, []string{"grad is not a variable"}},
		{"integer variable", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: training.GlobalStep(n.s)}})
		}, []string{"global_step is int64[]"}},
		{"shape", func(n nodes) {
			training.GradientDescent(sgd).ApplyGradients(n.s, []training.GradVar{{Grad: n.grad, Var: n.other}})
		}, []string{"train/GradientDescent/update_other/ApplyGradientDescent", "float32[2]", "float32[3]"}},
		{"dtype", func(n nodes) {
			training.Adam(training.AdamConfig{}).ApplyGradients(n.s, []training.GradVar{{Grad: graph.Placeholder(n.s, "x", tensor.Float64, 2), Var: n.w}})
		}, []string{"train/Adam/update_w/ApplyAdam", "float64[2]", "float32[2]"}},
		{"empty list", func(n nodes) {
			training.GradientDescent(sgd).Minimize(n.s, n.grad, nil)
		}, []string{"train/ComputeGradients", "empty", "g.Trainable()", "w, other"}},
		{"nil loss", func(n nodes) {
			training.GradientDescent(sgd).Minimize(n.s, nil, n.g.Trainable())
		}, []string{"the loss is nil"}},
		{"gradient of no variable", func(n nodes) {
			training.GradientDescent(sgd).ComputeGradients(n.s, n.grad, gorgonia.Nodes{n.grad})
		}, []string{"grad is not a variable"}},
		{"unconnected", func(n nodes) {
			training.GradientDescent(sgd).Minimize(n.s, n.grad, n.g.Trainable())
		}, []string{"No gradients provided"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			n := nodes{g, s.NameScope("train"), variable(s, "w", tensor.Float32, 0, 2), graph.Placeholder(s, "grad", tensor.Float32, 2), variable(s, "other", tensor.Float32, 0, 3)}
			if err := g.Err(); err != nil {
				t.Fatal(err)
			}
			c.build(n)
			wantError(t, g.Err(), append(c.want, "optimizer_test.go")...)
		})
	}
}

// A failed step takes its slots back under PanicOnError, so that a notebook's
// cell can be run again.
func TestPanicOnErrorRollsBack(t *testing.T) {
	g := graph.New(graph.Config{OnError: graph.PanicOnError})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 0, 2)
	right, wrong := graph.Placeholder(s, "right", tensor.Float32, 2), graph.Placeholder(s, "wrong", tensor.Float32, 3)
	opt := training.Adam(training.AdamConfig{})
	func() {
		defer func() {
			if _, ok := recover().(*graph.BuildError); !ok {
				t.Error("no BuildError")
			}
		}()
		opt.ApplyGradients(s, []training.GradVar{{Grad: wrong, Var: w}})
	}()
	if got := names(g, g.Variables()); !reflect.DeepEqual(got, []string{"w"}) {
		t.Errorf("variables left: %v", got)
	}
	step := opt.ApplyGradients(s, []training.GradVar{{Grad: right, Var: w}})
	run(t, open(t, g), graph.Feeds{right: []float32{1, 2}}, step)
	if got := names(g, opt.Variables()); !reflect.DeepEqual(got, names(g, g.Variables())[1:]) {
		t.Errorf("the optimizer keeps %v of the variables %v", got, names(g, g.Variables()))
	}
}
