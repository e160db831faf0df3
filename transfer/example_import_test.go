package transfer_test

import (
	"fmt"
	"log"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	networks "github.com/plexaura/plexaura/transfer/network"
)

// The network of a file is built whatever the file's format is.
func ExampleImport() {
	g := graph.New(graph.Config{})
	net, err := transfer.Import(g.Scope(), "onnx/testdata/tiny.onnx", networks.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()                   // after Session.Init, which reads the variables' values
	hidden, err := net.Node("features") // by the name that the file has
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(net.Inputs[0].Name, graph.SpecOf(net.Inputs[0].Node))
	fmt.Println("features", graph.SpecOf(hidden))
	fmt.Println(net.Outputs[0].Name, graph.SpecOf(net.Outputs[0].Node))
	// Output:
	// x float32[?, 2]
	// features float32[?, 3]
	// probabilities float32[?, 2]
}
