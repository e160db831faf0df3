package zoo

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// A training step on constant images leaves the given share of the old mean, 0, and of the old variance, 1: of the first layer's variance nothing else is left.
func TestMomentum(t *testing.T) {
	for _, c := range []struct{ momentum, want float64 }{{0, 0.99}, {0.75, 0.75}} { // Keras' .99
		g := graph.New(graph.Config{})
		x := graph.Placeholder(g.Scope(), "x", tensor.Float64, 2, 32, 32, 3)
		m := MobileNetV1(g.Scope(), x, Config{Width: 0.25, NoTop: true, Training: graph.Const(g.Scope(), true), Momentum: c.momentum})
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		updates := g.UpdatesOf(m.Output)
		image := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2, 32, 32, 3))
		if _, err := sess.Run(graph.Feeds{x: image}, append(gorgonia.Nodes{m.Output}, updates...)...); err != nil {
			t.Fatal(err)
		}
		variance, err := sess.Value(g.Variables("conv1_bn/moving_variance")[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range variance.Data().([]float64) {
			if got != c.want {
				t.Errorf("with Momentum %v the variance is %v; want %v", c.momentum, got, c.want)
				break
			}
		}
		sess.Close()
	}
	wantBuildError(t, MobileNetV1, Config{Momentum: 1}, []int{1, 224, 224, 3}, "MobileNet v1", "Momentum is 1")
}
