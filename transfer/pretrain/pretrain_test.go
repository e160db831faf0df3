package pretrain_test

import (
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/cache"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// TestByHand: a stack has, bit for bit, the weights that loops of one's own give, in which the layers below are computed in every step; for any
// number of processors, and with the values of the layers in files.
func TestByHand(t *testing.T) {
	train, _ := digits(t)
	n := build(t, tensor.Float32, two()...)
	for _, name := range n.stack.Names() {
		l := n.stack.Layer(name)
		step := l.Step(n.s.NameScope("hand"))
		if err := n.sess.Init(); err != nil {
			t.Fatal(err)
		}
		b := dataset.Batches(dataset.BatchesConfig{Source: train, BatchSize: 50, Seed: 5})
		if _, err := training.Fit(ctx, n.sess, training.FitConfig{Step: step, Data: b, X: n.x, Epochs: 3}); err != nil {
			t.Fatal(err)
		}
	}
	want := n.bits(t, n.stack.Variables())
	for _, cfg := range []pretrain.Config{{}, {Cache: t.TempDir()}} {
		for _, processors := range []int{1, 4} {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			cfg.Data, cfg.BatchSize, cfg.Seed, cfg.Epochs = train, 50, 5, []int{3}
			m := build(t, tensor.Float32, two()...)
			r, err := m.stack.Pretrain(ctx, m.sess, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.bits(t, m.stack.Variables()); !reflect.DeepEqual(got, want) {
				t.Errorf("with %d processors, Cache %q, the weights are not those of loops by hand", processors, cfg.Cache)
			}
			if len(r.Layers) != 2 || r.Layers[0].Epochs != 3 || r.Layers[1].Trained != 20*10+10+20 || r.Layers[0].Validation != nil {
				t.Errorf("the report is\n%v", r)
			}
		}
	}
}

// TestFrozen: while a layer trains, those below keep their values, and those above too.
func TestFrozen(t *testing.T) {
	train, validation := digits(t)
	n := build(t, tensor.Float64, two()...)
	data := float64s(t, train)
	vars := func(pattern string) map[string]interface{} { return n.bits(t, n.g.ModelVariables(pattern)) }
	upper := vars("layer2/.*")
	var lower map[string]interface{}
	cfg := pretrain.Config{Data: data, Validation: float64s(t, validation), Epochs: []int{2, 3}, Hooks: func(layer string) []training.Hook {
		if layer == "layer2" {
			if !reflect.DeepEqual(vars("layer2/.*"), upper) {
				t.Error("the training of layer1 changed layer2")
			}
			lower = vars("layer1/.*")
		}
		return nil
	}}
	r, err := n.stack.Pretrain(ctx, n.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(vars("layer1/.*"), lower) {
		t.Error("the training of layer2 changed layer1")
	}
	if reflect.DeepEqual(vars("layer2/.*"), upper) {
		t.Error("layer2 was not trained")
	}
	if r.Layers[0].Epochs != 2 || r.Layers[1].Epochs != 3 {
		t.Errorf("the layers were trained for %d and %d epochs; want 2 and 3", r.Layers[0].Epochs, r.Layers[1].Epochs)
	}
}

// float64s is a set in float64.
func float64s(t *testing.T, set *dataset.Set) *dataset.Set {
	t.Helper()
	var x []float64
	for _, v := range set.X.Data().([]float32) {
		x = append(x, float64(v))
	}
	return &dataset.Set{X: tensor.New(tensor.WithShape(set.X.Shape()...), tensor.WithBacking(x)), Name: set.Name}
}

// TestLearns: layers reconstruct better than the mean does, and early stopping keeps the best weights.
func TestLearns(t *testing.T) {
	train, validation := digits(t)
	n := build(t, tensor.Float32, two()...)
	r, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: train, Validation: validation, Epochs: []int{40}, Patience: 3, BatchSize: 20})
	if err != nil {
		t.Fatal(err)
	}
	for i, most := range []float64{0.06, 0.69} { // the variance of the digits is .14; the entropy of a coin .69
		l := r.Layers[i]
		_, values := l.History.Series("validation/reconstruction")
		if l.Validation == nil || *l.Validation > most || *l.Validation != slices.Min(values) {
			t.Errorf("%s has the validation error %v of %v; want the least, and %v at most", l.Name, *l.Validation, values, most)
		}
	}
}

// TestReuse: a pretrained stack is a network as any other: cut, frozen, cached, given a head, unfrozen in stages.
func TestReuse(t *testing.T) {
	train, _ := digits(t)
	n := build(t, tensor.Float32, two()...)
	if _, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: train, Epochs: []int{2}}); err != nil {
		t.Fatal(err)
	}
	g, s := n.g, n.s
	left := transfer.Cut(g, n.stack.Output())
	if len(left) != 3 || len(g.Trainable()) != 4 {
		t.Fatalf("Cut leaves %d variables behind and %v trainable; want 3 of decoders, and kernel and bias of two layers", len(left), g.Trainable())
	}
	if g.Node("layer1/output") != n.stack.Endpoint("layer1") || n.stack.Endpoint("layer3") != nil {
		t.Error("the endpoints are not those of the graph")
	}
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	logits := transfer.Head(s.Sub("head"), n.stack.Output(), 10, transfer.HeadConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	frozen := transfer.FreezeBelow(g, n.stack.Endpoint("layer1"))
	if err := g.Err(); err != nil || len(frozen) != 2 {
		t.Fatalf("FreezeBelow freezes %d variables (%v); want 2", len(frozen), err)
	}
	before := n.bits(t, frozen)
	stages := transfer.Gradual(s.NameScope("train"), adam(), loss, transfer.Stage{Epoch: 3, Unfreeze: []string{"layer1/"}})
	if err := n.sess.Init(); err != nil {
		t.Fatal(err)
	}
	a, err := cache.Open(ctx, n.sess, cache.Config{Nodes: gorgonia.Nodes{n.stack.Endpoint("layer1")}, X: n.x, Source: train})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	fit := func(src dataset.Source, x *gorgonia.Node, epochs int) float64 {
		b := dataset.Batches(dataset.BatchesConfig{Source: src, Epochs: -1})
		defer b.Close()
		h, err := training.Fit(ctx, n.sess, training.FitConfig{Step: stages.Step(1), Loss: loss, Data: b, X: x, Y: y, Epochs: epochs, Hooks: []training.Hook{stages}})
		if err != nil {
			t.Fatal(err)
		}
		last, _ := h.Last("loss")
		return last
	}
	fit(a, n.stack.Endpoint("layer1"), 2)
	if !reflect.DeepEqual(n.bits(t, frozen), before) {
		t.Error("the frozen layer was trained")
	}
	if last := fit(train, n.x, 60); last > 0.3 {
		t.Errorf("the loss of the classifier is %v in the end; want .3 or less", last)
	}
	if reflect.DeepEqual(n.bits(t, frozen), before) {
		t.Error("the layer that was unfrozen was not trained")
	}
}

