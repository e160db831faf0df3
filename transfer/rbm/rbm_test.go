package rbm_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/rbm"
)

// everything has all that a machine can have.
var everything = rbm.Config{
	Hidden: 130, LearningRate: 0.05, Momentum: 0.5, WeightDecay: 1e-4, Steps: 2, Particles: 90,
	Sparsity: rbm.Sparsity{Target: 0.1, Cost: 0.1},
}

// The same seed gives the same bits, whatever GOMAXPROCS is, and another seed others.
func TestDeterminism(t *testing.T) {
	for _, units := range []rbm.Units{rbm.Bernoulli, rbm.Gaussian} {
		train := func(procs int, seed int64) []float64 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			cfg := everything
			cfg.Visible = units
			if units == rbm.Gaussian {
				cfg.LearningRate = 0.001
			}
			m := newMachine(t, tensor.Float32, 300, seed, cfg)
			feeds := graph.Feeds{m.X: dense(tensor.Float32, fractions(0.618, 0, 100*300), 100, 300)}
			for range 3 {
				m.run(feeds, m.step)
			}
			return slices.Concat(m.value(m.Weights), m.value(m.HiddenBias), m.value(m.VisibleBias), m.value(m.Particles), m.value(m.MeanActivity))
		}
		one, four, other := train(1, 5), train(4, 5), train(4, 6)
		if !slices.Equal(one, four) {
			t.Errorf("%v: one worker and four give different bits", units)
		}
		if slices.Equal(one, other) {
			t.Errorf("%v: seeds 5 and 6 give the same bits", units)
		}
	}
}

// A step allocates nothing in the steady state.
func TestStepAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	for name, cfg := range map[string]rbm.Config{"CD-1": {Hidden: 130, LearningRate: 0.05}, "all": everything} {
		for _, dtype := range dtypes {
			m := newMachine(t, dtype, 300, 1, cfg)
			feeds := graph.Feeds{m.X: dense(dtype, fractions(0.618, 0, 100*300), 100, 300)}
			step := func() { m.run(feeds, m.step) }
			step()
			if n := testing.AllocsPerRun(20, step); n != 0 {
				t.Errorf("%s, %v: %v allocations a step; want none", name, dtype, n)
			}
		}
	}
}

// Draws decide as they say, and a Run that is fed them has the same result each time.
func TestDraws(t *testing.T) {
	m := newMachine(t, tensor.Float32, 2, 1, rbm.Config{Hidden: 3, LearningRate: graph.Zero})
	if len(m.Draws) != 1 {
		t.Fatalf("CD-1 draws %d times; want once", len(m.Draws))
	}
	m.set(m.Weights, []float64{0, 1, 2, -1, -2, 3})
	x := dense(tensor.Float32, []float64{0.5, 1}, 1, 2)
	p := floats(m.run(graph.Feeds{m.X: x}, m.Features).Tensor(0))
	for n := range 8 {
		h := state(n, 3)
		u := make([]float64, 3)
		for j, on := range h {
			u[j] = p[j] // at the probability itself: not below it
			if on == 1 {
				u[j] = float64(math.Nextafter32(float32(p[j]), 0))
			}
		}
		feeds := graph.Feeds{m.X: x, m.Draws[0]: dense(tensor.Float32, u, 1, 3)}
		out := m.run(feeds, m.ReconstructionError).Float(0)
		want := 0.0
		for i, v := range []float64{0.5, 1} {
			in := 0.0
			for j, on := range h {
				in += on * m.value(m.Weights)[i*3+j]
			}
			d := v - 1/(1+math.Exp(-in))
			want += d * d / 2
		}
		near(t, fmt.Sprint("hidden units ", h), []float64{out}, []float64{want}, 1e-6)
	}
}

