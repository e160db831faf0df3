package network

import (
	"gorgonia.org/gorgonia"
)

// Network is a model built into a graph.
type Network struct {
	Inputs, Outputs []Endpoint // in the file's order
	// Variables are those that were made, by the names that the format's own checkpoints have for them, where it has such:
	// training.SaverConfig.Rename takes them.
	Variables []Endpoint

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

// Node returns what computes the value of that name in the file, in the file's layout. The error for a name that was not
// built says so.
func (n *Network) Node(name string) (*gorgonia.Node, error) { return n.find(name) }
