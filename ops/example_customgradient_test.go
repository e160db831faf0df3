package ops_test

import (
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// GradientReversal is x, and turns the gradient round: Ganin and Lempitsky,
// "Unsupervised domain adaptation by backpropagation" (2015). What lies beneath
// it learns to make worse what lies above it learns to make better.
func GradientReversal(s *graph.Scope, x *gorgonia.Node, lambda float64) *gorgonia.Node {
	return ops.CustomGradient(s,
		func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node { return xs[0] },
		func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{ops.Scale(s, dy, -lambda)}
		}, x)
}

func ExampleCustomGradient() {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1)
	y := GradientReversal(s, x, 0.5)
	loss := ops.Sum(s, ops.Square(s, y))
	dx := graph.Gradients(s, gorgonia.Nodes{loss}, gorgonia.Nodes{x}, nil)[0]
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	out, err := sess.Run(graph.Feeds{x: []float32{1, 2, 3}}, y, dx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Float32s(0), out.Float32s(1))
	// Output: [1 2 3] [-1 -2 -3]
}