// The variables are named as a dense layer's, which may take them over and train them.
func TestDenseLayerTakesOver(t *testing.T) {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 6)
	r := rbm.New(s.Sub("hidden1"), x, rbm.Config{Hidden: 4, LearningRate: 0.1})
	h := ops.Dense(s.Sub("hidden1").Reuse(), x, 4, ops.DenseConfig{Activation: ops.Sigmoid})
	loss := ops.Mean(s, ops.Square(s, r.Features))
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.5}).Minimize(s, loss, gorgonia.Nodes{r.Weights, r.HiddenBias})
	m := begin(t, r, g)
	feeds := graph.Feeds{x: dense(tensor.Float32, fractions(0.618, 0, 30), 5, 6)}
	out := m.run(feeds, r.Features, h)
	if !slices.Equal(floats(out.Tensor(0)), floats(out.Tensor(1))) {
		t.Error("the dense layer gives other values than the machine")
	}
	before := m.run(feeds, step, loss).Float(1)
	if after := m.run(feeds, loss).Float(0); !(after < before) {
		t.Errorf("fine-tuning took the loss from %v to %v", before, after)
	}
}

// Another optimizer takes the gradients; with the same rule it makes the same step.
func TestGradientsForAnOptimizer(t *testing.T) {
	x := fractions(0.7548776662, 0, 30)
	result := func(own bool) []float64 {
		g := graph.New(graph.Config{Seed: 9})
		s := g.Scope()
		cfg := rbm.Config{Hidden: 4, LearningRate: 0.1, Momentum: 0.5, Particles: 3}
		if !own {
			cfg.LearningRate, cfg.Momentum = 0, 0
			cfg.Optimizer = training.Adam(training.AdamConfig{})
		}
		in := graph.Placeholder(s, "x", tensor.Float32, -1, 6)
		r := rbm.New(s.Sub("rbm"), in, cfg)
		step := r.Step(s)
		if !own {
			opt := training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.5})
			step = opt.ApplyGradients(s.After(r.Updates...), r.Gradients)
		}
		m := begin(t, r, g)
		for range 3 {
			m.run(graph.Feeds{in: dense(tensor.Float32, x, 5, 6)}, step)
		}
		return slices.Concat(m.value(r.Weights), m.value(r.Particles))
	}
	if got, want := result(false), result(true); !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

// A machine on the features of another trains itself alone.
func TestStacked(t *testing.T) {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 6)
	lower := rbm.New(s.Sub("rbm1"), x, rbm.Config{Hidden: 5, LearningRate: 0.1})
	upper := rbm.New(s.Sub("rbm2"), lower.Features, rbm.Config{Hidden: 4, LearningRate: 0.1})
	m := begin(t, upper, g)
	feeds := graph.Feeds{x: dense(tensor.Float32, fractions(0.618, 0, 30), 5, 6)}
	weights, above := m.value(lower.Weights), m.value(upper.Weights)
	m.run(feeds, m.step)
	if !slices.Equal(weights, m.value(lower.Weights)) {
		t.Error("a step of the upper machine changed the lower one")
	}
	if slices.Equal(above, m.value(upper.Weights)) {
		t.Error("a step of the upper machine changed nothing")
	}
	// The same with the features computed before.
	features := m.run(graph.Feeds{x: feeds[x]}, lower.Features).Tensor(0)
	m.run(graph.Feeds{lower.Features: features}, m.step)
}

// Sample draws from the distribution of the machine.
func TestSample(t *testing.T) {
	exact := tinyMachine(4, 3)
	m := newMachine(t, tensor.Float32, 4, 17, rbm.Config{Hidden: 3, LearningRate: 0.1})
	exact.give(m)
	s := m.sess.Graph().Scope()
	out := m.run(graph.Feeds{m.X: dense(tensor.Float32, make([]float64, many*4), many, 4)}, m.Sample(s, m.X, 40)).Tensor(0)
	_, _, want := exact.statistics(exact.distribution())
	got := make([]float64, 4)
	for k, p := range floats(out) {
		got[k%4] += p / many
	}
	near(t, "means", got, want, 5*0.5/200)
	m.Sample(s, m.X, 0)
	wantError(t, m.sess.Graph().Err(), "Sample", "steps is 0")
}

