package gradient_test

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/gradient"
)

func variable(s *graph.Scope, name string, dtype tensor.Dtype, shape ...int) *gorgonia.Node {
	return graph.Variable(s, name, shape, graph.VariableConfig{Dtype: dtype, Initializer: initializers.Zeros()})
}

func open(t *testing.T, g *graph.Graph) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

func run(t *testing.T, sess *graph.Session, fetches ...*gorgonia.Node) graph.Values {
	t.Helper()
	out, err := sess.Run(nil, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Steps of single gradients give NumPy's values, for vectors, dense and
// convolution kernels.
func TestStepsGolden(t *testing.T) {
	for _, op := range []string{"Centralize", "AdaptiveClip"} {
		for _, c := range golden.Cases(t, "training", op) {
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				step := gradient.Centralize()
				if op == "AdaptiveClip" {
					step = gradient.AdaptiveClip(gradient.AdaptiveClipConfig{Clipping: c.Param("clipping")})
				}
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				shape := c.In("w").Shape
				w := variable(s, "w", dtype, shape...)
				grad := graph.ConstOf(s, dtype, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(c.In("grad").Float64s())))
				grads := step(s, []training.GradVar{{Grad: grad, Var: w}})
				sess := open(t, g)
				if err := sess.SetValue(w, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing(c.In("w"), dtype)))); err != nil {
					t.Fatal(err)
				}
				rtol, atol := 1e-6, 1e-6
				if dtype == tensor.Float64 {
					rtol, atol = 1e-13, 1e-14
				}
				if err := golden.Close(run(t, sess, grads[0].Grad).Tensor(0), c.Out("y"), rtol, atol); err != nil {
					t.Errorf("%s, %v: %v", c.Name, dtype, err)
				}
			}
		}
	}
}

func backing(a golden.Array, dtype tensor.Dtype) interface{} {
	if dtype == tensor.Float32 {
		return a.Float32s()
	}
	return a.Float64s()
}

// layers is a list of gradients of which one is nil.
func layers(s *graph.Scope) []training.GradVar {
	return []training.GradVar{
		{Grad: graph.Const(s, [][]float64{{3, -4}, {0, 0}}), Var: variable(s, "hidden/kernel", tensor.Float32, 2, 2)},
		{Var: variable(s, "hidden/bias", tensor.Float32, 2)},
		{Grad: graph.Const(s, []float64{0, 12}), Var: variable(s, "outputs/bias", tensor.Float32, 2)},
	}
}

// Each step keeps the variables, leaves nil gradients nil and its input as it
// was, and does what the function of its name does.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		name string
		step training.GradientStep
		want string
	}{
		{"ClipByValue", gradient.ClipByValue(-2, 10), "[3 -2 0 0] nil [0 10]"},
		{"ClipByNorm", gradient.ClipByNorm(10), "[3 -4 0 0] nil [0 10]"},
		{"ClipByGlobalNorm", gradient.ClipByGlobalNorm(6.5), "[1.5 -2 0 0] nil [0 6]"},
		{"Scale", gradient.Scale(-.5), "[-1.5 2 -0 -0] nil [-0 -6]"},
		{"Centralize", gradient.Centralize(), "[1.5 -2 -1.5 2] nil [0 12]"},
		{"AdaptiveClip", gradient.AdaptiveClip(gradient.AdaptiveClipConfig{Clipping: 500, Epsilon: .004}), "[2 -2 0 0] nil [0 2]"},
		{"Freeze", gradient.Freeze("hidden/.*"), "nil nil [0 12]"},
		{"Transform", gradient.Transform(func(s *graph.Scope, gv training.GradVar) *gorgonia.Node { return ops.Sub(s, gv.Grad, gv.Var) }), "[3 -4 0 0] nil [0 12]"},
		{"empty Chain", gradient.Chain(), "[3 -4 0 0] nil [0 12]"},
		{"Chain", gradient.Chain(gradient.Scale(2), gradient.ClipByValue(-5, 5), gradient.Freeze("outputs/bias")), "[5 -5 0 0] nil nil"},
		{"Chain of Chain", gradient.Chain(gradient.Chain(gradient.ClipByValue(-5, 5)), gradient.Scale(2)), "[6 -8 0 0] nil [0 10]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			given := layers(s)
			before := append([]training.GradVar(nil), given...)
			got := c.step(s.NameScope("gradients"), given)
			if !reflect.DeepEqual(given, before) {
				t.Error("the step changes what it was given")
			}
			sess := open(t, g)
			var said []string
			for i, gv := range got {
				switch {
				case gv.Var != given[i].Var:
					t.Errorf("gradient %d belongs to another variable", i)
				case gv.Grad == nil:
					said = append(said, "nil")
				default:
					said = append(said, fmt.Sprint(run(t, sess, gv.Grad).Float32s(0)))
				}
			}
			if got := strings.Join(said, " "); got != c.want {
				t.Errorf("gradients %s; want %s", got, c.want)
			}
		})
	}
}

