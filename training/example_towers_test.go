package training_test

import (
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
)

// Shared towers: two inputs go through one set of weights. The second call finds
// the variables that the first has made, and the gradients of both add up.
func Example_sharedTowers() {
	g := graph.New(graph.Config{Seed: 5})
	s := g.Scope()
	left := graph.Placeholder(s, "left", tensor.Float32, -1, 4)
	right := graph.Placeholder(s, "right", tensor.Float32, -1, 4)
	tower := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		x = ops.Dense(s.Sub("hidden1"), x, 8, ops.DenseConfig{Activation: ops.ELUWith(1)})
		return ops.Dense(s.Sub("code"), x, 2, ops.DenseConfig{})
	}
	a := tower(s.Sub("tower"), left)
	b := tower(s.Sub("tower").Reuse(), right)
	distance := ops.Mean(s, ops.Sum(s, ops.Square(s, ops.Sub(s, a, b)), 1))
	opt := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.01})
	step := opt.Minimize(s.NameScope("train"), distance, g.Trainable())
	for _, v := range g.Trainable() {
		fmt.Println(g.NameOf(v), v.Shape())
	}

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{left: [][]float32{{1, 2, 3, 4}}, right: [][]float32{{1, 2, 3, 4}}}, distance)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("distance of an input to itself:", out.Float(0))

	feeds := graph.Feeds{left: [][]float32{{1, 0, 1, 0}}, right: [][]float32{{1, 1, 0, 0}}}
	var before, after float64
	for i := 0; i < 20; i++ {
		if out, err = sess.Run(feeds, distance, step); err != nil {
			log.Fatal(err)
		}
		if after = out.Float(0); i == 0 {
			before = after
		}
	}
	fmt.Println("training brings two others together:", after < before)
	// Output:
	// tower/hidden1/kernel (4, 8)
	// tower/hidden1/bias (8)
	// tower/code/kernel (8, 2)
	// tower/code/bias (2)
	// distance of an input to itself: 0
	// training brings two others together: true
}
