package transfer_test

import (
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer"
)

// optimizers have slots that a second train op must go on with.
var optimizers = map[string]func() training.Optimizer{
	"momentum": func() training.Optimizer {
		return training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9})
	},
	"adam": func() training.Optimizer { return training.Adam(training.AdamConfig{LearningRate: 0.01}) },
}

// Unfreezing goes on with the slots of the layers that were trained before, and equals the hand-built training whose lower layers get their flag
// and their variables in the second part only; also when a checkpoint lies between, in a new graph and session.
func TestUnfreezeKeepsSlots(t *testing.T) {
	for name, optimizer := range optimizers {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			built := newDeepNet(dt, 2, 0.3)
			opt := optimizer()
			top := built.minimize(opt, built.g.Trainable("hidden3", "outputs"))
			all := built.minimize(opt, built.g.Trainable())
			want := newSession(t, built.g)
			first := losses(t, want, built, top, 4)
			built.batch[built.low] = true
			second := losses(t, want, built, all, 4)

			frozen := func() (n *deepNet, top, all *gorgonia.Node, opt training.Optimizer) {
				n, opt = newDeepNet(dt, 0, 0.3), optimizer()
				transfer.Freeze(n.g, "hidden[12]")
				top = n.minimize(opt, n.g.Trainable())
				slots := len(opt.Variables())
				if got := len(transfer.Unfreeze(n.g, "hidden[12]")); got != 10 {
					t.Fatalf("%d variables were unfrozen; want 10", got)
				}
				all = n.minimize(opt, n.g.Trainable())
				if got, more := len(opt.Variables()), len(n.g.Trainable("hidden[12]")); name == "momentum" && got != slots+more {
					t.Errorf("%d slots, then %d; want %d more", slots, got, more)
				}
				return n, top, all, opt
			}
			n, step, second1, _ := frozen()
			sess := newSession(t, n.g)
			if got := losses(t, sess, n, step, 4); !slices.Equal(got, first) {
				t.Errorf("%s, %v: frozen %v; want %v", name, dt, got, first)
			}
			saver := training.NewSaver(n.g.Variables(), training.SaverConfig{})
			path, err := saver.Save(sess, filepath.Join(t.TempDir(), "frozen.ckpt"))
			if err != nil {
				t.Fatal(err)
			}
			if got := losses(t, sess, n, second1, 4); !slices.Equal(got, second) {
				t.Errorf("%s, %v: unfrozen %v; want %v", name, dt, got, second)
			}
			same(t, name, values(t, sess, n.g.ModelVariables()), values(t, want, built.g.ModelVariables()))

			again, _, all, _ := frozen()
			other := newSession(t, again.g)
			if err := training.NewSaver(again.g.Variables(), training.SaverConfig{}).Restore(other, path); err != nil {
				t.Fatal(err)
			}
			if got := losses(t, other, again, all, 4); !slices.Equal(got, second) {
				t.Errorf("%s, %v: restored %v; want %v", name, dt, got, second)
			}
		}
	}
}

// A train op goes on training what it was built for, whatever is unfrozen or frozen afterwards, in a session that has its plan and in one that has not.
func TestStepKeepsItsNetwork(t *testing.T) {
	n := newDeepNet(tensor.Float64, 0, 0)
	opt := optimizers["momentum"]()
	transfer.Freeze(n.g, "hidden[12]")
	step := n.minimize(opt, n.g.Trainable())
	frozen := n.g.Variables("hidden[12]/(gamma|beta|kernel|moving_mean|moving_variance)$")
	old := newSession(t, n.g)
	first := losses(t, old, n, step, 2)
	transfer.Unfreeze(n.g)
	all := n.minimize(opt, n.g.Trainable())
	young := newSession(t, n.g)
	before := values(t, young, frozen)
	if got := losses(t, young, n, step, 2); !slices.Equal(got, first) {
		t.Errorf("after unfreezing %v; want %v", got, first)
	}
	same(t, "the old step", before, values(t, young, frozen))
	if w := append(young.Warnings(), old.Warnings()...); len(w) > 0 {
		t.Errorf("warnings: %v", w)
	}
	if err := old.Init(opt.Variables()...); err != nil {
		t.Fatal(err)
	}
	losses(t, old, n, all, 1)
	if after := values(t, old, frozen); after["hidden1/kernel"] == before["hidden1/kernel"] || after["hidden1/moving_mean"] == before["hidden1/moving_mean"] {
		t.Error("the new step does not train the layer, or does not move its statistics")
	}
	if _, err := old.Run(n.batch, step, all); err == nil {
		t.Error("two train ops of two revisions run at once without an error")
	}
	if _, err := old.Run(n.batch, graph.Group(n.s, step, all)); err == nil {
		t.Error("two train ops of two revisions run in a group without an error")
	}
}
