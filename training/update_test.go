package training_test

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// BenchmarkUpdate runs the steps of optimizers alone, through a Session, over a
// layer of the digits' net and over 4.2 million parameters. The gradient is fed.
func BenchmarkUpdate(b *testing.B) {
	for _, o := range []struct {
		name   string
		arrays int // read and written
		make   func() training.Optimizer
	}{
		{"GradientDescent", 3, func() training.Optimizer {
			return training.GradientDescent(training.GradientDescentConfig{LearningRate: 1e-3})
		}},
		{"Momentum", 5, func() training.Optimizer {
			return training.Momentum(training.MomentumConfig{LearningRate: 1e-3, Momentum: 0.9})
		}},
		{"Adam", 7, func() training.Optimizer { return training.Adam(training.AdamConfig{}) }},
	} {
		for _, n := range []int{300 * 100, 784 * 300, 4200000} {
			b.Run(fmt.Sprintf("%s/%d", o.name, n), func(b *testing.B) {
				g := graph.New(graph.Config{Seed: 1})
				s := g.Scope()
				grad := graph.Placeholder(s, "grad", tensor.Float32, n)
				w := variable(s, "w", tensor.Float32, 1, n)
				train := o.make().ApplyGradients(s, []training.GradVar{{Grad: grad, Var: w}})
				sess, err := graph.NewSession(g, graph.SessionConfig{})
				if err != nil {
					b.Fatal(err)
				}
				defer sess.Close()
				if err := sess.Init(); err != nil {
					b.Fatal(err)
				}
				d := make([]float32, n)
				for i := range d {
					d[i] = float32(i%1000)*1e-3 - 0.5
				}
				feeds := graph.Feeds{grad: tensor.New(tensor.WithShape(n), tensor.WithBacking(d))}
				b.SetBytes(int64(4 * n * o.arrays))
				for b.Loop() {
					if _, err := sess.Run(feeds, train); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
