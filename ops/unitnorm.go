package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// UnitNorm is the constraint that the Euclidean norm over the given axes is 1: the
// value is divided by the norm plus 1e-7, so that zeros stay zeros. Without axes it is
// axis 0, as for MaxNorm, which says more about the axes. It is applied after each optimizer
// update. tf.keras.constraints.UnitNorm; what weight normalisation (Salimans & Kingma
// 2016) keeps by another parameter.
func UnitNorm(axes ...int) graph.Constraint {
	axes = normAxes(axes)
	return func(s *graph.Scope, value *gorgonia.Node) *gorgonia.Node {
		return Div(s, value, AddScalar(s, normsOf(s, value, axes), normEpsilon))
	}
}

// normEpsilon keeps the division by a norm finite; Keras's epsilon.
const normEpsilon = 1e-7

// normAxes are the axes of a constraint's norms: by default axis 0.
func normAxes(axes []int) []int {
	if len(axes) == 0 {
		return []int{0}
	}
	return append([]int(nil), axes...)
}

// normsOf returns the Euclidean norms of x over axes, which stay with size 1.
func normsOf(s *graph.Scope, x *gorgonia.Node, axes []int) *gorgonia.Node {
	return Sqrt(s, SumKeep(s, Square(s, x), axes...))
}
