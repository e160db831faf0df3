package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// MaxNorm is the constraint that the Euclidean norm over the given axes stays
// at most limit: what exceeds it is scaled down, as ClipByNorm does. Without axes
// it is axis 0, so that for a dense kernel [in, units] each unit's incoming
// weights are bounded together; for a convolution kernel [height, width, in,
// out] give 0, 1, 2. It is applied after each optimizer update:
//
//	ops.Dense(s, x, 100, ops.DenseConfig{KernelConstraint: ops.MaxNorm(1)})
//
// limit must be positive. Srivastava et al. (2014); tf.keras.constraints.MaxNorm.
func MaxNorm(limit float64, axes ...int) graph.Constraint {
	axes = normAxes(axes)
	return func(s *graph.Scope, value *gorgonia.Node) *gorgonia.Node {
		if !(limit > 0) || math.IsInf(limit, 0) {
			return s.Failf("MaxNorm", gorgonia.Nodes{value}, "the largest norm is %v; want a positive number", limit)
		}
		return ClipByNorm(s, value, limit, axes...)
	}
}
