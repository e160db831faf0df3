package onnx_test

import (
	"fmt"
	"log"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/onnx"
)

// A model runs as it was exported.
func ExampleModel_Import() {
	m, err := onnx.Open("testdata/tiny.onnx")
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{})
	net, err := m.Import(g.Scope(), network.Config{})
	if err != nil {
		log.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil { // reads the weights
		log.Fatal(err)
	}
	x, y := net.Inputs[0], net.Outputs[0]
	out, err := sess.Run(graph.Feeds{x.Node: [][]float32{{1, 2}, {2, 1}}}, y.Node)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Name, "->", y.Name)
	fmt.Printf("%.3f\n", out.Float32s(0))
	// Output:
	// x -> probabilities
	// [0.269 0.731 0.731 0.269]
}

// A part of a model is a feature extractor with trainable variables, on which new layers stand.
func ExampleModel_Import_part() {
	m, err := onnx.Open("testdata/tiny.onnx")
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	training := graph.PlaceholderWithDefault(s, "training", false)
	net, err := m.Import(s.Sub("body"), network.Config{Outputs: []string{"features"}, Training: training})
	if err != nil {
		log.Fatal(err)
	}
	ops.Dense(s.Sub("head"), net.Outputs[0].Node, 5, ops.DenseConfig{})
	for _, v := range g.Trainable() {
		fmt.Println(g.NameOf(v), graph.SpecOf(v))
	}
	// Output:
	// body/hidden/kernel float32[2, 3]
	// body/hidden/bias float32[3]
	// head/kernel float32[3, 5]
	// head/bias float32[5]
}
