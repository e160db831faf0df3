package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// HardSigmoid is min(max(x/6 + 1/2, 0), 1), that is relu6(x+3)/6: a piecewise
// linear sigmoid as MobileNetV3 (Howard et al., 2019), PyTorch and Keras 3 have
// it. HardSigmoidWith gives others: slope 0.2 and offset 0.5 are Keras's in
// TensorFlow 1 and 2 (Courbariaux et al., 2015) and the default of ONNX. NaN
// stays NaN. Any shape, float32 or float64.
//
// The gradient is grad/6 where -3 < x < 3 and 0 elsewhere, the bounds included.
//
// TF: tf.keras.activations.hard_sigmoid. PyTorch: torch.nn.functional.hardsigmoid. Dtypes: float. Gradient: yes.
func HardSigmoid(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return hardSigmoid(1.0/6, 0.5).apply(s, x)
}

// HardSigmoidWith returns min(max(slope*x + offset, 0), 1) as an Activation;
// slope must be positive. ops.HardSigmoidWith(0.2, 0.5) is Keras's.
func HardSigmoidWith(slope, offset float64) Activation {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		if !(slope > 0) || math.IsInf(slope, 0) || math.IsInf(offset, 0) || math.IsNaN(offset) {
			return s.Failf("hard_sigmoid", gorgonia.Nodes{x}, "the slope is %v and the offset %v; want a positive and a finite number (1/6 and 1/2 are usual)", slope, offset)
		}
		return hardSigmoid(slope, offset).apply(s, x)
	}
}

func hardSigmoid(slope, offset float64) pointwise {
	return pointwise{
		name:  "hard_sigmoid",
		attrs: map[string]interface{}{"slope": slope, "offset": offset},
		y32:   func(y, x []float32) { hardSigmoidLoop(y, x, float32(slope), float32(offset)) },
		y64:   func(y, x []float64) { hardSigmoidLoop(y, x, slope, offset) },
		dx32:  func(dx, dy, x []float32) { hardSigmoidGrad(dx, dy, x, float32(slope), float32(offset)) },
		dx64:  func(dx, dy, x []float64) { hardSigmoidGrad(dx, dy, x, slope, offset) },
	}
}

// hardSigmoidLoop rounds the product, so that the corners lie where they do on any
// processor, with fused multiply-adds or without.
func hardSigmoidLoop[T float](y, x []T, slope, offset T) {
	kernel.MulScalar(y, x, slope)
	kernel.AddScalar(y, y, offset)
	kernel.HardTanh(y, y, 0, 1)
}

// hardSigmoidGrad goes by blocks that stay in the cache, since dx may be dy or x.
func hardSigmoidGrad[T float](dx, dy, x []T, slope, offset T) {
	var line [512]T // slope*x + offset
	for len(dx) > 0 {
		n := min(len(dx), len(line))
		u, d := line[:n], dx[:n]
		kernel.MulScalar(u, x[:n], slope)
		kernel.AddScalar(u, u, offset)
		kernel.HardTanhGrad(d, dy[:n], u, 0, 1)
		kernel.MulScalar(d, d, slope)
		dx, dy, x = dx[n:], dy[n:], x[n:]
	}
}
