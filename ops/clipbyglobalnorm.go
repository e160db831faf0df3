package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// ClipByGlobalNorm scales tensors, usually gradients, down together so that
// their GlobalNorm, which it returns as well, is at most c: each becomes
// x*c*min(1/norm, 1/c). Below c they stay what they are, bit for bit. nil entries
// stay nil; when there is nothing else the norm is nil too. An infinite or NaN
// norm makes everything NaN, as in TensorFlow, so that a diverged step is not
// mistaken for a clipped one. xs have one float dtype, any shapes; c > 0.
// tf.clip_by_global_norm (Pascanu, Mikolov and Bengio, 2012),
// torch.nn.utils.clip_grad_norm_, which adds 1e-6 to the norm.
//
// Gradients of any order flow through, the norm included.
//
// TF: tf.clip_by_global_norm. PyTorch: torch.nn.utils.clip_grad_norm_. Dtypes: float. Gradient: yes.
func ClipByGlobalNorm(s *graph.Scope, xs gorgonia.Nodes, c float64) (clipped gorgonia.Nodes, norm *gorgonia.Node) {
	clipped = make(gorgonia.Nodes, len(xs))
	var first *gorgonia.Node
	for _, x := range xs {
		if x != nil {
			first = x
			break
		}
	}
	if first == nil {
		return clipped, nil
	}
	var scale *gorgonia.Node
	if c > 0 && !math.IsInf(c, 0) {
		norm = GlobalNorm(s, xs)
		scale = clipScale(s, norm, c)
	} else {
		err := errors.Errorf("the clipping norm is %v; want a positive number", c)
		norm = s.Fail("clip_by_global_norm", gorgonia.Nodes{first}, graph.Spec{Dtype: graph.SpecOf(first).Dtype}, err)
		scale = norm
	}
	for i, x := range xs {
		if x != nil {
			clipped[i] = Mul(s, x, scale)
		}
	}
	return clipped, norm
}

// clipScale is 1 for a norm up to c, c/norm above, and NaN when it is not finite.
func clipScale(s *graph.Scope, norm *gorgonia.Node, c float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "clip_by_global_norm",
		Attrs: map[string]interface{}{"clip_norm": c},
		Infer: graph.SameFloat,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, clipScaleKernel[float32](c), clipScaleKernel[float64](c))
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			norm := in[0]
			limit := graph.ConstOf(s, norm.Dtype(), c)
			return only(Div(s, limit, Maximum(s, norm, limit)))
		},
	}, norm)
}

func clipScaleKernel[T float](c float64) graph.Kernel {
	return func(call *graph.Call) error {
		norm, scale := float64(elements[T](call.In[0])[0]), 1.0
		switch {
		case math.IsInf(norm, 0):
			scale = math.NaN()
		case norm > c || norm != norm:
			scale = c / norm
		}
		elements[T](call.Out)[0] = T(scale)
		return nil
	}
}
