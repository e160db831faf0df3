package training_test

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training"
)

// One Run of each train op on a variable of a million elements, its gradient fed.
func BenchmarkStep(b *testing.B) {
	const n = 1 << 20
	opts := laterOptimizers(nil)
	opts["Adam"] = training.Adam(training.AdamConfig{})
	opts["Momentum"] = training.Momentum(training.MomentumConfig{LearningRate: .01, Momentum: .9})
	delete(opts, "all")
	for name, opt := range opts {
		b.Run(name, func(b *testing.B) {
			g := graph.New(graph.Config{})
			s := g.Scope()
			graph.Variable(s, "layer/bias", tensor.Shape{1}, graph.VariableConfig{})
			w := graph.Variable(s, "layer/kernel", tensor.Shape{n}, graph.VariableConfig{Initializer: initializers.Ones()})
			grad := graph.Placeholder(s, "grad", tensor.Float32, n)
			step := opt.ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				b.Fatal(err)
			}
			defer sess.Close()
			if err := sess.Init(); err != nil {
				b.Fatal(err)
			}
			feeds := graph.Feeds{grad: tensor.New(tensor.WithShape(n), tensor.WithBacking(golden.Sequence(1, n)))}
			b.ResetTimer()
			for range b.N {
				if _, err := sess.Run(feeds, step); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
