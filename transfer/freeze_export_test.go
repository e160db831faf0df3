package transfer_test

import (
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
	networks "github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// The graph beside a checkpoint is that of the frozen and tweaked network: what is frozen is not trainable there, and computes the same in training.
func TestExportFrozen(t *testing.T) {
	n := newDeepNet(tensor.Float32, 0, 0)
	transfer.FreezeBelow(n.g, n.hidden[1])
	elu := n.g.Node("dnn/hidden1/elu")
	n.g.Reroute(elu, ops.ReLU(n.s.NameScope("tweak"), n.g.InputsOf(elu)[0]))
	if err := n.g.Err(); err != nil {
		t.Fatal(err)
	}
	sess := newSession(t, n.g)
	want, err := sess.Run(n.batch, n.logits)
	if err != nil {
		t.Fatal(err)
	}
	path, err := tensorflow.Save(sess, training.NewSaver(n.g.ModelVariables(), training.SaverConfig{}), filepath.Join(t.TempDir(), "model.ckpt"), tensorflow.ExportConfig{})
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := transfer.Import(g.Scope(), path, networks.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	if got, want := names(g.Trainable()), names(n.g.Trainable()); len(g.Trainable()) != len(n.g.Trainable()) {
		t.Errorf("trainable are %s; want %s", got, want)
	}
	if got := len(g.Collection(graph.UpdateOps)); got != 2 {
		t.Errorf("%d update ops; want the 2 of the layer that is trained", got)
	}
	logits, err := net.Node(n.g.NameOf(n.logits))
	if err != nil {
		t.Fatal(err)
	}
	other := newSession(t, g)
	feeds := graph.Feeds{}
	for node, value := range n.batch {
		twin, err := net.Node(n.g.NameOf(node))
		if err != nil {
			if node == n.y { // the logits do not need it
				continue
			}
			t.Fatal(err)
		}
		feeds[twin] = value
	}
	got, err := other.Run(feeds, logits)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got.Float32s(0) {
		if d := float64(v - want.Float32s(0)[i]); d > 1e-6 || d < -1e-6 {
			t.Fatalf("logit %d is %v; want %v", i, v, want.Float32s(0)[i])
		}
	}
}
