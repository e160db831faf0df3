package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// HardTanh is min(max(x, lo), hi), a piecewise linear tanh (Collobert, 2004);
// -1 and 1 are usual. NaN stays NaN. Any shape, float32 or float64.
//
// The gradient is grad where lo < x < hi and 0 elsewhere, the bounds included;
// ClipByValue, which is the same forward, passes it on at the bounds.
//
// TF: none. PyTorch: torch.nn.functional.hardtanh. Dtypes: float. Gradient: yes.
func HardTanh(s *graph.Scope, x *gorgonia.Node, lo, hi float64) *gorgonia.Node {
	if !(lo < hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return s.Failf("hard_tanh", gorgonia.Nodes{x}, "the bounds are %v and %v; want lo < hi, both finite (-1 and 1 are usual)", lo, hi)
	}
	return hardTanh("hard_tanh", map[string]interface{}{"lo": lo, "hi": hi}, lo, hi).apply(s, x)
}

// hardTanh is min(max(x, lo), hi), whose derivative at the bounds is 0.
func hardTanh(name string, attrs map[string]interface{}, lo, hi float64) pointwise {
	return pointwise{
		name:  name,
		attrs: attrs,
		y32:   func(y, x []float32) { kernel.HardTanh(y, x, float32(lo), float32(hi)) },
		y64:   func(y, x []float64) { kernel.HardTanh(y, x, lo, hi) },
		dx32:  func(dx, dy, x []float32) { kernel.HardTanhGrad(dx, dy, x, float32(lo), float32(hi)) },
		dx64:  func(dx, dy, x []float64) { kernel.HardTanhGrad(dx, dy, x, lo, hi) },
	}
}
