package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// ClipByValue is min(max(x, lo), hi), elementwise; NaN stays NaN. Any shape,
// float32 or float64. A nil x, the gradient of an unconnected variable, gives
// nil.
//
// The gradient is grad where lo <= x <= hi, the bounds included, and 0
// elsewhere.
//
// TF: tf.clip_by_value. PyTorch: torch.clamp. Dtypes: float. Gradient: yes.
func ClipByValue(s *graph.Scope, x *gorgonia.Node, lo, hi float64) *gorgonia.Node {
	if x == nil {
		return nil
	}
	if !(lo <= hi) {
		return s.Fail("clip_by_value", gorgonia.Nodes{x}, graph.SpecOf(x), errors.Errorf("the bounds are %v and %v; want lo <= hi", lo, hi))
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "clip_by_value",
		Attrs: map[string]interface{}{"lo": lo, "hi": hi},
		Infer: graph.SameFloat,
		Kernel: graph.Elementwise(
			func(y, x []float32) { kernel.Clip(y, x, float32(lo), float32(hi)) },
			func(y, x []float64) { kernel.Clip(y, x, lo, hi) }),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(clipGrad(s, grad, in[0], lo, hi))
		},
	}, x)
}

// clipGrad is grad where lo <= x <= hi and 0 elsewhere.
func clipGrad(s *graph.Scope, grad, x *gorgonia.Node, lo, hi float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "clip_by_value_grad",
		Attrs: map[string]interface{}{"lo": lo, "hi": hi},
		Infer: sameTwo,
		Kernel: zipKernel(
			func(dx, dy, x []float32) { clipGradLoop(dx, dy, x, float32(lo), float32(hi)) },
			func(dx, dy, x []float64) { clipGradLoop(dx, dy, x, lo, hi) }),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(clipGrad(s, grad, in[1], lo, hi)) // constant in x
		},
	}, grad, x)
}

func clipGradLoop[T float](dx, dy, x []T, lo, hi T) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		d := dy[i]
		if v < lo || v > hi {
			d = 0
		}
		dx[i] = d
	}
}
