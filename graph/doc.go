// Package graph builds and runs TensorFlow-1-style computation graphs on top of
// Gorgonia's expression graph.
//
// A Graph wraps a gorgonia.ExprGraph and adds what Gorgonia has no place for:
// variables, collections, control edges, unique names, branches and the first
// build error. The handle that users hold is *gorgonia.Node. Ops are declared
// by an OpDef and applied through a Scope; Gradients differentiates; a Session
// holds the variables' values and runs the graph.
//
// How a Run comes about, file by file: plan.go finds what the fetches need,
// with the branches that the feeds decide cut away; specialize.go infers every
// shape for the fed ones; fold.go computes what is constant; fuse.go merges
// ops; schedule.go orders them and their effects; state.go finds the copies of
// variables that writes make needed; buffers.go gives every value its memory;
// program.go writes the steps down, and run.go runs them in a frame (frame.go).
package graph