// A frozen variable is not updated at all: it has no slots, does not decay, and a
// step in which nothing is left is an error.
func TestFreezeLeavesTheVariable(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a, b := graph.Variable(s, "a", tensor.Shape{2}, graph.VariableConfig{Initializer: initializers.Constant(1)}), variable(s, "b", tensor.Float32, 2)
	one := graph.Const(s, []float64{1, 1})
	grads := []training.GradVar{{Grad: one, Var: a}, {Grad: one, Var: b}}
	opt := training.ProcessGradients(training.AdamW(training.AdamWConfig{LearningRate: .1, WeightDecay: .5}), gradient.Freeze("a$"))
	step := opt.ApplyGradients(s, grads)
	sess := open(t, g)
	run(t, sess, step)
	out := run(t, sess, a, b)
	if out.Float32s(0)[0] != 1 || out.Float32s(1)[0] == 0 || opt.Slot(a, "AdamW") != nil || opt.Slot(b, "AdamW") == nil {
		t.Errorf("a is %v, b %v; slots %v", out.Float32s(0), out.Float32s(1), opt.Variables())
	}
	training.ProcessGradients(training.Adam(training.AdamConfig{}), gradient.Freeze("[ab]$")).ApplyGradients(s, grads)
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "No gradients provided") {
		t.Errorf("error %v", err)
	}
}

// The noise is normal, with the variance of its step, differs between variables
// and Runs, and is the same for the same seed and any number of workers.
func TestNoise(t *testing.T) {
	const n, eta, gamma = 40000, .3, .55
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	draw := func(seed int64, procs int) [][]float32 {
		runtime.GOMAXPROCS(procs)
		g := graph.New(graph.Config{Seed: seed})
		s := g.Scope()
		count := training.GlobalStep(s)
		zeros := graph.Const(s, make([]float64, n))
		grads := gradient.Noise(gradient.NoiseConfig{Eta: eta, GlobalStep: count})(s, []training.GradVar{
			{Grad: zeros, Var: variable(s, "a", tensor.Float32, n)}, {Grad: zeros, Var: variable(s, "b", tensor.Float32, n)},
		})
		sess := open(t, g)
		var drawn [][]float32
		for _, step := range []int64{0, 0, 99} {
			if err := sess.SetValue(count, step); err != nil {
				t.Fatal(err)
			}
			out := run(t, sess, grads[0].Grad, grads[1].Grad)
			drawn = append(drawn, out.Float32s(0), out.Float32s(1))
		}
		return drawn
	}
	drawn := draw(7, 1)
	t.Logf("seed 7")
	for i, want := range []float64{eta, eta, eta, eta, eta / math.Pow(100, gamma), eta / math.Pow(100, gamma)} {
		var mean, square, fourth float64
		for _, v := range drawn[i] {
			x := float64(v) / math.Sqrt(want)
			mean, square, fourth = mean+x/n, square+x*x/n, fourth+x*x*x*x/n
		}
		// Four standard errors of the moments 0, 1 and 3 of a normal distribution.
		if e := 4 / math.Sqrt(n); math.Abs(mean) > e || math.Abs(square-1) > e*math.Sqrt2 || math.Abs(fourth-3) > e*math.Sqrt(96) {
			t.Errorf("draw %d: moments %v, %v, %v of the standardised noise", i, mean, square, fourth)
		}
		for j := range i {
			if drawn[j][0] == drawn[i][0] || drawn[j][n-1]/float32(math.Sqrt(want)) == drawn[i][n-1] {
				t.Errorf("draws %d and %d begin alike", j, i)
			}
		}
	}
	if again := draw(7, 3); !reflect.DeepEqual(again, drawn) {
		t.Error("the same seed draws other noise")
	}
	if other := draw(8, 3); other[0][0] == drawn[0][0] {
		t.Error("another seed draws the same noise")
	}
}

