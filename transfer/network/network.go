package network

import (
	"io"

	"gorgonia.org/gorgonia"
)

// Network is a model built into a graph.
type Network struct {
	Inputs, Outputs []Endpoint // in the file's order
	// Variables are those that were made of stored tensors, by the names that these have in the file, or for TensorFlow's in its checkpoints:
	// training.SaverConfig.Rename takes them. A tensor that several layers share in an ONNX model stands here for the variable of each.
	Variables []Endpoint
	// File is what Close closes: of transfer.Import the Model, which nobody else has. nil where the Model was opened by itself.
	File io.Closer

	find func(name string) (*gorgonia.Node, error)
}

// Endpoint is a node under the name that the file gives its value.
type Endpoint struct {
	Name string
	Node *gorgonia.Node
}

// New returns a network; find finds a node by the name that the file gives its value.
func New(inputs, outputs []Endpoint, find func(name string) (*gorgonia.Node, error)) *Network {
	return &Network{Inputs: inputs, Outputs: outputs, find: find}
}

// Close closes File, where there is one. Variables have their initial values from it: close it after Session.Init.
func (n *Network) Close() error {
	if n == nil || n.File == nil {
		return nil
	}
	return n.File.Close()
}

// Node returns what computes the value of that name in the file, in the file's layout. The error for a name that was not
// built says so.
func (n *Network) Node(name string) (*gorgonia.Node, error) { return n.find(name) }
