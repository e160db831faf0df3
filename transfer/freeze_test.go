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

// deepNet is three hidden layers of dense, batch norm, ELU and dropout, and an output layer behind a further dropout.
type deepNet struct {
	g             *graph.Graph
	s             *graph.Scope
	x, y          *gorgonia.Node
	training, low *gorgonia.Node
	hidden        gorgonia.Nodes
	logits, loss  *gorgonia.Node
	batch         graph.Feeds
}

const features, classes, rows = 6, 3, 16

// newDeepNet builds the net. Its lowest layers, pinned of them, have a training flag of their own, low: what frozen layers are to equal.
func newDeepNet(dt tensor.Dtype, pinned int, rate float64) *deepNet {
	n := &deepNet{g: graph.New(graph.Config{Seed: 42, Dtype: dt})}
	n.s = n.g.Scope()
	s := n.s
	n.x = graph.Placeholder(s, "X", dt, -1, features)
	n.y = graph.Placeholder(s, "y", tensor.Int64, -1)
	n.training = graph.PlaceholderWithDefault(s, "training", false)
	n.low = graph.PlaceholderWithDefault(s, "low", false)
	h := n.x
	for i := 1; i <= 3; i++ {
		l := s.NameScope("dnn").Sub(fmt.Sprintf("hidden%d", i))
		flag := n.training
		if i <= pinned {
			flag = n.low
		}
		h = ops.Dense(l, h, 5, ops.DenseConfig{NoBias: true})
		h = ops.BatchNorm(l, h, flag, ops.BatchNormConfig{Momentum: 0.5})
		h = ops.ELU(l, h, 1)
		h = ops.Dropout(l, h, rate, flag)
		n.hidden = append(n.hidden, h)
	}
	out := s.NameScope("dnn").Sub("outputs")
	h = ops.Dropout(out, h, rate, n.training)
	n.logits = ops.Dense(out, h, classes, ops.DenseConfig{})
	n.loss = ops.Mean(s.NameScope("loss"), ops.SparseSoftmaxCrossEntropy(s.NameScope("loss"), n.y, n.logits))
	n.batch = graph.Feeds{n.training: true}
	labels := make([]int, rows)
	x := make([]float64, rows*features)
	for i := range x {
		x[i] = float64((i*7919)%13)/13 - 0.4
	}
	for i := range labels {
		labels[i] = i % classes
	}
	n.batch[n.y] = labels
	if dt == tensor.Float32 {
		x32 := make([]float32, len(x))
		for i, v := range x {
			x32[i] = float32(v)
		}
		n.batch[n.x] = tensor.New(tensor.WithShape(rows, features), tensor.WithBacking(x32))
	} else {
		n.batch[n.x] = tensor.New(tensor.WithShape(rows, features), tensor.WithBacking(x))
	}
	return n
}

// minimize builds a train op in the scope "train".
func (n *deepNet) minimize(opt training.Optimizer, vars gorgonia.Nodes) *gorgonia.Node {
	return opt.Minimize(n.s.NameScope("train").After(n.g.UpdatesOf(n.loss)...), n.loss, vars)
}

func newSession(t testing.TB, g *graph.Graph) *graph.Session {
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

// losses trains some steps and returns the losses, as text in which every bit counts.
func losses(t testing.TB, sess *graph.Session, n *deepNet, step *gorgonia.Node, steps int) []string {
	t.Helper()
	var out []string
	for range steps {
		v, err := sess.Run(n.batch, step, n.loss)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%b", v.Float(1)))
	}
	return out
}

// values are those of variables by name, every bit of them.
func values(t testing.TB, sess *graph.Session, vars gorgonia.Nodes) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, v := range vars {
		x, err := sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		switch data := x.Data().(type) {
		case []float32:
			out[v.Name()] = fmt.Sprintf("%b", data)
		default:
			out[v.Name()] = fmt.Sprintf("%b", data)
		}
	}
	return out
}

// same reports which of equally named values differ.
func same(t testing.TB, what string, a, b map[string]string) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%s: %d values and %d", what, len(a), len(b))
	}
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s: %s differs", what, name)
		}
	}
}

func names(vars gorgonia.Nodes) string {
	var out []string
	for _, v := range vars {
		out = append(out, v.Name())
	}
	return strings.Join(out, " ")
}

