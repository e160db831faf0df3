package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Threshold is x where x > threshold and value elsewhere; NaN stays NaN. With
// threshold 0 and value 0 it is ReLU. Any shape, float32 or float64.
//
// The gradient is grad where x > threshold and 0 elsewhere, so 0 at the
// threshold.
//
// TF: tf.keras.layers.ThresholdedReLU. PyTorch: torch.nn.functional.threshold. Dtypes: float. Gradient: yes.
func Threshold(s *graph.Scope, x *gorgonia.Node, threshold, value float64) *gorgonia.Node {
	if math.IsNaN(threshold) || math.IsNaN(value) {
		return s.Failf("threshold", gorgonia.Nodes{x}, "the threshold is %v and the value %v; want numbers", threshold, value)
	}
	return pointwise{
		name:  "threshold",
		attrs: map[string]interface{}{"threshold": threshold, "value": value},
		y32:   func(y, x []float32) { thresholdLoop(y, x, float32(threshold), float32(value)) },
		y64:   func(y, x []float64) { thresholdLoop(y, x, threshold, value) },
		dx32:  func(dx, dy, x []float32) { thresholdGrad(dx, dy, x, float32(threshold)) },
		dx64:  func(dx, dy, x []float64) { thresholdGrad(dx, dy, x, threshold) },
	}.apply(s, x)
}

func thresholdLoop[T float](y, x []T, threshold, value T) {
	x = x[:len(y)]
	for i, v := range x {
		if v <= threshold {
			v = value
		}
		y[i] = v
	}
}

func thresholdGrad[T float](dx, dy, x []T, threshold T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		d := dy[i]
		if v <= threshold {
			d = 0
		}
		if v != v {
			d = v
		}
		dx[i] = d
	}
}
