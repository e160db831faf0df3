package training_test

import (
	"math"
	"reflect"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

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
		if n > 0 && !raceDetector {
			t.Errorf("%s: %v allocations a step", name, n)
		}
	}
}