// Sparsity brings the mean activity of every hidden unit near its target, where it is not by itself.
func TestSparsity(t *testing.T) {
	x := fractions(0.7548776662, 0, 200*20)
	for i, u := range x {
		x[i] = math.Round(u)
	}
	farthest := func(sp rbm.Sparsity) (worst float64) {
		m := newMachine(t, tensor.Float32, 20, 1, rbm.Config{Hidden: 10, LearningRate: 0.1, Momentum: 0.5, Sparsity: sp})
		feeds := graph.Feeds{m.X: dense(tensor.Float32, x, 200, 20)}
		for range 1000 {
			m.run(feeds, m.step)
		}
		mean := make([]float64, 10)
		for k, p := range floats(m.run(feeds, m.Features).Tensor(0)) {
			mean[k%10] += p / 200
		}
		if m.MeanActivity != nil {
			near(t, "running means", m.value(m.MeanActivity), mean, 0.02)
		}
		for _, q := range mean {
			worst = max(worst, math.Abs(q-0.1))
		}
		return worst
	}
	with, without := farthest(rbm.Sparsity{Target: 0.1, Cost: 2}), farthest(rbm.Sparsity{})
	if !(with < 0.05 && without > 0.2) {
		t.Errorf("the mean activities are within %.3f of the target with Sparsity, and within %.3f without; want 0.05 and more than 0.2", with, without)
	}
}

// Initial values: small weights, zero biases, or what is asked for; particles of both values.
func TestInitialValues(t *testing.T) {
	m := newMachine(t, tensor.Float64, 40, 1, rbm.Config{Hidden: 50, LearningRate: 0.1, Particles: 30})
	sum, squares := 0.0, 0.0
	for _, w := range m.value(m.Weights) {
		sum, squares = sum+w, squares+w*w
	}
	if std := math.Sqrt(squares / 2000); math.Abs(std-0.01) > 0.001 || math.Abs(sum/2000) > 0.001 {
		t.Errorf("the weights have mean %v and standard deviation %v; want 0 and 0.01", sum/2000, std)
	}
	near(t, "hidden bias", m.value(m.HiddenBias), make([]float64, 50), 0)
	near(t, "visible bias", m.value(m.VisibleBias), make([]float64, 40), 0)
	on := 0.0
	for _, p := range m.value(m.Particles) {
		if p != 0 && p != 1 {
			t.Fatalf("a particle has the value %v", p)
		}
		on += p / 1200
	}
	if math.Abs(on-0.5) > 0.1 {
		t.Errorf("%v of the particles' units are 1; want a half", on)
	}
	m = newMachine(t, tensor.Float32, 4, 1, rbm.Config{
		Hidden: 2, Visible: rbm.Gaussian, LearningRate: 0.1, Particles: 300,
		Kernel: initializers.Constant(0.5), HiddenBias: initializers.Constant(-4), VisibleBias: initializers.Constant([]float64{1, 2, 3, 4}),
	})
	near(t, "weights", m.value(m.Weights), []float64{0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, 0)
	near(t, "hidden bias", m.value(m.HiddenBias), []float64{-4, -4}, 0)
	near(t, "visible bias", m.value(m.VisibleBias), []float64{1, 2, 3, 4}, 0)
	squares = 0
	for _, p := range m.value(m.Particles) {
		squares += p * p / 1200
	}
	if math.Abs(squares-1) > 0.2 {
		t.Errorf("the particles have variance %v; want 1", squares)
	}
}

func TestString(t *testing.T) {
	m := newMachine(t, tensor.Float32, 4, 1, rbm.Config{Hidden: 3, LearningRate: 0.1})
	if got, want := m.String(), "restricted Boltzmann machine: 4 Bernoulli visible units, 3 hidden units, CD-1"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	m = newMachine(t, tensor.Float32, 4, 1, rbm.Config{Hidden: 3, Visible: rbm.Gaussian, LearningRate: 0.1, Particles: 10, Steps: 2})
	const want = "restricted Boltzmann machine: 4 Gaussian visible units, 3 hidden units, PCD-2 with 10 particles"
	if got := m.SimpleRender()["text/plain"]; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	for _, r := range []*rbm.RBM{nil, {}} {
		if got := r.SimpleRender()["text/plain"]; got != "no restricted Boltzmann machine" {
			t.Errorf("%s", got)
		}
	}
}
