package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// RReLU is the randomized leaky rectified linear unit of Xu et al., "Empirical
// evaluation of rectified activations in convolutional network" (2015): x where
// x > 0, a*x otherwise. In training each element draws its slope a from the
// uniform distribution on [lower, upper), anew in every Run; otherwise a is
// their mean. training is a scalar bool node, fed or constant; nil is never.
// Any shape, float32 or float64. torch.nn.RReLU, whose bounds are 1/8 and 1/3.
//
// The gradient is grad where x > 0 and a*grad otherwise, with the slopes of the
// forward pass. Nothing is drawn in a Run that is not training.
//
// TF: none. PyTorch: torch.nn.functional.rrelu. Dtypes: float. Gradient: yes.
func RReLU(s *graph.Scope, x *gorgonia.Node, lower, upper float64, training *gorgonia.Node) *gorgonia.Node {
	if !(lower <= upper) || math.IsInf(lower, 0) || math.IsInf(upper, 0) {
		return s.Fail("rrelu", gorgonia.Nodes{x}, graph.SpecOf(x), errors.Errorf(
			"the slopes range from %v to %v; want lower <= upper (1/8 and 1/3 are usual)", lower, upper))
	}
	if training != nil && !graph.IsBad(x) && !graph.SpecOf(x).IsFloat() {
		return s.Fail("rrelu", gorgonia.Nodes{x}, graph.SpecOf(x), errors.Errorf(
			"the input is %v; want float32 or float64 (ops.Cast converts)", graph.SpecOf(x)))
	}
	mean := lower + (upper-lower)/2
	if x == nil || training == nil || lower == upper {
		return LeakyReLU(s, x, mean)
	}
	return Cond(s, training,
		func(s *graph.Scope) *gorgonia.Node {
			return leakyBy(s, "rrelu", x, RandomUniformLike(s, lower, upper, RandomConfig{}, x))
		},
		func(s *graph.Scope) *gorgonia.Node { return LeakyReLU(s, x, mean) })
}