// TestAgain: a stack that is only used has no variables of optimizers, and one that was trained goes on when it is trained again.
func TestAgain(t *testing.T) {
	train, validation := digits(t)
	n := build(t, tensor.Float32, two()...)
	built := len(n.g.Variables())
	if want := len(n.stack.Variables()) + 1; built != want { // random_draw
		t.Errorf("the graph has %d variables; want %d", built, want)
	}
	if steps := n.g.Collection(graph.TrainOp); len(steps) != 0 {
		t.Errorf("there are train ops, %v, before the training", steps)
	}
	cfg := pretrain.Config{Data: train, Validation: validation, Epochs: []int{3, 1}, KeepLast: true}
	last := math.Inf(1)
	for range 2 {
		r, err := n.stack.Pretrain(ctx, n.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := *r.Layers[0].Validation; got >= last {
			t.Errorf("the validation error is %v and was %v before", got, last)
		} else {
			last = got
		}
		if steps := n.g.Collection(graph.TrainOp); len(steps) != 0 {
			t.Errorf("there are train ops, %v, after the training", steps)
		}
	}
}

// TestFrozenLayer: a layer that is frozen is left as it is, and those above are trained on what it gives.
func TestFrozenLayer(t *testing.T) {
	train, validation := digits(t)
	layers := two()
	layers[1] = autoencoder.Layer{Units: 10, Contractive: 0.01}
	n := build(t, tensor.Float32, layers...)
	frozen := transfer.Freeze(n.g, "layer1/")
	before := n.bits(t, frozen)
	r, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: train, Validation: validation, Epochs: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(n.bits(t, frozen), before) {
		t.Error("the frozen layer was trained")
	}
	if l := r.Layers[0]; l.Trained != 0 || l.Epochs != 0 || l.Stopped != "frozen, and so not trained" || r.Layers[1].Epochs != 2 {
		t.Errorf("the report is\n%v", r)
	}
}

func TestReport(t *testing.T) {
	train, validation := digits(t)
	n := build(t, tensor.Float32, two()...)
	var log strings.Builder
	r, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: train, Validation: validation, Epochs: []int{2}, Log: &log})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"layer1: float32[?, 64] -> float32[?, 20], 2644 parameters", "epoch 2/2", "validation/reconstruction"} {
		if !strings.Contains(log.String(), text) {
			t.Errorf("the log has no %q:\n%s", text, log.String())
		}
	}
	shown := r.SimpleRender()
	for _, text := range []string{"layer2", "float32[?, 10]", "after 2 epochs"} {
		if plain, _ := shown["text/plain"].(string); !strings.Contains(plain, text) {
			t.Errorf("the report has no %q:\n%s", text, plain)
		}
		if html, _ := shown["text/html"].(string); !strings.Contains(html, "<td>") || !strings.Contains(html, text) {
			t.Errorf("the report has no %q:\n%s", text, html)
		}
	}
	if plain := n.stack.SimpleRender()["text/plain"]; plain != "layer1: float32[?, 64] -> float32[?, 20]\nlayer2: float32[?, 20] -> float32[?, 10]" {
		t.Errorf("the stack is shown as %q", plain)
	}
	var noReport *pretrain.Report
	var noStack *pretrain.Stack
	if noReport.SimpleRender()["text/plain"] != "no report\n" || noStack.SimpleRender()["text/plain"] != "no stack" {
		t.Error("nil is not shown as such")
	}
}
