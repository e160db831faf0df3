package tensorflow

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// A network with batch norm goes on training: by the loss in its graph, which is found by name, with the updates of its moving
// statistics, and only where its own placeholder says that it trains.
func TestFineTune(t *testing.T) {
	checkpoint := weightstest.Published(t, "tf1-checkpoints", "mlp-batchnorm-elu-tf1.9") + "/my_model_final.ckpt"
	n := importFile(t, checkpoint, network.Config{})
	g := n.graph
	loss, err := n.Node("loss/loss")
	if err != nil {
		t.Fatal(err)
	}
	updates := g.UpdatesOf(loss)
	if len(updates) != 6 || len(g.Collection(graph.UpdateOps)) != 6 {
		t.Fatalf("%d updates of the loss, %d in all; want 6", len(updates), len(g.Collection(graph.UpdateOps)))
	}
	s := g.Scope().NameScope("tune").After(updates...)
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01}).Minimize(s, loss, g.Trainable())
	node := func(name string) interface{} {
		v, ok := g.Lookup(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		x, err := n.sess.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		return x.Data()
	}
	images, labels := mnistTest(t)
	batch := images.Data().([]float32)[:200*784]
	classes := make([]int, 200)
	for i := range classes {
		classes[i] = int(labels[i])
	}
	feeds := graph.Feeds{}
	for _, in := range n.Inputs {
		switch in.Name {
		case "X":
			feeds[in.Node] = tensor.New(tensor.WithShape(200, 784), tensor.WithBacking(batch))
		case "y":
			feeds[in.Node] = classes
		case "training":
			feeds[in.Node] = true
		}
	}
	before := append([]float32(nil), node("batch_normalization/moving_mean").([]float32)...)
	var losses []float64
	for range 20 {
		out, err := n.sess.Run(feeds, step, loss)
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, out.Float(1))
	}
	if first, last := losses[0], losses[len(losses)-1]; !(last < 0.9*first) {
		t.Errorf("the loss went from %v to %v", first, last)
	}
	// moving -= (moving - batch)*0.1, twenty times with the batch's mean as it drifts: what is left of the old one is 0.9^20.
	after, moved := node("batch_normalization/moving_mean").([]float32), 0.0
	for i := range after {
		moved += math.Abs(float64(after[i] - before[i]))
	}
	if !(moved > 0) {
		t.Error("the moving mean has not moved")
	}

	kernel := append([]float32(nil), node("hidden1/kernel").([]float32)...)
	for in := range feeds {
		if g.NameOf(in) == "training" {
			feeds[in] = false
		}
	}
	before = append([]float32(nil), after...)
	if _, err := n.sess.Run(feeds, updates...); err != nil {
		t.Fatal(err)
	}
	if got := node("batch_normalization/moving_mean").([]float32); got[0] != before[0] || node("hidden1/kernel").([]float32)[0] != kernel[0] {
		t.Error("an update ran though training is false")
	}
}

// One step moves a statistic by what TensorFlow's formula says: moving -= (moving - mean of the batch) * (1 - momentum).
func TestMovingStatistics(t *testing.T) {
	checkpoint := weightstest.Published(t, "tf1-checkpoints", "mlp-batchnorm-elu-tf1.9") + "/my_model_final.ckpt"
	n := importFile(t, checkpoint, network.Config{Outputs: []string{"dnn/batch_normalization_2/batchnorm/add_1"}})
	hidden, err := n.Node("dnn/hidden1/BiasAdd")
	if err != nil {
		t.Fatal(err)
	}
	training, err := n.Node("training")
	if err != nil {
		t.Fatal(err)
	}
	mean, _ := n.graph.Lookup("batch_normalization/moving_mean")
	x, err := n.sess.Value(mean)
	if err != nil {
		t.Fatal(err)
	}
	old := append([]float32(nil), x.Data().([]float32)...)
	images, _ := mnistTest(t)
	feeds := graph.Feeds{n.Inputs[0].Node: tensor.New(tensor.WithShape(50, 784), tensor.WithBacking(images.Data().([]float32)[:50*784])), training: true}
	out, err := n.sess.Run(feeds, append(n.graph.UpdatesOf(n.Outputs[0].Node), hidden)...)
	if err != nil {
		t.Fatal(err)
	}
	h := out.Float32s(len(out) - 1)
	if x, err = n.sess.Value(mean); err != nil {
		t.Fatal(err)
	}
	for i, got := range x.Data().([]float32) {
		sum := 0.0
		for row := range 50 {
			sum += float64(h[row*300+i])
		}
		if want := float64(old[i]) - (float64(old[i])-sum/50)*0.1; math.Abs(float64(got)-want) > 1e-5*math.Max(1, math.Abs(want)) {
			t.Fatalf("moving mean %d is %v; want %v", i, got, want)
		}
	}
}
