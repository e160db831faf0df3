package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// MinMaxNorm is the constraint that the Euclidean norm over the given axes lies
// between lo and hi: the value is multiplied by
//
//	(rate * clip(norm, lo, hi) + (1 - rate) * norm) / (norm + 1e-7)
//
// A rate of 1 holds the norm there after each optimizer update, a smaller one pulls it
// there little by little. Without axes it is axis 0, as for MaxNorm. 0 <= lo <= hi, hi is
// positive and rate in [0, 1]. tf.keras.constraints.MinMaxNorm.
func MinMaxNorm(lo, hi, rate float64, axes ...int) graph.Constraint {
	axes = normAxes(axes)
	return func(s *graph.Scope, value *gorgonia.Node) *gorgonia.Node {
		const name = "MinMaxNorm"
		switch {
		case !(lo >= 0 && lo <= hi && hi > 0) || math.IsInf(hi, 0):
			return s.Failf(name, gorgonia.Nodes{value}, "the norm is to be between %v and %v; want 0 <= lo <= hi, hi positive and finite", lo, hi)
		case !(rate >= 0 && rate <= 1):
			return s.Failf(name, gorgonia.Nodes{value}, "the rate is %v; want a number in [0, 1], 1 to hold the norm strictly", rate)
		}
		norm := normsOf(s, value, axes)
		want := Add(s, Scale(s, ClipByValue(s, norm, lo, hi), rate), Scale(s, norm, 1-rate))
		return Mul(s, value, Div(s, want, AddScalar(s, norm, normEpsilon)))
	}
}
