package training_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// A run that is saved and taken up in another process draws, step for step, what
// it would have drawn: every random op, and dropout's masks.
func TestRandomDrawsAfterRestore(t *testing.T) {
	g := graph.New(graph.Config{Seed: 12})
	s := g.Scope()
	ones := graph.Const(s, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})
	half := graph.Const(s, 0.5)
	draws := gorgonia.Nodes{
		ops.RandomUniform(s, 0, 1, ops.RandomConfig{}, 12),
		ops.RandomNormal(s, 0, 1, ops.RandomConfig{}, 12),
		ops.TruncatedNormal(s, 0, 1, ops.RandomConfig{}, 12),
		ops.Bernoulli(s, half, ops.RandomConfig{}, 12),
		ops.Categorical(s, ones, 12, ops.RandomConfig{}),
		ops.RandomGamma(s, ones, nil, ops.RandomConfig{}),
		ops.RandomShuffle(s, graph.Const(s, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), ops.RandomConfig{}),
		ops.Dropout(s, ones, 0.5, graph.Const(s, true)),
	}
	saver := training.NewSaver(g.Variables(), training.SaverConfig{})
	steps := func(sess *graph.Session, n int) (drawn []string) {
		for range n {
			out := run(t, sess, nil, draws...)
			for i := range out {
				drawn = append(drawn, fmt.Sprint(out.Tensor(i).Data()))
			}
		}
		return drawn
	}
	first := open(t, g)
	before := steps(first, 3)
	path, err := saver.Save(first, filepath.Join(t.TempDir(), "model.ckpt"))
	if err != nil {
		t.Fatal(err)
	}
	want := steps(first, 2)

	second, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := saver.Restore(second, path); err != nil {
		t.Fatal(err)
	}
	for i, got := range steps(second, 2) {
		name := g.NameOf(draws[i%len(draws)])
		if got != want[i] {
			t.Errorf("%s drew %v after the restore; want %v", name, got, want[i])
		}
		if got == before[i%len(draws)] {
			t.Errorf("%s began again", name)
		}
	}
}

// An assertion ahead of a training step that fails leaves weights, slots and the
// global step as they were.
func TestAssertAheadOfAStep(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := variable(s, "w", tensor.Float32, 3)
	limit := graph.Placeholder(s, "limit", tensor.Float32)
	loss := ops.Square(s, w)
	globalStep := training.GlobalStep(s)
	opt := training.Momentum(training.MomentumConfig{LearningRate: 0.1, Momentum: 0.9, GlobalStep: globalStep})
	ok := ops.Assert(s, ops.Less(s, loss, limit), "the loss explodes", loss)
	step := opt.Minimize(s.NameScope("train").After(ok), loss, g.Trainable())
	sess := open(t, g)
	run(t, sess, graph.Feeds{limit: 10}, step)
	values := func() string {
		out := run(t, sess, nil, g.Variables()...)
		return fmt.Sprint(out)
	}
	before := values()
	_, err := sess.Run(graph.Feeds{limit: 1}, step)
	wantError(t, err, "the loss explodes", "float32[] = ")
	if after := values(); after != before {
		t.Errorf("the variables went from %s to %s", before, after)
	}
}
