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

// Max-norm regularisation: after every step, the incoming weights of each unit
// are scaled back to a Euclidean norm of at most 1.
func Example_maxNorm() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	y := graph.Placeholder(s, "y", tensor.Float32, -1, 2)
	outputs := ops.Dense(s.Sub("outputs"), X, 2, ops.DenseConfig{
		Kernel:           initializers.Constant(0.1),
		NoBias:           true,
		KernelConstraint: ops.MaxNorm(1),
	})
	loss := ops.MeanSquaredError(s.NameScope("loss"), y, outputs)
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.5})
	step := opt.Minimize(s.NameScope("train"), loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	// The weights that would fit are 3 and 4 for the first unit, of norm 5, and
	// 0.3 and 0.4 for the second.
	feeds := graph.Feeds{
		X: [][]float32{{1, 0}, {0, 1}},
		y: [][]float32{{3, 0.3}, {4, 0.4}},
	}
	for i := 0; i < 100; i++ {
		if _, err := sess.Run(feeds, step); err != nil {
			log.Fatal(err)
		}
	}
	out, err := sess.Run(nil, g.Node("outputs/kernel"))
	if err != nil {
		log.Fatal(err)
	}
	kernel := out.Float32s(0) // [inputs, units]
	for unit := 0; unit < 2; unit++ {
		a, b := float64(kernel[unit]), float64(kernel[2+unit])
		fmt.Printf("unit %d: weights %.2f and %.2f, norm %.2f\n", unit, a, b, math.Hypot(a, b))
	}
	// Output:
	// unit 0: weights 0.60 and 0.80, norm 1.00
	// unit 1: weights 0.30 and 0.40, norm 0.50
}
