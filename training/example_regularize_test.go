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

// Weight decay and a bound on the norm for all kernels of a net that is built
// already, but not for its biases.
func ExampleRegularize() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	y := graph.Placeholder(s, "y", tensor.Float32, -1, 1)
	two := initializers.Constant(2)
	hidden := ops.Dense(s.Sub("hidden"), X, 3, ops.DenseConfig{Kernel: two, Activation: ops.ReLU})
	outputs := ops.Dense(s.Sub("outputs"), hidden, 1, ops.DenseConfig{Kernel: two})
	loss := ops.MeanSquaredError(s.NameScope("loss"), y, outputs)

	penalties := training.Regularize(s, ops.L2(0.5), ".*/kernel")
	training.Constrain(g, ops.MaxNorm(1), ".*/kernel")
	total := training.TotalLoss(s.NameScope("loss"), loss)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
	step := opt.Minimize(s.NameScope("train"), total, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	feeds := graph.Feeds{X: [][]float32{{0, 0}}, y: [][]float32{{0}}}
	out, err := sess.Run(feeds, penalties[0], penalties[1], total, step)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("penalties %v and %v, loss with both %v\n", out.Float(0), out.Float(1), out.Float(2))
	if out, err = sess.Run(nil, g.Node("outputs/kernel")); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("after a step the outputs' kernel is %.3f\n", out.Float32s(0))
	// Output:
	// penalties 6 and 3, loss with both 9
	// after a step the outputs' kernel is [0.577 0.577 0.577]
}
