package training_test

import (
	"fmt"
	"log"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// A wide linear model of which few inputs matter: with an l1 penalty, Ftrl makes
// the weights of the others exactly 0, so that they need not be stored.
func ExampleFtrl() {
	const examples, features = 500, 40
	random := rand.New(rand.NewPCG(1, 2))
	x, labels := make([]float32, examples*features), make([]float32, examples)
	for i := range x {
		x[i] = random.Float32() - 0.5
	}
	for i := range labels {
		row := x[i*features:]
		if 2*row[3]-3*row[17]+row[25] > 0 {
			labels[i] = 1
		}
	}

	g := graph.New(graph.Config{})
	s := g.Scope()
	in := graph.Placeholder(s, "x", tensor.Float32, -1, features)
	y := graph.Placeholder(s, "y", tensor.Float32, -1, 1)
	logits := ops.Dense(s.Sub("linear"), in, 1, ops.DenseConfig{Kernel: initializers.Zeros(), NoBias: true})
	loss := ops.Mean(s, ops.SigmoidCrossEntropy(s, y, logits))
	opt := training.Ftrl(training.FtrlConfig{LearningRate: 1, L1: 3})
	step := opt.Minimize(s.NameScope("train"), loss, g.Trainable())

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	feeds := graph.Feeds{
		in: tensor.New(tensor.WithShape(examples, features), tensor.WithBacking(x)),
		y:  tensor.New(tensor.WithShape(examples, 1), tensor.WithBacking(labels)),
	}
	for range 200 {
		if _, err := sess.Run(feeds, step); err != nil {
			log.Fatal(err)
		}
	}
	weights, err := sess.Value(g.Node("linear/kernel"))
	if err != nil {
		log.Fatal(err)
	}
	for i, w := range weights.Data().([]float32) {
		if w != 0 {
			fmt.Printf("feature %d: %.1f\n", i, w)
		}
	}
	// Output:
	// feature 3: 4.7
	// feature 17: -7.5
	// feature 25: 2.3
}
