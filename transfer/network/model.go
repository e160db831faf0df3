package network

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Model is a file that holds a graph.
type Model interface {
	// Import builds the graph, or the part of it that Config asks for, in scope s. Weights become variables, whose initial
	// values are the file's where it has them. What is not supported is one error that lists all of it (Unsupported).
	Import(s *graph.Scope, cfg Config) (*Network, error)
	// Weights are the tensors that the file holds. The File need not be closed before the model is.
	Weights() (*weights.File, error)
}
