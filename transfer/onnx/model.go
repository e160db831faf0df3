package onnx

import "github.com/plexaura/plexaura/transfer/weights"

// Model is an ONNX model as it stands in its file.
type Model struct {
	IRVersion       int64
	Producer        string           // who wrote it, with the version
	Opsets          map[string]int64 // the version of each domain's operators; "" is ONNX's own
	Metadata        map[string]string
	Graph           *Graph
	HasOwnFunctions bool // operators that the model defines itself
}

// Graph is a graph of nodes, each after those that it needs.
type Graph struct {
	Name         string
	Nodes        []Node
	Initializers []weights.Tensor
	// Inputs may list initializers too, as models before IR version 4 do.
	Inputs, Outputs, Values []Value
}

// Node is one operator with the names of what goes in and what comes out; "" is one that is left
// out.
type Node struct {
	Name, Op, Domain string
	Inputs, Outputs  []string
	Attributes       map[string]Attribute
}

// Attribute is a parameter of a node, of which one field is set, as Type says.
type Attribute struct {
	Type    AttributeType
	Float   float32
	Int     int64
	String  string
	Tensor  *weights.Tensor
	Graph   *Graph
	Floats  []float32
	Ints    []int64
	Strings []string
}

// AttributeType says which field of an Attribute is set.
type AttributeType int

// The types of attributes, with ONNX's numbers; what a graph of tensors does not have is Other.
const (
	Other    AttributeType = 0
	Float    AttributeType = 1
	Int      AttributeType = 2
	String   AttributeType = 3
	Tensor   AttributeType = 4
	Subgraph AttributeType = 5
	Floats   AttributeType = 6
	Ints     AttributeType = 7
	Strings  AttributeType = 8
)

// Value says what goes into a graph or comes out of it.
type Value struct {
	Name  string
	DType weights.DType // Invalid where it is no tensor
	Shape []int         // -1 for a size that is not known; nil where nothing is said
	Names []string      // of the sizes that are not known, "" for others
}
