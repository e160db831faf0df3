package ops_test

import (
	"fmt"
	"log"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Snake is x + sin(frequency*x)^2 / frequency, of Liu, Hartwig and Ueda, "Neural
// networks fail to learn periodic functions and how to fix it" (2020). Any shape,
// float32 or float64.
func Snake(s *graph.Scope, x *gorgonia.Node, frequency float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "snake",
		Attrs:  map[string]interface{}{"frequency": frequency},
		Infer:  graph.SameFloat, // the shape rule
		Kernel: graph.Elementwise(snake[float32](frequency), snake[float64](frequency)),
		// Element i is computed from element i, so the output may take x's place.
		InPlace: []int{0},
		// The gradient, in terms of ops: grad * (1 + sin(2*frequency*x)).
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			sin := ops.Sin(s, ops.Scale(s, in[0], 2*frequency))
			return gorgonia.Nodes{ops.Mul(s, grad, ops.AddScalar(s, sin, 1))}
		},
	}, x)
}

// snake is y[i] = x[i] + sin(frequency*x[i])^2 / frequency.
func snake[T float32 | float64](frequency float64) func(y, x []T) {
	return func(y, x []T) {
		for i, v := range x {
			sin := math.Sin(frequency * float64(v))
			y[i] = v + T(sin*sin/frequency)
		}
	}
}

// An elementwise op of one's own, in one's own package: a float32 and a float64
// loop, a shape rule, and a gradient in terms of ops. Example_customOp of package
// training trains with one that has everything written out.
func Example_customOp() {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float64, -1)
	y := Snake(s, x, 2)
	slope := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0]
	feeds := graph.Feeds{x: []float64{-3, -1, 0, 0.25, 1, 4}}
	for _, n := range []*gorgonia.Node{y, slope} { // first and second order
		if err := graph.CheckGradients(g, feeds, n, gorgonia.Nodes{x}, graph.CheckConfig{}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("gradients agree with finite differences")
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	out, err := sess.Run(graph.Feeds{x: []float64{0, 1}}, y)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f\n", out.Float64s(0))
	// Output:
	// gradients agree with finite differences
	// [0.0000 1.4134]
}
