package transfer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
)

// tower builds hidden layers of dense, batch norm, ELU and dropout as newDeepNet does, on variables that are there already.
func (n *deepNet) tower(scope string, flag *gorgonia.Node, layers int) *gorgonia.Node {
	h := n.x
	for i := 1; i <= layers; i++ {
		l := n.s.NameScope(scope).Sub(fmt.Sprintf("hidden%d", i)).Reuse()
		h = ops.Dense(l, h, 5, ops.DenseConfig{NoBias: true})
		h = ops.BatchNorm(l, h, flag, ops.BatchNormConfig{Momentum: 0.5})
		h = ops.ELU(l, h, 1)
		h = ops.Dropout(l, h, 0.4, flag)
	}
	return h
}

// A second tower that is built on frozen variables after Freeze does in training what the first does, be it before or after the train op is built, and in
// whatever order gradients and towers come. The layers of it that are not frozen train.
func TestFreezeLaterTower(t *testing.T) {
	for _, order := range []string{"tower first", "between", "step first"} {
		n := newDeepNet(tensor.Float64, 0, 0.4)
		frozen := transfer.Freeze(n.g, "hidden[12]")
		var second *gorgonia.Node
		build := func(when string) {
			if order == when {
				second = n.tower("second", n.training, 3)
			}
		}
		build("tower first")
		opt := training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9})
		at := n.s.NameScope("train").After(n.g.UpdatesOf(n.loss)...)
		grads := opt.ComputeGradients(at, n.loss, n.g.Trainable())
		build("between")
		if order == "between" && len(n.g.UpdatesOf(second)) != 2 {
			t.Errorf("the second tower has %d updates; want the 2 of its third layer", len(n.g.UpdatesOf(second)))
		}
		step := opt.ApplyGradients(at, grads)
		build("step first")
		sess := newSession(t, n.g)
		before := values(t, sess, frozen)
		if got := losses(t, sess, n, step, 3); got[0] == got[2] {
			t.Errorf("%s: nothing is learnt: %v", order, got)
		}
		out, err := sess.Run(n.batch, n.hidden[1], second)
		if err != nil {
			t.Fatal(err)
		}
		again, err := sess.Run(n.batch, n.hidden[1], second)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprint(out[0].Data()), fmt.Sprint(again[0].Data()); a != b {
			t.Errorf("%s: the frozen layers differ from Run to Run", order)
		}
		if a, b := fmt.Sprint(out[1].Data()), fmt.Sprint(again[1].Data()); a == b {
			t.Errorf("%s: the second tower's third layer, which is trained, has no dropout", order)
		}
		same(t, order, before, values(t, sess, frozen))
		if got := n.g.UpdatesOf(second); len(got) != 2 {
			t.Errorf("%s: %d updates of the second tower; want the 2 of its third layer", order, len(got))
		}
		if w := sess.Warnings(); len(w) > 0 {
			t.Errorf("%s: warnings: %v", order, w)
		}
	}
}

// The frozen layers of a later tower give, in training, what those of the first give.
func TestFreezeLaterTowerEqualsFirst(t *testing.T) {
	n := newDeepNet(tensor.Float64, 0, 0.4)
	transfer.Freeze(n.g, "hidden[12]")
	low := n.tower("second", n.training, 2)
	sess := newSession(t, n.g)
	out, err := sess.Run(n.batch, n.hidden[1], low)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := out[0].Data().([]float64), out[1].Data().([]float64); !slices.Equal(a, b) {
		t.Errorf("the towers give %v and %v", a[:5], b[:5])
	}
	if got := n.g.UpdatesOf(low); len(got) != 0 {
		t.Errorf("the second tower moves statistics: %v", got)
	}
	// A step that trains its head alone leaves all else as it was.
	loss := ops.Mean(n.s, ops.SparseSoftmaxCrossEntropy(n.s, n.y, ops.Dense(n.s.Sub("head"), low, classes, ops.DenseConfig{})))
	step := training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9}).Minimize(n.s.After(n.g.UpdatesOf(loss)...), loss, n.g.Trainable("head"))
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	others := slices.DeleteFunc(n.g.ModelVariables(), func(v *gorgonia.Node) bool { return strings.HasPrefix(v.Name(), "head/") })
	before := values(t, sess, others)
	for range 3 {
		if _, err := sess.Run(n.batch, step); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "before and after", before, values(t, sess, others))
}

