package graph

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/internal/blas"
)

// BLAS returns gonum's BLAS interfaces over Plexaura's kernels, for programs
// that run Gorgonia's own operations, on its machines or mixed into a graph of
// ours:
//
//	gorgonia.Use(graph.BLAS())
//
// makes the matrix products of gorgonia and tensor, in the whole process, as
// fast as ours. Nothing of ours needs it. Other than gonum it does not skip
// zeros, so that 0 * NaN is NaN.
func BLAS() gorgonia.BLAS { return blas.Implementation{} }
