package training_test

import (
	"fmt"
	"log"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// A graph built elsewhere is used by the names of its nodes, as TensorFlow's
// get_tensor_by_name does.
func Example_nodeByName() {
	g := someoneElsesGraph()
	X := g.Node("X:0") // TensorFlow's form is accepted
	logits := g.Node("dnn/outputs/BiasAdd")
	probabilities := ops.Softmax(g.Scope().NameScope("serving"), logits) // builds on

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		log.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{X: [][]float32{{1, 2}, {5, 4}}}, logits, probabilities)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("logits", out.Float32s(0))
	fmt.Printf("probabilities %.3f\n", out.Float32s(1))

	// A name that is missing is an error with near ones.
	g.Node("dnn/outputs/BiasAd")
	var missing *graph.BuildError
	if errors.As(g.Err(), &missing) {
		fmt.Println(missing.Cause)
	}
	// Output:
	// logits [1 2 5 4]
	// probabilities [0.269 0.731 0.731 0.269]
	// there is no node "dnn/outputs/BiasAd"; near: dnn/outputs/BiasAdd, dnn/outputs/MatMul, outputs/bias
}

// someoneElsesGraph returns a graph and no handles to its nodes.
func someoneElsesGraph() *graph.Graph {
	g := graph.New(graph.Config{})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 2)
	ops.Dense(s.NameScope("dnn").Sub("outputs"), X, 2, ops.DenseConfig{Kernel: initializers.Identity(1)})
	return g
}
