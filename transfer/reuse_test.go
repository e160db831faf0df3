package transfer_test

import (
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights"
)

// savedNet writes the model variables of a deepNet into a checkpoint, and opens it.
func savedNet(t *testing.T) (*weights.File, map[string]string) {
	t.Helper()
	n := newDeepNet(tensor.Float32, 0, 0)
	sess := newSession(t, n.g)
	path, err := training.NewSaver(n.g.ModelVariables(), training.SaverConfig{}).Save(sess, filepath.Join(t.TempDir(), "model.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := transfer.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, values(t, sess, n.g.ModelVariables())
}

// otherNet has the layers net/first, net/hidden2 and net/top in a graph of another seed.
func otherNet() *graph.Graph {
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope().Sub("net")
	h := ops.Dense(s.Sub("first"), graph.Placeholder(g.Scope(), "X", tensor.Float32, -1, features), 5, ops.DenseConfig{NoBias: true})
	h = ops.Dense(s.Sub("hidden2"), h, 5, ops.DenseConfig{NoBias: true})
	ops.Dense(s.Sub("top"), h, 7, ops.DenseConfig{})
	return g
}

// Scopes and names lead to scopes and names, the longest counting; the rest keeps what it has.
func TestReuse(t *testing.T) {
	f, stored := savedNet(t)
	g := otherNet()
	sess := newSession(t, g)
	before := values(t, sess, g.Variables())
	plan, err := transfer.Reuse(f, g.Variables(), map[string]string{"hidden1/kernel": "net/first/kernel", "hidden2/": "net/hidden2/"})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Covered(); err != nil {
		t.Fatal(err)
	}
	if err := plan.Load(sess, false); err != nil {
		t.Fatal(err)
	}
	after := values(t, sess, g.Variables())
	for name, want := range map[string]string{"net/first/kernel": stored["hidden1/kernel"], "net/hidden2/kernel": stored["hidden2/kernel"],
		"net/top/kernel": before["net/top/kernel"], "net/top/bias": before["net/top/bias"]} {
		if after[name] != want {
			t.Errorf("%s has another value than it should", name)
		}
	}
	plan, err = transfer.Reuse(f, g.Variables("net/hidden2"), map[string]string{"/": "net/"})
	if err != nil || len(plan.Matched) != 1 {
		t.Errorf("the root: %v, %v", plan, err)
	}
	same := newDeepNet(tensor.Float64, 0, 0)
	if plan, err = transfer.Reuse(f, same.g.ModelVariables("hidden[12]"), nil); err != nil || len(plan.Matched) != 10 || plan.Complete() != nil {
		t.Errorf("equal names: %v, %v", plan, err)
	}
}

func TestReuseBadInput(t *testing.T) {
	f, _ := savedNet(t)
	g := otherNet()
	for _, c := range []struct {
		file       *weights.File
		vars       gorgonia.Nodes
		assignment map[string]string
		want       string
	}{
		{nil, g.Variables(), nil, "the file is nil"},
		{f, nil, nil, "no variables"},
		{f, g.Variables(), map[string]string{"hidden1/": "net/frist/"}, `fits none of the variables; near ones are net/first/kernel`},
		{f, g.Variables(), map[string]string{"hidden1/": "net/first"}, "from a scope to a name"},
		{f, g.Variables(), map[string]string{"": "net/first/"}, "empty name"},
	} {
		if _, err := transfer.Reuse(c.file, c.vars, c.assignment); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v; want %q", c.assignment, err, c.want)
		}
	}
	sess := newSession(t, g)
	before := values(t, sess, g.Variables())
	for want, assignment := range map[string]map[string]string{
		`net/first/kernel [6 5]: the file has no "hiden1/kernel"; near ones are hidden1/kernel`: {"hiden1/": "net/first/"},
		`net/top/kernel: "outputs/kernel" is [5 3] in the file; want [5 7]`:                     {"outputs/": "net/top/"},
		`net/first/kernel: "hidden1/gamma" is [5] in the file; want [6 5]`:                      {"hidden1/gamma": "net/first/kernel"},
	} {
		plan, err := transfer.Reuse(f, g.Variables(), assignment)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{plan.Covered(), plan.Load(sess, false)} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v; want %q", assignment, err, want)
			}
		}
	}
	same(t, "after errors", before, values(t, sess, g.Variables()))
}

// Behind Cut the old head is neither trained nor saved, and the new one trains on what is below.
func TestCut(t *testing.T) {
	n := newDeepNet(tensor.Float32, 0, 0)
	if got := names(transfer.Cut(n.g, n.hidden[1])); got != "hidden3/gamma hidden3/beta hidden3/kernel hidden3/moving_mean hidden3/moving_variance outputs/kernel outputs/bias" &&
		len(strings.Fields(got)) != 7 {
		t.Errorf("%s leave; want the 7 variables above", got)
	}
	logits := transfer.Head(n.s.Sub("head"), n.hidden[1], 4, transfer.HeadConfig{Dropout: 0.1, Training: n.training})
	n.loss = ops.Mean(n.s, ops.SparseSoftmaxCrossEntropy(n.s, n.y, logits))
	step := n.minimize(training.Adam(training.AdamConfig{}), n.g.Trainable())
	if got := len(n.g.ModelVariables()); got != 12 {
		t.Errorf("%d model variables; want 2*5 and the head's 2", got)
	}
	if got := len(n.g.Collection(graph.UpdateOps)); got != 4 {
		t.Errorf("%d update ops; want the 4 of two layers", got)
	}
	sess := newSession(t, n.g)
	above := values(t, sess, n.g.Variables("hidden3/(kernel|gamma|beta|moving_.*)$", "outputs/(kernel|bias)$"))
	losses(t, sess, n, step, 2)
	same(t, "above the cut", above, values(t, sess, n.g.Variables("hidden3/(kernel|gamma|beta|moving_.*)$", "outputs/(kernel|bias)$")))
	for _, c := range []struct {
		do   func(g *graph.Graph)
		want string
	}{{func(g *graph.Graph) { transfer.Cut(g) }, "no endpoint"}, {func(g *graph.Graph) { transfer.Cut(g, nil) }, "nil"}} {
		g := graph.New(graph.Config{})
		if c.do(g); g.Err() == nil || !strings.Contains(g.Err().Error(), c.want) {
			t.Errorf("%v; want %q", g.Err(), c.want)
		}
	}
}
