package network

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Model is a file that holds a graph. It stays open until Close, since initial values are read only when they are needed: a
// network is built, Session.Init gives its variables their values, and then the model can be closed and the network goes on without it.
type Model interface {
	// Import builds the graph, or the part of it that Config asks for, in scope s. Weights become variables, whose initial
	// values are the file's where it has them. What is not supported is one error that lists all of it (Unsupported).
	Import(s *graph.Scope, cfg Config) (*Network, error)
	// Weights are the tensors that the file holds. The File is the model's: closing the model closes it.
	Weights() (*weights.File, error)
	// Close releases what was opened. Variables that were not initialised before cannot be any more.
	Close() error
}
