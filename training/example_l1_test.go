package training_test

import (
	"fmt"
	"log"
	"math"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// L1 regularisation: the layer puts its penalty into the collection of
// regularisation losses, and TotalLoss adds them. The weight of an input that
// hardly matters goes to zero.
func Example_l1() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	y := graph.Placeholder(s, "y", tensor.Float32, -1, 1)
	outputs := ops.Dense(s.Sub("outputs"), X, 1, ops.DenseConfig{
		Kernel:            initializers.Constant(0.5),
		NoBias:            true,
		KernelRegularizer: ops.L1(0.02),
	})
	loss := ops.MeanSquaredError(s.NameScope("loss"), y, outputs)
	total := training.TotalLoss(s.NameScope("loss"), loss)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1})
	step := opt.Minimize(s.NameScope("train"), total, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	feeds := graph.Feeds{
		X: [][]float32{{1, 1}, {1, -1}, {-1, 1}, {-1, -1}},
		y: [][]float32{{1}, {1}, {-1}, {-1}}, // the sign of the first input
	}
	out, err := sess.Run(feeds, loss, total)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("at the start: loss %.2f, with the penalty %.2f\n", out.Float(0), out.Float(1))
	for i := 0; i < 200; i++ {
		if _, err := sess.Run(feeds, step); err != nil {
			log.Fatal(err)
		}
	}
	if out, err = sess.Run(nil, g.Node("outputs/kernel")); err != nil {
		log.Fatal(err)
	}
	w := out.Float32s(0)
	fmt.Printf("weights %.2f and, but for its sign, %.2f\n", w[0], math.Abs(float64(w[1])))
	// Output:
	// at the start: loss 0.50, with the penalty 0.52
	// weights 0.99 and, but for its sign, 0.00
}
