package training_test

import (
	"reflect"
	"runtime"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/gradient"
)

// stream makes an optimizer of a golden case; the rate is that of the case, or a
// node.
type stream func(s *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer

func rateOf(c golden.Case, schedule *gorgonia.Node) float64 {
	if schedule != nil {
		return 0
	}
	return c.Param("learningRate")
}

func momentumOf(c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
	return training.Momentum(training.MomentumConfig{LearningRate: rateOf(c, schedule), Schedule: schedule, GlobalStep: step, Momentum: c.Param("momentum")})
}

var streams = []struct {
	file, op string
	make     stream
}{
	{"optimizers", "AdamW", func(_ *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
		return training.AdamW(training.AdamWConfig{
			LearningRate: rateOf(c, schedule), Schedule: schedule, GlobalStep: step, WeightDecay: c.Param("weightDecay"), Name: "Adam",
			DecayWithoutRate: c.Name == "AdamW/contrib/stream",
		})
	}},
	{"training", "RAdam", func(_ *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
		return training.RAdam(training.RAdamConfig{LearningRate: rateOf(c, schedule), Schedule: schedule, GlobalStep: step, Beta2: c.Param("beta2")})
	}},
	{"training", "LAMB", func(_ *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
		cfg := training.LAMBConfig{LearningRate: rateOf(c, schedule), Schedule: schedule, GlobalStep: step, WeightDecay: zeroed(c.Param("weightDecay"))}
		if c.Param("trust") == 0 {
			cfg.WeightDecay, cfg.NoDecay = 0.3, []string{"layer/.*"}
		}
		return training.LAMB(cfg)
	}},
	{"training", "Lion", func(_ *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
		cfg := training.LionConfig{
			LearningRate: rateOf(c, schedule), Schedule: schedule, GlobalStep: step,
			Beta1: c.Param("beta1"), Beta2: c.Param("beta2"), WeightDecay: c.Param("weightDecay"),
		}
		if cfg.WeightDecay == 0 {
			cfg.WeightDecay, cfg.NoDecay = 0.3, []string{"layer/.*"}
		}
		return training.Lion(cfg)
	}},
	{"training", "Lookahead", func(_ *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
		return training.Lookahead(momentumOf(c, schedule, step), training.LookaheadConfig{Period: int(c.Param("period")), StepSize: c.Param("stepSize")})
	}},
	{"training", "WeightDecay", func(_ *graph.Scope, c golden.Case, schedule, step *gorgonia.Node) training.Optimizer {
		return training.DecoupledWeightDecay(momentumOf(c, schedule, step), training.DecoupledWeightDecayConfig{
			WeightDecay: c.Param("weightDecay"), DecayWithoutRate: c.Param("withoutRate") == 1,
		})
	}},
}

// Each gives the golden values after every step, slots included, for a learning
// rate that is a number or a node.
func TestStreamsGolden(t *testing.T) {
	for _, st := range streams {
		for _, c := range golden.Cases(t, st.file, st.op) {
			if _, ok := c.Inputs["grads"]; !ok {
				continue
			}
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				for _, schedule := range []string{"", "float64"} { // 1 - 0.999^t, as the scripts compute it, is good to 14 digits
					t.Run(c.Name+"/"+dtype.String()+"/"+schedule, func(t *testing.T) { goldenStream(t, c, st.make, dtype, schedule, 1e-13) })
				}
			}
		}
	}
}

// laterOptimizers makes one of each, with what they count steps with.
func laterOptimizers(step *gorgonia.Node) map[string]training.Optimizer {
	noisy := gradient.Chain(gradient.Centralize(), gradient.ClipByGlobalNorm(1), gradient.Noise(gradient.NoiseConfig{Eta: .01, GlobalStep: step}))
	momentum := func() training.Optimizer {
		return training.Momentum(training.MomentumConfig{LearningRate: .01, Momentum: .9, GlobalStep: step})
	}
	return map[string]training.Optimizer{
		"AdamW":       training.AdamW(training.AdamWConfig{WeightDecay: .01, NoDecay: []string{".*/bias"}, GlobalStep: step}),
		"RAdam":       training.RAdam(training.RAdamConfig{GlobalStep: step}),
		"LAMB":        training.LAMB(training.LAMBConfig{WeightDecay: .01, NoDecay: []string{".*/bias"}, GlobalStep: step}),
		"Lion":        training.Lion(training.LionConfig{WeightDecay: .01, NoDecay: []string{".*/bias"}, GlobalStep: step}),
		"Lookahead":   training.Lookahead(momentum(), training.LookaheadConfig{Period: 3}),
		"WeightDecay": training.DecoupledWeightDecay(momentum(), training.DecoupledWeightDecayConfig{WeightDecay: .1}),
		"Accumulate":  training.Accumulate(momentum(), training.AccumulateConfig{MicroBatches: 3}),
		"all": training.Accumulate(training.Lookahead(training.ProcessGradients(
			training.AdamW(training.AdamWConfig{WeightDecay: .01, GlobalStep: step}), noisy),
			training.LookaheadConfig{Period: 2}), training.AccumulateConfig{MicroBatches: 2}),
	}
}