// A net with frozen layers trains, bit for bit, as one whose frozen layers have training false and
// whose optimizer was given the variables of the others: whatever the shared placeholder says.
func TestFreezeEqualsHandBuilt(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, rate := range []float64{0, 0.4} {
			frozen, built := newDeepNet(dt, 0, rate), newDeepNet(dt, 2, rate)
			vars := transfer.Freeze(frozen.g, "hidden[12]")
			if got, want := len(vars), 2*5; got != want {
				t.Fatalf("%d variables were frozen; want %d", got, want)
			}
			if got, want := names(frozen.g.Trainable()), "hidden3/kernel hidden3/gamma hidden3/beta outputs/kernel outputs/bias"; got != want {
				t.Errorf("trainable are %s; want %s", got, want)
			}
			if got := len(frozen.g.UpdatesOf(frozen.loss)); got != 2 {
				t.Errorf("%d updates of the loss; want the 2 of the layer that is trained", got)
			}
			if got := len(frozen.g.Collection(graph.UpdateOps)); got != 2 {
				t.Errorf("%d update ops; want 2", got)
			}
			opt := func() training.Optimizer {
				return training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9})
			}
			a := frozen.minimize(opt(), frozen.g.Trainable())
			b := built.minimize(opt(), built.g.Trainable("hidden3", "outputs"))
			sa, sb := newSession(t, frozen.g), newSession(t, built.g)
			before := values(t, sa, vars)
			if la, lb := losses(t, sa, frozen, a, 5), losses(t, sb, built, b, 5); !slices.Equal(la, lb) {
				t.Errorf("%v, dropout %v: losses\n%v; want\n%v", dt, rate, la, lb)
			}
			same(t, "frozen and built", values(t, sa, frozen.g.ModelVariables()), values(t, sb, built.g.ModelVariables()))
			same(t, "before and after", before, values(t, sa, vars))
			if w := sa.Warnings(); len(w) > 0 {
				t.Errorf("warnings: %v", w)
			}
		}
	}
}

// The dropout between the last frozen layer and the first trained one is the latter's, that of a frozen layer's scope the former's.
func TestFreezeTurnsOffItsDropoutOnly(t *testing.T) {
	n := newDeepNet(tensor.Float32, 0, 0.5)
	transfer.Freeze(n.g, "hidden")
	sess := newSession(t, n.g)
	run := func(node *gorgonia.Node) string {
		out, err := sess.Run(n.batch, node)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(out[0].Data())
	}
	if a, b := run(n.hidden[2]), run(n.hidden[2]); a != b {
		t.Error("a frozen layer drops units")
	}
	if a, b := run(n.logits), run(n.logits); a == b {
		t.Error("the trained layer's dropout is off")
	}
}

func TestFreezeBadInput(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(n *deepNet)
		want []string
	}{
		{"no pattern", func(n *deepNet) { transfer.Freeze(n.g) }, []string{"no pattern was given"}},
		{"nothing", func(n *deepNet) { transfer.Freeze(n.g, "hiden1") }, []string{`"hiden1" matches nothing`, "near: hidden1"}},
		{"expression", func(n *deepNet) { transfer.Freeze(n.g, "(") }, []string{`"("`}},
		{"unfreeze", func(n *deepNet) { transfer.Unfreeze(n.g, "hiden1") }, []string{`"hiden1" matches nothing`}},
		{"late", func(n *deepNet) {
			n.minimize(training.Adam(training.AdamConfig{}), n.g.Trainable())
			transfer.Freeze(n.g, "hidden1")
		}, []string{"train/Adam trains hidden1/kernel already", "before Minimize"}},
		{"no endpoint", func(n *deepNet) { transfer.FreezeBelow(n.g) }, []string{"no endpoint"}},
		{"input", func(n *deepNet) { transfer.FreezeBelow(n.g, n.x) }, []string{"X depends on no variable"}},
		{"nil", func(n *deepNet) { transfer.FreezeBelow(n.g, nil) }, []string{"the node is nil"}},
		{"another graph", func(n *deepNet) { transfer.FreezeBelow(n.g, newDeepNet(tensor.Float32, 0, 0).logits) }, []string{"another graph"}},
		{"everything", func(n *deepNet) {
			transfer.FreezeBelow(n.g, n.logits)
			n.minimize(training.Adam(training.AdamConfig{}), n.g.Trainable())
		}, []string{"the list of variables is empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newDeepNet(tensor.Float32, 0, 0)
			c.do(n)
			err := n.g.Err()
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %v; want one with %q", err, want)
				}
			}
		})
	}
}
