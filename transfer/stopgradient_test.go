package transfer_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
)

// Behind StopGradient the loss is what it was, and has no gradient for the layers below, which are trainable and move their statistics as before.
func TestStopGradient(t *testing.T) {
	n := newDeepNet(tensor.Float64, 0, 0)
	sess := newSession(t, n.g)
	before, err := sess.Run(n.batch, n.loss)
	if err != nil {
		t.Fatal(err)
	}
	stop := transfer.StopGradient(n.s.NameScope("stop"), n.hidden[1])
	if n.g.NameOf(stop) != "stop/StopGradient" {
		t.Errorf("the node is %s", n.g.NameOf(stop))
	}
	after, err := sess.Run(n.batch, n.loss)
	if err != nil {
		t.Fatal(err)
	}
	if before.Float(0) != after.Float(0) {
		t.Errorf("the loss is %v; want %v", after.Float(0), before.Float(0))
	}
	for i, grad := range graph.Gradients(n.s, gorgonia.Nodes{n.loss}, n.g.Trainable(), nil) {
		if below := i < 6; below != (grad == nil) { // kernel, gamma and beta of two layers
			t.Errorf("%s: that it has no gradient is %v", n.g.Trainable()[i].Name(), grad == nil)
		}
	}
	if got := len(n.g.UpdatesOf(n.loss)); got != 6 {
		t.Errorf("%d updates; want all 6", got)
	}
}