// small is a net whose first kernel is large enough to be shared out.
type small struct {
	g              *graph.Graph
	loss, step     *gorgonia.Node
	count, average *gorgonia.Node
	feeds          graph.Feeds
}

func newSmall(t *testing.T, name string) small {
	t.Helper()
	g := graph.New(graph.Config{Seed: 5})
	s := g.Scope()
	x, y := graph.Placeholder(s, "x", tensor.Float32, graph.Unknown, 300), graph.Placeholder(s, "y", tensor.Int64, graph.Unknown)
	isTraining := graph.Const(s, true)
	h := ops.Dense(s.Sub("hidden"), x, 211, ops.DenseConfig{Activation: ops.ReLU, KernelConstraint: ops.MaxNorm(1)})
	h = ops.BatchNorm(s.Sub("norm"), h, isTraining, ops.BatchNormConfig{})
	logits := ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	count := training.GlobalStep(s)
	opt := laterOptimizers(count)[name]
	step := opt.Minimize(s.NameScope("train").After(g.UpdatesOf(loss)...), loss, g.Trainable())
	average := training.NewMovingAverage(training.MovingAverageConfig{Decay: .9, NumUpdates: count, ZeroDebias: true}).Apply(s.After(step), g.Trainable())
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	labels := make([]int64, 32)
	for i := range labels {
		labels[i] = int64(i * 7 % 10)
	}
	return small{g, loss, step, count, average, graph.Feeds{
		x: tensor.New(tensor.WithShape(32, 300), tensor.WithBacking(golden.Sequence(3, 32*300))), y: labels,
	}}
}

// train makes Runs and returns all that the session holds then.
func (m small) train(t *testing.T, sess *graph.Session, runs int) map[string]interface{} {
	t.Helper()
	for range runs {
		run(t, sess, m.feeds, m.average, m.loss)
	}
	held := map[string]interface{}{}
	for _, v := range m.g.Variables() {
		held[m.g.NameOf(v)] = value(t, sess, v).Data()
	}
	return held
}

func (m small) session(t *testing.T, cfg graph.SessionConfig) *graph.Session {
	t.Helper()
	sess, err := graph.NewSession(m.g, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	return sess
}

// The bits of a training depend neither on fusion nor on the number of workers,
// and no Run allocates.
func TestStreamsKeepBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for name := range laterOptimizers(nil) {
		t.Run(name, func(t *testing.T) {
			m := newSmall(t, name)
			runtime.GOMAXPROCS(1)
			plain := m.train(t, m.session(t, graph.SessionConfig{NoFusion: true}), 7)
			for _, procs := range []int{1, 2, 3} {
				runtime.GOMAXPROCS(procs)
				sess := m.session(t, graph.SessionConfig{})
				first := run(t, sess, m.feeds, m.loss).Float(0)
				for v, got := range m.train(t, sess, 7) {
					if !sameBits(got, plain[v]) {
						t.Errorf("GOMAXPROCS %d: %s differs from that without fusion", procs, v)
					}
				}
				if loss := run(t, sess, m.feeds, m.loss).Float(0); !(loss < first) {
					t.Errorf("the loss went from %v to %v", first, loss)
				}
			}
		})
	}
}

func TestStreamsAllocateNothing(t *testing.T) {
	for name := range laterOptimizers(nil) {
		m := newSmall(t, name)
		sess := m.session(t, graph.SessionConfig{})
		for range 4 { // each branch is taken once
			run(t, sess, m.feeds, m.average)
		}
		n := testing.AllocsPerRun(12, func() {
			if _, err := sess.Run(m.feeds, m.average); err != nil {
				t.Fatal(err)
			}
		})
		if n > 0 && !raceDetector {
			t.Errorf("%s: %v allocations a Run", name, n)
		}
	}
}

// A variable fetched beside a step is its value when the Run began, in Runs that
// update it and in those that do not.
func TestStreamsValueBeforeTheRun(t *testing.T) {
	for name := range laterOptimizers(nil) {
		m := newSmall(t, name)
		sess := m.session(t, graph.SessionConfig{})
		vars := m.g.Variables()
		before := run(t, sess, m.feeds, vars...)
		for k := range 7 {
			beside := run(t, sess, m.feeds, append(gorgonia.Nodes{m.average}, vars...)...)
			for i, v := range vars {
				if !reflect.DeepEqual(beside[i+1].Data(), before[i].Data()) {
					t.Errorf("%s, Run %d: %s is not its value of before", name, k, m.g.NameOf(v))
				}
			}
			before = run(t, sess, m.feeds, vars...)
		}
	}
}
