package training_test

import (
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Scalars, empty variables and large ones train, in both dtypes and in one step;
// a variable without gradient stays and has no slots; bits do not depend on the
// number of workers, and a scalar goes where an element of a large one goes.
func TestEveryOptimizerOnOddVariables(t *testing.T) {
	const large = 70001 // is shared out, with a rest
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i, o := range namedOptimizers(nil) {
		var first []interface{}
		for _, procs := range []int{1, 2} {
			runtime.GOMAXPROCS(procs)
			g := graph.New(graph.Config{})
			s := g.Scope()
			opt := namedOptimizers(training.GlobalStep(s))[i]
			scalar, double := variable(s, "scalar", tensor.Float32, 1), variable(s, "double", tensor.Float64, 1)
			empty, alone := variable(s, "empty", tensor.Float32, 1, 0, 3), variable(s, "alone", tensor.Float32, 1, 2)
			many := variable(s, "many", tensor.Float32, 1, large)
			x, grad := graph.Placeholder(s, "x", tensor.Float64), graph.Placeholder(s, "grad", tensor.Float32, large)
			step := opt.ApplyGradients(s, []training.GradVar{
				{Grad: ops.Cast(s, x, tensor.Float32), Var: scalar}, {Grad: x, Var: double},
				{Grad: empty, Var: empty}, {Var: alone}, {Grad: grad, Var: many},
			})
			sess := open(t, g)
			for k := range 3 {
				values := golden.Sequence(uint64(k+1), large)
				run(t, sess, graph.Feeds{grad: values, x: float64(values[large-1])}, step)
			}
			weights := value(t, sess, many).Data().([]float32)
			if got := value(t, sess, scalar).Data().(float32); got != weights[large-1] || got == 1 {
				t.Errorf("%s: the scalar is %v, the element %v", o.name, got, weights[large-1])
			}
			if got := value(t, sess, double).Data().(float64); math.Abs(got-float64(weights[large-1])) > 2e-5*math.Abs(got)+2e-6 {
				t.Errorf("%s: %v in float64, %v in float32", o.name, got, weights[large-1])
			}
			if got := value(t, sess, alone).Data().([]float32); got[0] != 1 || got[1] != 1 {
				t.Errorf("%s: the variable without gradient is %v", o.name, got)
			}
			kept := g.Variables("scalar|double|many")
			var all []interface{}
			for _, v := range kept {
				all = append(all, value(t, sess, v).Data())
			}
			for _, v := range opt.Variables() {
				if strings.HasPrefix(g.NameOf(v), "alone/") {
					t.Errorf("%s keeps %s", o.name, g.NameOf(v))
				}
			}
			if first == nil {
				first = all
				continue
			}
			for k := range all {
				if !sameBits(all[k], first[k]) {
					t.Errorf("%s: %s depends on GOMAXPROCS", o.name, g.NameOf(kept[k]))
				}
			}
		}
	}
}

// A gradient of NaN makes its weight NaN, in that step and for good, and no
// other: a guard finds it, and a step that hides it trains on without that weight.
func TestNaNGradients(t *testing.T) {
	for i, o := range namedOptimizers(nil) {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := graph.New(graph.Config{Dtype: dtype})
			s := g.Scope()
			w, grad := variable(s, "w", dtype, 1, 3), graph.Placeholder(s, "grad", dtype, 3)
			step := namedOptimizers(training.GlobalStep(s))[i].ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
			sess := open(t, g)
			for _, x := range []float64{0.25, math.NaN(), 0.25} {
				run(t, sess, graph.Feeds{grad: as(dtype, []float64{0.5, x, -0.5})}, step)
			}
			got := run(t, sess, nil, ops.Cast(s, w, tensor.Float64)).Tensor(0).Data().([]float64)
			if got[0] != got[0] || got[1] == got[1] || got[2] != got[2] {
				t.Errorf("%s in %v: the weights are %v; want NaN in the middle", o.name, dtype, got)
			}
		}
	}
}