func TestBadSteps(t *testing.T) {
	for _, c := range []struct {
		step training.GradientStep
		want []string
	}{
		{gradient.Chain(gradient.Scale(1), nil), []string{"step 1 is nil"}},
		{gradient.Transform(nil), []string{"the function is nil"}},
		{gradient.Scale(math.NaN()), []string{"the factor is NaN"}},
		{gradient.Freeze("hiden"), []string{`Freeze: pattern "hiden" matches nothing`}},
		{gradient.ClipByNorm(-1), []string{"-1", "positive"}},
		{gradient.ClipByGlobalNorm(0), []string{"the clipping norm is 0"}},
		{gradient.ClipByValue(1, -1), []string{"1"}},
		{gradient.AdaptiveClip(gradient.AdaptiveClipConfig{Clipping: -1}), []string{"Clipping is -1"}},
		{gradient.AdaptiveClip(gradient.AdaptiveClipConfig{Epsilon: math.Inf(1)}), []string{"Epsilon is +Inf"}},
		{gradient.AdaptiveClip(gradient.AdaptiveClipConfig{Clipping: graph.Zero}), []string{"Clipping is", "positive"}},
		{gradient.AdaptiveClip(gradient.AdaptiveClipConfig{Epsilon: graph.Zero}), []string{"Epsilon is", "positive"}},
		{gradient.Freeze(), []string{"no pattern was given", "hidden/kernel"}},
		{gradient.Noise(gradient.NoiseConfig{}), []string{"Eta is 0"}},
		{gradient.Noise(gradient.NoiseConfig{Eta: 1}), []string{"GlobalStep is nil", "training.GlobalStep(s)"}},
		{gradient.Noise(gradient.NoiseConfig{Eta: 1, Gamma: -1}), []string{"Gamma is -1"}},
		{gradient.Noise(gradient.NoiseConfig{Eta: 1, GlobalStep: training.GlobalStep(graph.New(graph.Config{}).Scope())}), []string{"another graph"}},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		c.step(s, layers(s))
		err := g.Err()
		for _, part := range c.want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("error %v does not say %q", err, part)
			}
		}
	}
}

// Noise that does not fall needs no global step; a nil gradient stays nil.
func TestNoiseWithoutStep(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	step := gradient.Noise(gradient.NoiseConfig{Eta: 1, Gamma: graph.Zero})
	grads := step(s, []training.GradVar{
		{Grad: graph.ConstOf(s, tensor.Float64, []float64{0, 0}), Var: variable(s, "w", tensor.Float64, 2)},
		{Var: variable(s, "b", tensor.Float32, 2)},
	})
	if grads[1].Grad != nil {
		t.Error("a nil gradient is noisy")
	}
	if x := run(t, open(t, g), grads[0].Grad).Float64s(0); x[0] == 0 || x[0] == x[1] {
		t.Errorf("the noise is %v", x)
	}
}
