package training_test

import (
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Steps that are too large jump about the minimum at 3, of which the average
// knows better: the session evaluates with it and then takes the weights back.
func ExampleMovingAverage() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Zeros()})
	loss := ops.Square(s, ops.Sub(s, w, graph.Const(s, 3.0)))
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.99})
	step := sgd.Minimize(s.NameScope("train"), loss, g.Trainable())
	average := training.NewMovingAverage(training.MovingAverageConfig{Decay: 0.9})
	train := average.Apply(s.After(step), g.Trainable()) // runs the step as well

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	for i := 0; i < 30; i++ {
		if _, err := sess.Run(nil, train); err != nil {
			log.Fatal(err)
		}
	}
	report := func(what string) {
		out, err := sess.Run(nil, w, loss)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: w %.3f, loss %.3f\n", what, out.Float(0), out.Float(1))
	}
	report("last weights")
	if err := average.Swap(sess); err != nil {
		log.Fatal(err)
	}
	report("averages")
	if err := average.Swap(sess); err != nil {
		log.Fatal(err)
	}
	report("last weights")
	// Output:
	// last weights: w 1.364, loss 2.678
	// averages: w 2.794, loss 0.042
	// last weights: w 1.364, loss 2.678
}
