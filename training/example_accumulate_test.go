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

// Two Runs, each on half of the batch, make one step: w goes to the mean of all
// four examples.
func ExampleAccumulate() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, graph.Unknown)
	w := graph.Variable(s, "w", tensor.Shape{}, graph.VariableConfig{Initializer: initializers.Zeros()})
	loss := ops.Mean(s, ops.Square(s, ops.Sub(s, w, x)))

	globalStep := training.GlobalStep(s)
	sgd := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.5, GlobalStep: globalStep})
	opt := training.Accumulate(sgd, training.AccumulateConfig{MicroBatches: 2})
	step := opt.Minimize(s.NameScope("train"), loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	for _, half := range [][]float32{{1, 3}, {5, 7}} {
		if _, err := sess.Run(graph.Feeds{x: half}, step); err != nil {
			log.Fatal(err)
		}
		out, err := sess.Run(nil, w, globalStep)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("after %v: w %v, global step %v\n", half, out.Float(0), out.Float(1))
	}
	// Output:
	// after [1 3]: w 0, global step 0
	// after [5 7]: w 4, global step 1
}