// A rate of 0, by number or by multiplier, keeps the variables as they are, and
// half a rate is that rate.
func TestEveryOptimizerWithMultipliers(t *testing.T) {
	for i, o := range namedOptimizers(nil) {
		weights := func(by ...training.Multiplier) []float32 {
			g := graph.New(graph.Config{})
			s := g.Scope()
			w := variable(s, "net/w", tensor.Float32, 0.75, 3)
			opt := namedOptimizers(training.GlobalStep(s), by...)[i]
			step := opt.ApplyGradients(s, []training.GradVar{{Grad: graph.Const(s, []float32{0.5, -0.25, 2}), Var: w}})
			sess := open(t, g)
			for range 2 {
				run(t, sess, nil, step)
			}
			return value(t, sess, w).Data().([]float32)
		}
		full, half := weights(), weights(training.Multiplier{Pattern: "net/.*", Factor: 0.5})
		kept := weights(training.Multiplier{Pattern: "net/.*", Factor: graph.Zero})
		for k := range full {
			if kept[k] != 0.75 {
				t.Errorf("%s moves a weight to %v by a rate of 0", o.name, kept[k])
			}
			if half[k] == full[k] || half[k] == kept[k] {
				t.Errorf("%s: %v by the whole rate, %v by half", o.name, full[k], half[k])
			}
		}
	}
}

// A run that a Saver takes up goes on with the same bits: every slot, power and
// step is in the checkpoint.
func TestEveryOptimizerResumes(t *testing.T) {
	for i, o := range namedOptimizers(nil) {
		build := func() (g *graph.Graph, grad, step *gorgonia.Node, saver *training.Saver) {
			g = graph.New(graph.Config{})
			s := g.Scope()
			a, b := variable(s, "a", tensor.Float32, 1, 5), variable(s, "b", tensor.Float32, -1, 5)
			grad = graph.Placeholder(s, "grad", tensor.Float32, 5)
			step = namedOptimizers(training.GlobalStep(s))[i].ApplyGradients(s, []training.GradVar{{Grad: grad, Var: a}, {Grad: grad, Var: b}})
			return g, grad, step, training.NewSaver(g.Variables(), training.SaverConfig{})
		}
		train := func(sess *graph.Session, grad, step *gorgonia.Node, from, to int) {
			for k := from; k < to; k++ {
				run(t, sess, graph.Feeds{grad: golden.Sequence(uint64(k), 5)}, step)
			}
		}
		g, grad, step, saver := build()
		sess := open(t, g)
		train(sess, grad, step, 0, 4)
		path, err := saver.Save(sess, filepath.Join(t.TempDir(), "model.ckpt"))
		if err != nil {
			t.Fatal(err)
		}
		train(sess, grad, step, 4, 9)

		again, grad, step, saver := build()
		other, err := graph.NewSession(again, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if err := saver.Restore(other, path); err != nil {
			t.Fatal(err)
		}
		train(other, grad, step, 4, 9)
		for _, v := range g.Variables() {
			if !sameBits(value(t, sess, v).Data(), value(t, other, again.Node(g.NameOf(v))).Data()) {
				t.Errorf("%s: %s is another after the restore", o.name, g.NameOf(v))
			}
		}
	}
}

// An update follows the product that computes its gradient, or the clipping of
// it, in the same step, with the bits of separate ones.
func TestEveryOptimizerFuses(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i, o := range namedOptimizers(nil) {
		if o.name == "GradientDescent" {
			continue // goes straight into the product: TestFusionKeepsBits
		}
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			m := newFusable(t, dtype, dense(ops.ReLU), func(s *graph.Scope, loss *gorgonia.Node) *gorgonia.Node {
				opt := namedOptimizers(training.GlobalStep(s.Graph().Scope()))[i]
				return clipped(byValue, opt)(s, loss)
			})
			tracer := &graph.Tracer{}
			fused, plain := m.session(t, graph.SessionConfig{Tracer: tracer}), m.session(t, graph.SessionConfig{NoFusion: true})
			for procs := 1; procs <= 3; procs++ {
				runtime.GOMAXPROCS(procs)
				m.compare(t, fused, plain, m.step, m.loss)
			}
			chains := 0
			for _, row := range tracer.ByOp() {
				if strings.HasPrefix(row.Name, "MatMul+clip_by_value+Apply") {
					chains++
				}
			}
			if chains != 1 {
				t.Errorf("%s in %v: no update is in the step of its product", o.name, dtype)
			}
		}
	}
}

// No step allocates.
func TestEveryOptimizerAllocations(t *testing.T) {
	for i, o := range namedOptimizers(nil) {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w, grad := variable(s, "w", tensor.Float32, 0, 1000), graph.Placeholder(s, "grad", tensor.Float32, 1000)
		step := namedOptimizers(training.GlobalStep(s))[i].ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
		sess := open(t, g)
		feeds := graph.Feeds{grad: golden.Sequence(1, 1000)}
		if n := testing.AllocsPerRun(20, func() { run(t, sess, feeds, step) }); n > 0 && !raceDetector {
			t.Errorf("%s: %v allocations a step", o.name, n)
		}
	}
}
