package transfer_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer"
	networks "github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// The book's transfer from digits 0-4 to 5-9, from TensorFlow's own checkpoint: any node by its name, the rest left behind, a new head on the
// frozen layers. It learns; nothing below moves; the new model is what would be saved.
func TestTransferPublished(t *testing.T) {
	g := graph.New(graph.Config{Seed: 42})
	net, err := transfer.Import(g.Scope(), weightstest.Published(t, "tf1-checkpoints", "best-mnist-0-to-4")+"/my_best_mnist_model_0_to_4", networks.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	x, err := net.Node("X")
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := net.Node("hidden5_out")
	if err != nil {
		t.Fatal(err)
	}
	left := transfer.Cut(g, hidden)
	if got := names(left); got != "logits/kernel logits/bias" && got != "logits/bias logits/kernel" {
		t.Errorf("%s leave; want the old head", got)
	}
	frozen := transfer.FreezeBelow(g, hidden)
	if len(frozen) != 10 {
		t.Errorf("%d variables are frozen; want 5 kernels and 5 biases", len(frozen))
	}
	s := g.Scope().NameScope("transfer")
	y := graph.Placeholder(s, "labels", tensor.Int64, -1)
	logits := transfer.Head(s.Sub("head"), hidden, 5, transfer.HeadConfig{})
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	accuracy := ops.Accuracy(s, y, logits)
	if got := names(g.Trainable()); got != "head/kernel head/bias" {
		t.Errorf("trainable are %s; want the new head", got)
	}
	step := training.Adam(training.AdamConfig{LearningRate: 0.01}).Minimize(s, loss, g.Trainable())
	sess := newSession(t, g)
	before := values(t, sess, frozen)
	train, test := digitsFrom5(t, "train10k", 1000), digitsFrom5(t, "t10k", 1000)
	feeds := graph.Feeds{x: train.x, y: train.y}
	for range 200 {
		if _, err := sess.Run(feeds, step); err != nil {
			t.Fatal(err)
		}
	}
	out, err := sess.Run(graph.Feeds{x: test.x, y: test.y}, accuracy)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Float(0); got < 0.6 { // .7114 is published for 500 images; by chance .2
		t.Errorf("accuracy on 5-9 is %v", got)
	}
	same(t, "frozen", before, values(t, sess, frozen))
}

type digits struct {
	x *tensor.Dense
	y []int64
}

// digitsFrom5 reads the first images of 5-9, [n, 784] from 0 to 1, with labels from 0.
func digitsFrom5(t *testing.T, file string, n int) digits {
	t.Helper()
	images, err := dataset.OpenIDX(weightstest.Published(t, "mnist", file+"-images-idx3-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	labels, err := dataset.OpenIDX(weightstest.Published(t, "mnist", file+"-labels-idx1-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	pixels := images.Data().([]uint8)
	var d digits
	var x []float32
	for i, label := range labels.Data().([]uint8) {
		if label < 5 || len(d.y) == n {
			continue
		}
		d.y = append(d.y, int64(label-5))
		for _, p := range pixels[i*784 : (i+1)*784] {
			x = append(x, float32(p)/255)
		}
	}
	d.x = tensor.New(tensor.WithShape(len(d.y), 784), tensor.WithBacking(x))
	return d
}
