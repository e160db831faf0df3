package schedule_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/schedule"
)

// all is a good schedule of each kind, with the function that makes its node.
var all = []struct {
	name string
	cfg  schedule.Schedule
	node func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node
}{
	{"ExponentialDecay", exponential, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.Exponential(s, step, exponential)
	}},
	{"NaturalExpDecay", naturalExp, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.NaturalExp(s, step, naturalExp)
	}},
	{"InverseTimeDecay", inverseTime, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.InverseTime(s, step, inverseTime)
	}},
	{"PiecewiseConstant", piecewise, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.PiecewiseConstant(s, step, piecewise)
	}},
	{"PolynomialDecay", polynomial, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.Polynomial(s, step, polynomial)
	}},
	{"CosineDecay", cosine, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node { return schedule.Cosine(s, step, cosine) }},
	{"CosineDecayRestarts", restarts, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.CosineRestarts(s, step, restarts)
	}},
	{"LinearCosineDecay", linearCosine, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.LinearCosine(s, step, linearCosine)
	}},
	{"OneCycle", oneCycle, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node { return schedule.OneCycle(s, step, oneCycle) }},
	{"Warmup", warmup, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node { return schedule.Warmup(s, step, warmup) }},
	{"Join", join, func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node { return schedule.Join(s, step, join) }},
	{"Schedule", schedule.Constant(0.25), func(s *graph.Scope, step *gorgonia.Node) *gorgonia.Node {
		return schedule.Node(s, step, schedule.Constant(0.25))
	}},
}

var (
	exponential  = schedule.ExponentialConfig{Initial: 0.5, DecaySteps: 3, DecayRate: 0.9}
	naturalExp   = schedule.NaturalExpConfig{Initial: 0.5, DecaySteps: 3, DecayRate: 0.2}
	inverseTime  = schedule.InverseTimeConfig{Initial: 0.5, DecaySteps: 3, DecayRate: 0.2}
	piecewise    = schedule.PiecewiseConstantConfig{Boundaries: []int{0, 4}, Values: []float64{0.5, 0.25, 0}}
	polynomial   = schedule.PolynomialConfig{Initial: 0.5, DecaySteps: 8}
	cosine       = schedule.CosineConfig{Initial: 0.5, DecaySteps: 8}
	restarts     = schedule.CosineRestartsConfig{Initial: 0.5, FirstDecaySteps: 8}
	linearCosine = schedule.LinearCosineConfig{Initial: 0.5, DecaySteps: 8}
	oneCycle     = schedule.OneCycleConfig{MaxRate: 0.5, TotalSteps: 20}
	warmup       = schedule.WarmupConfig{Steps: 4, Then: cosine}
	join         = schedule.JoinConfig{Schedules: []schedule.Schedule{exponential, cosine}, Boundaries: []int{3}}
)

// Each function makes a node of the schedule that its config is, for every integer
// dtype of the step.
func TestNodes(t *testing.T) {
	for _, c := range all {
		for _, dtype := range []tensor.Dtype{tensor.Int, tensor.Int32, tensor.Int64} {
			g := graph.New(graph.Config{})
			s := g.Scope().NameScope("train")
			step := graph.Placeholder(s, "step", dtype)
			rate := c.node(s, step)
			if got := g.NameOf(rate); got != "train/"+c.name {
				t.Errorf("the node is %s; want train/%s", got, c.name)
			}
			if sp := graph.SpecOf(rate); sp.Dtype != tensor.Float32 || sp.Rank() != 0 {
				t.Errorf("%s: the node is %v; want a scalar float32", c.name, sp)
			}
			sess := open(t, g)
			for k := 0; k < 12; k++ {
				var fed interface{} = k
				switch dtype {
				case tensor.Int32:
					fed = int32(k)
				case tensor.Int64:
					fed = int64(k)
				}
				if got, want := run(t, sess, graph.Feeds{step: fed}, rate).Float32s(0)[0], float32(c.cfg.At(int64(k))); got != want {
					t.Errorf("%s of %v: step %d: %v; want %v", c.name, dtype, k, got, want)
				}
			}
		}
	}
}

// Before step 0 the rate is that of step 0, and far behind the last change it
// is a finite number.
func TestFarSteps(t *testing.T) {
	for _, c := range all {
		if early, first := c.cfg.At(-7), c.cfg.At(0); early != first {
			t.Errorf("%s: At(-7) is %v, At(0) %v", c.name, early, first)
		}
		if last := c.cfg.At(math.MaxInt64); !(last >= 0) || last > 0.5+1e-12 {
			t.Errorf("%s: the rate of the last step is %v", c.name, last)
		}
	}
}

// A period begins exactly at its step, whatever the logarithm says.
func TestRestartsExactly(t *testing.T) {
	for _, mul := range []int{2, 3, 5, 7, 10} {
		cfg := schedule.CosineRestartsConfig{Initial: 1, FirstDecaySteps: 10, TMul: float64(mul), MMul: 0.5}
		start, length, rate := int64(0), int64(10), 1.0
		for start < 1e9 {
			if got := cfg.At(start); got != rate {
				t.Errorf("TMul %d: the period that begins at step %d has rate %v; want %v", mul, start, got, rate)
			}
			if got := cfg.At(start + length - 1); got > 0.03*rate {
				t.Errorf("TMul %d: the last step %d of the period has rate %v of %v", mul, start+length-1, got, rate)
			}
			start, length, rate = start+length, length*int64(mul), rate/2
		}
	}
}

// A schedule of the user's own.
type sawtooth struct{ bad float64 }

func (w sawtooth) At(step int64) float64 {
	if step == 5 {
		return w.bad
	}
	return float64(step%3) + 1
}

func TestOwnSchedule(t *testing.T) {
	g := graph.New(graph.Config{})
	step := graph.Placeholder(g.Scope(), "step", tensor.Int64)
	inner := schedule.WarmupConfig{Steps: 2, Then: sawtooth{math.NaN()}}
	rate := schedule.Node(g.Scope(), step, inner)
	sess := open(t, g)
	for k, want := range []float64{0, 0.5, 1, 2, 3, 1, 2} {
		if got := run(t, sess, graph.Feeds{step: int64(k)}, rate).Float(0); got != want {
			t.Errorf("step %d: %v; want %v", k, got, want)
		}
	}
	_, err := sess.Run(graph.Feeds{step: int64(7)}, rate)
	wantError(t, err, "the rate of step 7 is NaN", "finite")
}

func TestCurve(t *testing.T) {
	x, y := schedule.Curve(piecewise, 6)
	if got, want := fmt.Sprint(x, y), "[0 1 2 3 4 5] [0.5 0.25 0.25 0.25 0.25 0]"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	if x, y = schedule.Curve(piecewise, -1); len(x)+len(y) != 0 {
		t.Errorf("a curve of -1 steps: %v, %v", x, y)
	}
}

func TestVariable(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	rate := schedule.Variable(g.Scope(), "rate", 0.1)
	sess := open(t, g)
	if len(g.Trainable()) != 0 || !g.IsVariable(rate) {
		t.Error("the rate is trained, or no variable")
	}
	if got := run(t, sess, nil, rate).Float(0); got != 0.1 {
		t.Errorf("the rate starts at %v", got)
	}
	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		g := graph.New(graph.Config{})
		schedule.Variable(g.Scope(), "rate", bad)
		wantError(t, g.Err(), "rate starts at", "finite")
	}
}
