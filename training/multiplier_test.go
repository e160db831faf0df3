package training_test

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// A step moves each variable by the rate times the factor of the first pattern
// that matches its name, whether the rate is a number or a node.
func TestMultipliers(t *testing.T) {
	for _, scheduled := range []bool{false, true} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		names := []string{"hidden1/kernel", "hidden1/bias", "hidden2/kernel", "outputs/kernel"}
		var vars gorgonia.Nodes
		var grads []training.GradVar
		for _, name := range names {
			v := variable(s, name, tensor.Float32, 0, 2)
			vars = append(vars, v)
			grads = append(grads, training.GradVar{Grad: graph.Const(s, []float32{1, 1}), Var: v})
		}
		cfg := training.GradientDescentConfig{LearningRate: 0.5, Multipliers: []training.Multiplier{
			{Pattern: "hidden1/kernel", Factor: 0.25},
			{Pattern: "hidden1/.*", Factor: graph.Zero},
			{Pattern: "hidden.*", Factor: 2},
		}}
		if scheduled {
			cfg.Schedule = graph.Const(s, float32(0.5))
		}
		step := training.GradientDescent(cfg).ApplyGradients(s, grads)
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		if _, err := sess.Run(nil, step); err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{-0.125, 0, -1, -0.5} {
			v, err := sess.Value(vars[i])
			if err != nil {
				t.Fatal(err)
			}
			if got := float64(v.Data().([]float32)[1]); math.Abs(got-want) > 1e-7 {
				t.Errorf("%s (schedule %v): %v, want %v", names[i], scheduled, got, want)
			}
		}
	}
}

func TestBadMultipliers(t *testing.T) {
	for _, c := range []struct {
		m    training.Multiplier
		want string
	}{
		{training.Multiplier{Pattern: "hiden", Factor: 1}, `Momentum: Multipliers: pattern "hiden" matches nothing`},
		{training.Multiplier{Pattern: "w"}, "graph.Zero"},
		{training.Multiplier{Pattern: "w", Factor: -1}, "the Factor of Multiplier w is -1; want a positive number"},
		{training.Multiplier{Pattern: "w", Factor: math.Inf(1)}, "the Factor of Multiplier w is +Inf"},
		{training.Multiplier{Pattern: "w", Factor: math.NaN()}, "the Factor of Multiplier w is NaN"},
		{training.Multiplier{Pattern: "(", Factor: 1}, "Multipliers: Collection(variables): pattern"},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		w := variable(s, "w", tensor.Float32, 0, 2)
		grads := []training.GradVar{{Grad: graph.Const(s, []float32{1, 1}), Var: w}}
		training.Momentum(training.MomentumConfig{LearningRate: 1, Momentum: 0.9, Multipliers: []training.Multiplier{c.m}}).ApplyGradients(s, grads)
		if err := g.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.m, err, c.want)
		}
	}
}
