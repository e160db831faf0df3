package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// RenormClipping bounds the corrections of batch renormalisation. Each bound is
// a scalar node, such as graph.Const(s, 3.0), or one that grows with the global
// step: the paper starts with RMax 1 and DMax 0, which is batch normalisation,
// and relaxes them to 3 and 5. nil is no bound.
type RenormClipping struct {
	RMin, RMax *gorgonia.Node // r stays between RMin and RMax
	DMax       *gorgonia.Node // d stays between -DMax and DMax
}

// check tells what is wrong with a bound.
func (c RenormClipping) check() error {
	names := [3]string{"RMin", "RMax", "DMax"}
	for i, n := range [3]*gorgonia.Node{c.RMin, c.RMax, c.DMax} {
		if n == nil || graph.IsBad(n) {
			continue
		}
		if sp := graph.SpecOf(n); sp.Rank() != 0 || !sp.IsFloat() {
			return errors.Errorf("RenormClipping.%s is %v; want a scalar float32 or float64", names[i], sp)
		}
	}
	return nil
}

// renormStatistics are the variables of batch renormalisation.
type renormStatistics struct{ mean, stddev *gorgonia.Node }

// batchRenorm is the batch normalisation of Ioffe, "Batch renormalization"
// (2017):
//
//	y = gamma * (xhat*r + d) + beta
//	xhat = (x - mean) / stddev,  stddev = sqrt(variance + epsilon)
//	r = stddev / renorm_stddev
//	d = (mean - renorm_mean) / renorm_stddev
//
// r and d, clipped, count as constants in the gradient. The moving statistics are
// those from before the step; renorm_stddev is at least sqrt(epsilon).
// normalise gives xhat for gamma 1 and beta 0.
func batchRenorm(s *graph.Scope, gamma, beta *gorgonia.Node, at renormStatistics, epsilon float64, clip RenormClipping,
	normalise func(s *graph.Scope, gamma, beta *gorgonia.Node) normalised) normalised {
	n := normalise(s, graph.OnesLike(s, gamma), graph.ZerosLike(s, beta))
	dtype := gamma.Dtype()
	n.stddev = Sqrt(s, AddScalar(s, n.variance, epsilon))
	moving := Maximum(s, at.stddev, graph.ConstOf(s, dtype, math.Sqrt(epsilon)))
	r := Div(s, n.stddev, moving)
	d := Div(s, Sub(s, n.mean, at.mean), moving)
	if clip.RMin != nil {
		r = Maximum(s, r, Cast(s, clip.RMin, dtype))
	}
	if clip.RMax != nil {
		r = Minimum(s, r, Cast(s, clip.RMax, dtype))
	}
	if clip.DMax != nil {
		bound := Cast(s, clip.DMax, dtype)
		d = Minimum(s, Maximum(s, d, Neg(s, bound)), bound)
	}
	r, d = graph.StopGradient(s, r), graph.StopGradient(s, d)
	n.y = Add(s, Mul(s, n.y, Mul(s, r, gamma)), Add(s, Mul(s, d, gamma), beta))
	return n
}
