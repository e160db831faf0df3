package pretrain_test

import (
	"math"
	"reflect"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
	"github.com/plexaura/plexaura/transfer/rbm"
)

func machines() []pretrain.Layer {
	return []pretrain.Layer{
		rbm.Layer{Hidden: 30, LearningRate: 0.1, Momentum: 0.5},
		rbm.Layer{Hidden: 15, LearningRate: 0.1, Particles: 10, Sparsity: rbm.Sparsity{Target: 0.1, Cost: 0.1}},
	}
}

// TestBeliefNet: a stack of machines has a free energy gap, goes on after a crash, and its up-pass is a feed-forward network: that of dense layers
// which take over the variables, and are fine-tuned.
func TestBeliefNet(t *testing.T) {
	train, validation := digits(t)
	cfg := pretrain.Config{Data: train, Validation: validation, Epochs: []int{3}, BatchSize: 20}
	n := build(t, tensor.Float32, machines()...)
	r, err := n.stack.Pretrain(ctx, n.sess, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range r.Layers {
		_, held := l.History.Series("validation/free_energy")
		_, seen := l.History.Series("training/free_energy")
		_, gaps := l.History.Series("free_energy_gap")
		if len(gaps) != 3 || l.FreeEnergyGap == nil || *l.FreeEnergyGap != gaps[2] || gaps[2] != held[2]-seen[2] {
			t.Errorf("%s: the gaps are %v, the last %v", l.Name, gaps, l.FreeEnergyGap)
		}
		if _, errors := l.History.Series("reconstruction"); errors[2] >= errors[0] {
			t.Errorf("%s: the reconstruction errors are %v; want them to fall", l.Name, errors)
		}
	}
	want := n.bits(t, n.g.ModelVariables())
	cfg.Checkpoints = t.TempDir()
	for range 2 { // a training, and one that finds all done
		m := build(t, tensor.Float32, machines()...)
		r, err := m.stack.Pretrain(ctx, m.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(m.bits(t, m.g.ModelVariables()), want) {
			t.Errorf("with checkpoints, resumed from %q, the weights are others", r.Layers[1].Resumed)
		}
	}
	up := n.x
	for _, name := range n.stack.Names() {
		units := graph.SpecOf(n.stack.Endpoint(name)).Shape[1]
		up = ops.Dense(n.s.Sub(name).Reuse(), up, units, ops.DenseConfig{Activation: ops.Sigmoid})
	}
	out, err := n.sess.Run(graph.Feeds{n.x: train.X}, n.stack.Output(), up)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(out.Float32s(0), out.Float32s(1)) {
		t.Error("the up-pass is not that of dense layers with the same variables")
	}

	if left := transfer.Cut(n.g, n.stack.Output()); len(left) != 2 {
		t.Errorf("Cut leaves %d variables behind; want the visible biases", len(left))
	}
	y := graph.Placeholder(n.s, "y", tensor.Int64, -1)
	loss := ops.Mean(n.s, ops.SparseSoftmaxCrossEntropy(n.s, y, transfer.Head(n.s.Sub("head"), n.stack.Output(), 10, transfer.HeadConfig{})))
	step := adam().Minimize(n.s.NameScope("train"), loss, n.g.Trainable())
	if err := n.sess.Init(); err != nil {
		t.Fatal(err)
	}
	h, err := training.Fit(ctx, n.sess, training.FitConfig{
		Step: step, Loss: loss, X: n.x, Y: y, Epochs: 40, Data: dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if last, _ := h.Last("loss"); last > 0.2 {
		t.Errorf("the loss of the classifier is %v in the end; want .2 or less", last)
	}
	if reflect.DeepEqual(n.bits(t, n.g.ModelVariables("layer1/kernel"))["layer1/kernel"], want["layer1/kernel"]) {
		t.Error("back-propagation did not reach the lowest layer")
	}
}

// TestFreeEnergyGap: a limit ends a layer, and ends it again when it is resumed.
func TestFreeEnergyGap(t *testing.T) {
	train, _ := digits(t)
	far := set(t, 50, func(row, column int) float32 { return float32((row + column) % 2) }) // which no digit looks like
	cfg := pretrain.Config{Data: train, Validation: far, Epochs: []int{5}, FreeEnergyGap: 0.5, Checkpoints: t.TempDir()}
	for range 2 {
		n := build(t, tensor.Float32, machines()[:1]...)
		r, err := n.stack.Pretrain(ctx, n.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if l := r.Layers[0]; l.Epochs > 4 || *l.FreeEnergyGap <= 0.5 {
			t.Errorf("the layer was trained for %d epochs to a gap of %v (%s)", l.Epochs, *l.FreeEnergyGap, l.Stopped)
		}
	}
}

// TestUnrolled: a stack of machines, and of a machine below an autoencoder, becomes a deep autoencoder.
func TestUnrolled(t *testing.T) {
	train, _ := digits(t)
	data := float64s(t, train)
	for name, layers := range map[string][]pretrain.Layer{
		"machines": machines(), "mixed": {machines()[0], autoencoder.Layer{Units: 15, Output: ops.Sigmoid}},
	} {
		n := build(t, tensor.Float64, layers...)
		a, err := autoencoder.Unroll(n.s.NameScope("unrolled"), n.stack, autoencoder.UnrollConfig{Loss: autoencoder.CrossEntropy, Corrupt: autoencoder.Masking(0.1)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: data, Epochs: []int{5}, BatchSize: 20}); err != nil {
			t.Fatal(err)
		}
		step := adam().Minimize(n.s.NameScope("train"), a.Loss, n.g.Trainable())
		if err := n.sess.Init(); err != nil {
			t.Fatal(err)
		}
		h, err := training.Fit(ctx, n.sess, training.FitConfig{
			Step: step, Loss: a.Error, X: n.x, Epochs: 60, Data: dataset.Batches(dataset.BatchesConfig{X: data.X}),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, errors := h.Series("loss")
		if first, last := errors[0], errors[59]; last > first-0.02 || math.IsNaN(last) {
			t.Errorf("%s: the error of the deep autoencoder goes from %v to %v; want it to fall by .02", name, first, last)
		}
	}
}

// TestBadMachines: what a machine does not take is the error of its layer.
func TestBadMachines(t *testing.T) {
	g := graph.New(graph.Config{})
	_, err := pretrain.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 64), rbm.Layer{})
	wantError(t, err, "layer1", "Hidden is 0")
	train, _ := digits(t)
	n := build(t, tensor.Float32, rbm.Layer{Hidden: 3})
	_, err = n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: train})
	wantError(t, err, "pretrain: layer1", "LearningRate is 0")
	for _, c := range []struct {
		layer rbm.Layer
		data  dataset.Source
		dtype tensor.Dtype
		want  string
	}{
		{rbm.Layer{}, set(t, 9, func(row, column int) float32 { return float32(row) }), tensor.Float32, "example 2 has 2 at feature 0"},
		{rbm.Layer{}, float64s(t, set(t, 9, func(row, column int) float32 { return float32(row) })), tensor.Float64, "value 0 of example 2 is 2; want 0 to 1"},
		{rbm.Layer{Visible: rbm.Gaussian}, train, tensor.Float32, "feature 0"}, // always 0
	} {
		c.layer.Hidden, c.layer.LearningRate = 3, 0.1
		n := build(t, c.dtype, c.layer)
		_, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{Data: c.data})
		wantError(t, err, "pretrain: layer1: Data", c.want)
	}
}
