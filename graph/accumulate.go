package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// accumulate adds the gradients that reach x. A part from a branch that is not
// taken counts as zero; without any part the sum is zero.
func accumulate(s *Scope, x *gorgonia.Node, parts gorgonia.Nodes) *gorgonia.Node {
	optional := make([]int, len(parts))
	for i := range optional {
		optional[i] = i + 1
	}
	def := OpDef{
		Name: "AddN",
		Infer: func(in []Spec) (Spec, error) {
			for _, p := range in[1:] {
				if p.Dtype != in[0].Dtype || !Compatible(p.Shape, in[0].Shape) {
					return in[0], errors.Errorf("a gradient is %v where the node is %v: an op's Gradient gives a wrong shape", p, in[0])
				}
			}
			return in[0], nil
		},
		ShapeOnly: []int{0},
		Optional:  optional,
		InPlace:   optional[:1],
		Kernel: func(b *Binding) (Kernel, error) {
			switch b.Out.Dtype {
			case tensor.Float32:
				return addAll[float32], nil
			case tensor.Float64:
				return addAll[float64], nil
			}
			return nil, errors.Errorf("gradients must be float32 or float64, not %v", b.Out.Dtype)
		},
		Gradient: func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			grads := make(gorgonia.Nodes, len(in))
			for i := 1; i < len(in); i++ {
				grads[i] = grad
			}
			return grads
		},
	}
	return Apply(s, def, append(gorgonia.Nodes{x}, parts...)...)
}

func addAll[T float32 | float64](c *Call) error {
	first := true
	for _, in := range c.In[1:] {
		switch {
		case in.absent:
		case first:
			first = false
			if in.ptr != c.Out.ptr {
				c.Out.copyFrom(in)
			}
		default:
			sum, x := elements[T](c.Out), elements[T](in)
			for i, v := range x[:len(sum)] {
				sum[i] += v
			}
		}
	}
	if first {
		fillArray(c.Out, 0)
	}
	return nil
}
