package show_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/notebooks/show"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// quickstart is a network of two layers.
func quickstart() (g *graph.Graph, x, logits *gorgonia.Node) {
	g = graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	x = graph.Placeholder(s, "X", tensor.Float32, -1, 4)
	h := ops.ELU(s.Sub("hidden"), ops.Dense(s.Sub("hidden"), x, 3, ops.DenseConfig{}), 1)
	return g, x, ops.Dense(s.Sub("outputs"), h, 2, ops.DenseConfig{})
}

// A notebook shows the picture; a program that prints it gets the tree.
func ExampleGraph() {
	g, _, _ := quickstart()
	fmt.Println(show.Graph(g, show.GraphConfig{}))
	// Output:
	// graph of 6 ops, 4 variables, 23 parameters
	//   X  placeholder  float32[?, 4]
	//   hidden/  3 ops, 2 variables, 15 parameters
	//     kernel  variable  float32[4, 3]
	//     MatMul  MatMul(X, kernel)  float32[?, 3]
	//     bias  variable  float32[3]
	//     BiasAdd  BiasAdd(MatMul, bias)  float32[?, 3]
	//     elu  elu(BiasAdd)  float32[?, 3]
	//   outputs/  2 ops, 2 variables, 8 parameters
	//     kernel  variable  float32[3, 2]
	//     MatMul  MatMul(hidden/elu, kernel)  float32[?, 2]
	//     bias  variable  float32[2]
	//     BiasAdd  BiasAdd(MatMul, bias)  float32[?, 2]
}

func ExampleNode() {
	_, _, logits := quickstart()
	fmt.Println(show.Node(logits))
	// Output:
	// outputs/BiasAdd
	//   op  BiasAdd
	//   value  float32[?, 2]
	//   reads  outputs/MatMul float32[?, 2], outputs/bias float32[2]
	//   read by  no node
	//   gradient  its own
}

func ExampleTensor() {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	fmt.Println(show.Tensor(x, show.TensorConfig{Title: "x"}))
	// Output:
	// x: float32[2, 3], 6 elements
	// mean 3.5, std 1.708, min 1, max 6, zeros 0
	//   1  2  3
	//   4  5  6
}

func ExampleVariables() {
	g, _, _ := quickstart()
	fmt.Println(show.Variables(g, show.VariablesConfig{}))
	// Output:
	// 4 variables, 23 elements, 23 trained
	//   variable        shape           initial        elements
	//   hidden/kernel   4 × 3  trained  GlorotUniform        12
	//   hidden/bias     3      trained  Zeros                 3
	//   outputs/kernel  3 × 2  trained  GlorotUniform         6
	//   outputs/bias    2      trained  Zeros                 2
}

func ExampleMetrics() {
	fmt.Println(show.Metrics(map[string]float64{"loss": 0.25, "accuracy": 0.9375}))
	// Output:
	// accuracy  0.9375
	//   loss        0.25
}

// A kernel shows the values of cells by Value, which knows types that cannot describe themselves.
func ExampleValue() {
	bundle, ok := show.Value(errors.New("no such file"))
	fmt.Println(ok, bundle["text/plain"])
	_, ok = show.Value(3)
	fmt.Println(ok)
	// Output:
	// true error: no such file
	// false
}

// In a notebook the picture grows in its place while Fit trains.
func ExampleCurves() {
	g, x, logits := quickstart()
	s := g.Scope()
	y := graph.Placeholder(s, "y", tensor.Int64, -1)
	loss := ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits))
	step := training.GradientDescent(training.GradientDescentConfig{LearningRate: 0.1}).Minimize(s.NameScope("train"), loss, g.Trainable())
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		fmt.Println(err)
		return
	}
	data := dataset.Batches(dataset.BatchesConfig{X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(8, 4)), Y: tensor.New(tensor.Of(tensor.Int64), tensor.WithShape(8)), BatchSize: 4})
	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: step, Loss: loss, Data: data, X: x, Y: y, Epochs: 2, Hooks: []training.Hook{&show.Curves{Every: time.Second}},
	})
	fmt.Println(len(history.Epochs), err)
	// Output: 2 <nil>
}
