package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// OrthogonalRegularizer is the Regularizer scale * ||w'w - I||^2, which keeps the columns of a kernel at
// right angles to each other and at norm 1, so that activations and gradients keep
// their size from layer to layer: the squared Frobenius norm, soft orthogonality (Bansal,
// Chen & Wang 2018). A kernel of more than two axes is taken as the matrix of its last axis against the
// others, and one of more columns than rows is held to orthogonal rows, w w'. A scale
// of 0 gives none; it must not be negative.
//
// The start that suits it is initializers.Orthogonal. Keras's OrthogonalRegularizer
// sums up the cosines of the columns instead, and leaves their norm free.
func OrthogonalRegularizer(scale float64) Regularizer {
	return func(s *graph.Scope, w *gorgonia.Node) *gorgonia.Node {
		const name = "orthogonal_regularizer"
		if scale == 0 {
			return nil
		}
		sp := graph.SpecOf(w)
		if err := checkOrthogonal(scale, sp); err != nil {
			return s.Fail(name, gorgonia.Nodes{w}, graph.Spec{Dtype: sp.Dtype, Shape: tensor.Shape{}}, err)
		}
		at := s.NameScope(name)
		columns := sp.Shape[sp.Rank()-1]
		rows := sizeOf(sp.Shape[:sp.Rank()-1])
		w = Reshape(at, w, rows, columns)
		product := MatMul(at, Transpose(at, w, 1, 0), w)
		if rows < columns {
			product = MatMul(at, w, Transpose(at, w, 1, 0))
		}
		n := min(rows, columns)
		return Scale(at, Sum(at, SquaredDifference(at, product, Eye(at, sp.Dtype, n, n))), scale)
	}
}

func checkOrthogonal(scale float64, w graph.Spec) error {
	switch {
	case !(scale > 0) || math.IsInf(scale, 0):
		return errors.Errorf("the scale is %v; want 0, for none, or a positive number", scale)
	case !w.IsFloat() || w.Rank() < 2 || !w.Known():
		return errors.Errorf("the weight is %v; want float32 or float64 with two or more axes of known size", w)
	}
	return nil
}
