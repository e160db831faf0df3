package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// TruncatedNormal draws from the normal distribution with the given mean and
// standard deviation, cut off at two standard deviations from the mean: a tensor
// of the given shape, or a scalar, anew in each Run as RandomUniform is. As in
// TensorFlow stddev is that before the cut; what results is 0.8796 of it.
//
// Each number comes from one uniform number by the inverse of the distribution
// function, so none is drawn twice. A draw has no gradient.
//
// TF: tf.truncated_normal. PyTorch: torch.nn.init.trunc_normal_. Dtypes: float. Gradient: no.
func TruncatedNormal(s *graph.Scope, mean, stddev float64, cfg RandomConfig, shape ...int) *gorgonia.Node {
	if !(stddev >= 0) || math.IsInf(stddev, 0) || math.IsNaN(mean) || math.IsInf(mean, 0) {
		return s.Failf("TruncatedNormal", nil, "the mean is %v and stddev %v; want finite numbers and stddev >= 0", mean, stddev)
	}
	return distribution{
		name:  "TruncatedNormal",
		attrs: map[string]interface{}{"mean": mean, "stddev": stddev},
		f32: func(dst []float32, st philox.Stream, offset int) {
			philox.FillTruncatedNormal(dst, st, offset, float32(mean), float32(stddev))
		},
		f64: func(dst []float64, st philox.Stream, offset int) {
			philox.FillTruncatedNormal(dst, st, offset, mean, stddev)
		},
	}.apply(s, cfg, fixedShape(shape))
}
