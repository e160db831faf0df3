package gradient_test

import (
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/gradient"
)

// The lower layer is frozen, what remains is reversed by a step of one's own,
// and then clipped to the length 1.
func ExampleChain() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	lower := graph.Variable(s, "lower/w", tensor.Shape{2}, graph.VariableConfig{Initializer: initializers.Ones()})
	upper := graph.Variable(s, "upper/w", tensor.Shape{2}, graph.VariableConfig{Initializer: initializers.Ones()})
	factors := graph.Const(s, []float64{3, 4})
	loss := ops.Sum(s, ops.Mul(s, ops.Mul(s, lower, upper), factors))

	reverse := gradient.Transform(func(s *graph.Scope, gv training.GradVar) *gorgonia.Node {
		return ops.Neg(s, gv.Grad)
	})
	steps := gradient.Chain(gradient.Freeze("lower/.*"), reverse, gradient.ClipByGlobalNorm(1))
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: 1})
	step := training.ProcessGradients(sgd, steps).Minimize(s.NameScope("train"), loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	if _, err := sess.Run(nil, step); err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(nil, lower, upper)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("lower %v, upper %.1f\n", out.Float32s(0), out.Float32s(1))
	// Output:
	// lower [1 1], upper [1.6 1.8]
}