// penalized is a network whose loss has a penalty on the gradient of its output with respect to its input, as Gulrajani et al. ("Improved training of
// Wasserstein GANs", 2017) have it. The flag of its lower layer is low.
type penalized struct {
	g           *graph.Graph
	s           *graph.Scope
	x, training *gorgonia.Node
	out, loss   *gorgonia.Node
	feeds       graph.Feeds
}

func newPenalized(low bool) *penalized {
	p := &penalized{g: graph.New(graph.Config{Seed: 7, Dtype: tensor.Float64})}
	p.s = p.g.Scope()
	s := p.s
	p.x = graph.Placeholder(s, "X", tensor.Float64, -1, 4)
	p.training = graph.PlaceholderWithDefault(s, "training", false)
	flag := p.training
	if low {
		flag = graph.Const(s, false)
	}
	l := s.Sub("hidden1")
	h := ops.Tanh(l, ops.BatchNorm(l, ops.Dense(l, p.x, 5, ops.DenseConfig{}), flag, ops.BatchNormConfig{}))
	h = ops.Dropout(l, h, 0.5, flag)
	h = ops.Tanh(s, ops.Dense(s.Sub("hidden2"), h, 5, ops.DenseConfig{}))
	p.out = ops.Mean(s, ops.Dense(s.Sub("out"), h, 1, ops.DenseConfig{}))
	x := make([]float64, 8*4)
	for i := range x {
		x[i] = float64((i*7919)%13)/13 - 0.4
	}
	p.feeds = graph.Feeds{p.training: true, p.x: tensor.New(tensor.WithShape(8, 4), tensor.WithBacking(x))}
	return p
}

// penalize adds the penalty.
func (p *penalized) penalize() {
	s := p.s.NameScope("penalty")
	grad := graph.Gradients(s, gorgonia.Nodes{p.out}, gorgonia.Nodes{p.x}, nil)[0]
	norm := ops.Sqrt(s, ops.AddScalar(s, ops.Sum(s, ops.Square(s, grad), 1), 1e-6))
	p.loss = ops.Add(s, p.out, ops.Mean(s, ops.Square(s, ops.AddScalar(s, norm, -1))))
}

func (p *penalized) step() *gorgonia.Node {
	return training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1}).Minimize(p.s.NameScope("train").After(p.g.UpdatesOf(p.loss)...), p.loss, p.g.Trainable("hidden2", "out"))
}

// A loss with gradients in it: where Freeze comes before them, it trains as a network that was built frozen; where it comes between them and Minimize,
// Minimize says that they are of the network of before.
func TestFreezeUnderGradientPenalty(t *testing.T) {
	train := func(p *penalized) ([]string, map[string]string) {
		step := p.step()
		sess := newSession(t, p.g)
		var losses []string
		for range 4 {
			out, err := sess.Run(p.feeds, step, p.loss)
			if err != nil {
				t.Fatal(err)
			}
			losses = append(losses, fmt.Sprintf("%b", out.Float(1)))
		}
		return losses, values(t, sess, p.g.ModelVariables())
	}
	built := newPenalized(true)
	built.penalize()
	want, wantValues := train(built)
	if want[0] == want[3] {
		t.Fatalf("nothing is learnt: %v", want)
	}

	frozen := newPenalized(false)
	transfer.Freeze(frozen.g, "hidden1")
	frozen.penalize()
	got, gotValues := train(frozen)
	if !slices.Equal(got, want) {
		t.Errorf("losses\n%v; want\n%v", got, want)
	}
	same(t, "frozen and built", gotValues, wantValues)

	late := newPenalized(false)
	late.penalize()
	transfer.Freeze(late.g, "hidden1")
	late.step()
	if err := late.g.Err(); err == nil || !strings.Contains(err.Error(), "older than the last Freeze") {
		t.Errorf("frozen after the penalty was built: %v", err)
	}

	// Where freezing changes nothing of the network, as without batch norm and dropout, either order will do.
	plain := newPenalized(true)
	plain.penalize()
	transfer.Freeze(plain.g, "hidden1")
	got, gotValues = train(plain)
	if !slices.Equal(got, want) {
		t.Errorf("without layers that a flag changes: losses\n%v; want\n%v", got, want)
	}
	same(t, "plain and built", gotValues, wantValues)
}
