package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// AlphaDropout is the dropout that goes with SELU: Klambauer et al.,
// "Self-normalizing neural networks" (2017). Where training, a scalar bool,
// holds, each element becomes -scale*alpha = -1.7580993, SELU's limit, with
// probability rate, and then all of them are mapped by an affine function that
// gives standardised inputs mean 0 and variance 1 again. With m = -scale*alpha
// and q = 1 - rate:
//
//	y = a*(x or m) + b,  a = 1/sqrt(q + m^2*q*(1-q)),  b = -a*(1-q)*m
//
// Elsewhere, and always when training is nil, it is x. A rate of 0 is legal, and
// is x; it must be below 1.
//
// Any shape, float32 or float64. The gradient is a*grad where x was kept and 0
// elsewhere. Draws, and what becomes of a dropped infinity or NaN, are as in
// Dropout.
//
// TF: tf.keras.layers.AlphaDropout. PyTorch: torch.nn.functional.alpha_dropout. Dtypes: float. Gradient: yes.
func AlphaDropout(s *graph.Scope, x *gorgonia.Node, rate float64, training *gorgonia.Node) *gorgonia.Node {
	if !(rate >= 0 && rate < 1) {
		return s.Failf("AlphaDropout", gorgonia.Nodes{x}, "rate is %v; want the share to drop, at least 0 and below 1", rate)
	}
	var noisy func(s *graph.Scope) *gorgonia.Node
	if rate > 0 {
		noisy = func(s *graph.Scope) *gorgonia.Node { return alphaDropping(rate).apply(s, x) }
	}
	return inTraining(s, "AlphaDropout", x, training, noisy)
}

func alphaDropping(rate float64) dropping {
	const limit = -kernel.SELUScale * kernel.SELUAlpha
	q := 1 - rate
	a := 1 / math.Sqrt(q+limit*limit*q*rate)
	shift := -a * rate * limit
	dropped := a*limit + shift
	return dropping{
		name: "AlphaDropout", rate: rate, scale: a,
		keep32: func(out, x []float32, mask []uint8, scale float32) {
			keepOr(out, x, mask, scale, float32(shift), float32(dropped))
		},
		keep64: func(out, x []float64, mask []uint8, scale float64) {
			keepOr(out, x, mask, scale, shift, dropped)
		},
	}
}

// keepOr is scale*x + shift where mask is 1 and dropped elsewhere.
func keepOr[T float](out, x []T, mask []uint8, scale, shift, dropped T) {
	x, mask = x[:len(out)], mask[:len(out)]
	for i, v := range x {
		v = v*scale + shift
		if mask[i] == 0 {
			v = dropped
		}
		out[i] = v
	}
}
