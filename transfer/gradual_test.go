package transfer_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
	"github.com/plexaura/plexaura/transfer"
)

// gradual is a net that is unfrozen in two stages.
func gradual() (*deepNet, *transfer.Unfreezing) {
	n := newDeepNet(tensor.Float32, 0, 0.2)
	transfer.Freeze(n.g, "hidden")
	u := transfer.Gradual(n.s.NameScope("train"), training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9}), n.loss,
		transfer.Stage{Epoch: 3, Unfreeze: []string{"hidden3"}}, transfer.Stage{Epoch: 4, Unfreeze: []string{"hidden[12]"}})
	return n, u
}

func (n *deepNet) batches() *dataset.BatchIterator {
	return dataset.Batches(dataset.BatchesConfig{X: n.batch[n.x].(*tensor.Dense), Y: tensor.New(tensor.WithBacking(int64s(n.batch[n.y].([]int)))), BatchSize: 4, Seed: 7})
}

func int64s(x []int) []int64 {
	out := make([]int64, len(x))
	for i, v := range x {
		out[i] = int64(v)
	}
	return out
}

func (n *deepNet) fit(t *testing.T, sess *graph.Session, u *transfer.Unfreezing, epochs int, more ...training.Hook) []float64 {
	t.Helper()
	h, err := training.Fit(context.Background(), sess, training.FitConfig{Step: u.Step(1), Loss: n.loss, Data: n.batches(), X: n.x, Y: n.y,
		Feeds: graph.Feeds{n.training: true}, Epochs: epochs, Hooks: append([]training.Hook{u}, more...), StepLosses: true})
	if err != nil {
		t.Fatal(err)
	}
	return h.Losses
}

// Each stage trains what it should, from its epoch on, and one training equals a training that was interrupted in a stage and resumed.
func TestGradual(t *testing.T) {
	n, u := gradual()
	sess := newSession(t, n.g)
	start := values(t, sess, n.g.ModelVariables())
	moved := func() string {
		var layers []string
		for name, v := range values(t, sess, n.g.ModelVariables()) {
			layer, _, _ := strings.Cut(name, "/")
			if v != start[name] && !slices.Contains(layers, layer) {
				layers = append(layers, layer)
			}
		}
		slices.Sort(layers)
		return strings.Join(layers, " ")
	}
	var at []string
	want := n.fit(t, sess, u, 5, &hooks.Func{Do: func(*training.Loop) error { at = append(at, moved()); return nil }})
	if got, want := strings.Join(at, ", "), "outputs, outputs, hidden3 outputs, hidden1 hidden2 hidden3 outputs, hidden1 hidden2 hidden3 outputs"; got != want {
		t.Errorf("moved by epoch are %s; want %s", got, want)
	}
	path := filepath.Join(t.TempDir(), "model.ckpt")
	n, u = gradual()
	n.fit(t, newSession(t, n.g), u, 3, &hooks.Checkpoint{Path: path})
	n, u = gradual()
	got := n.fit(t, newSession(t, n.g), u, 5, &hooks.Checkpoint{Path: path, Resume: true})
	if !slices.Equal(got, want) {
		t.Errorf("interrupted: %v\nwant %v", got, want)
	}
}

func TestGradualBadInput(t *testing.T) {
	momentum := training.Momentum(training.MomentumConfig{LearningRate: 0.05, Momentum: 0.9})
	for _, c := range []struct {
		name   string
		opt    training.Optimizer
		stages []transfer.Stage
		want   string
	}{
		{"order", momentum, []transfer.Stage{{Epoch: 1, Unfreeze: []string{"hidden1"}}}, "stage 1 begins with epoch 1; want one after 1"},
		{"nothing", momentum, []transfer.Stage{{Epoch: 2}}, "unfreezes nothing"},
		{"typo", momentum, []transfer.Stage{{Epoch: 2, Unfreeze: []string{"hiden"}}}, `"hiden" matches nothing`},
		{"not frozen", momentum, []transfer.Stage{{Epoch: 2, Unfreeze: []string{"outputs"}}}, "nothing of what"},
		{"nil", nil, nil, "the optimizer or the loss is nil"},
	} {
		n := newDeepNet(tensor.Float32, 0, 0)
		transfer.Freeze(n.g, "hidden")
		u := transfer.Gradual(n.s, c.opt, n.loss, c.stages...)
		if err := n.g.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
		if c.opt == nil && u.Step(1) != nil {
			t.Error("there is a step without an optimizer")
		}
	}
}

// One step of gradient descent moves each layer by its rate times the gradient.
func TestLayerRates(t *testing.T) {
	n := newDeepNet(tensor.Float64, 0, 0)
	layers := transfer.Layers(n.g.Trainable())
	if got := len(layers); got != 4 {
		t.Fatalf("the layers are %q; want 4", layers)
	}
	vars := n.g.Trainable()
	grads := graph.Gradients(n.s, gorgonia.Nodes{n.loss}, vars, nil)
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.5, Multipliers: transfer.LayerRates(0.25, layers...)}).Minimize(n.s.NameScope("train"), n.loss, vars)
	sess := newSession(t, n.g)
	before, err := sess.Values(vars...)
	if err != nil {
		t.Fatal(err)
	}
	delete(n.batch, n.training)
	out, err := sess.Run(n.batch, append(gorgonia.Nodes{step}, grads...)...)
	if err != nil {
		t.Fatal(err)
	}
	after, err := sess.Values(vars...)
	if err != nil {
		t.Fatal(err)
	}
	rates := map[string]float64{"hidden1": 0.5 / 64, "hidden2": 0.5 / 16, "hidden3": 0.5 / 4, "outputs": 0.5}
	for i, v := range vars {
		layer, _, _ := strings.Cut(v.Name(), "/")
		a, b, d := before[i].Data().([]float64), after[i].Data().([]float64), out[i+1].Data().([]float64)
		for k := range a {
			if want := a[k] - rates[layer]*d[k]; b[k]-want > 1e-15 || want-b[k] > 1e-15 {
				t.Fatalf("%s[%d] is %v; want %v", v.Name(), k, b[k], want)
			}
		}
	}
	bad := newDeepNet(tensor.Float32, 0, 0)
	training.GradientDescent(training.GradientDescentConfig{LearningRate: 1, Multipliers: transfer.LayerRates(-1, "hidden1")}).Minimize(bad.s, bad.loss, bad.g.Trainable())
	if err := bad.g.Err(); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("a negative decay: %v", err)
	}
}
