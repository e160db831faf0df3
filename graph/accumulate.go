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
		InPlace:   optional[:min(2, len(optional))], // the sum of the first two is what is written first
		Kernel: func(b *Binding) (Kernel, error) {
			switch b.Out.Dtype {
			case tensor.Float32:
				return b.Pointwise(addAll[float32]), nil
			case tensor.Float64:
				return b.Pointwise(addAll[float64]), nil
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

// addAll adds what is present, from the first on.
func addAll[T float32 | float64](c *Call, lo, hi int) {
	sum := elements[T](c.Out)[lo:hi]
	var first *Array
	written := false
	for _, in := range c.In[1:] {
		if in.absent {
			continue
		}
		x := elements[T](in)[lo:hi]
		switch {
		case first == nil:
			first = in
			continue
		case !written:
			written = true
			for i, v := range elements[T](first)[lo:hi] {
				sum[i] = v + x[i]
			}
		default:
			for i, v := range x {
				sum[i] += v
			}
		}
	}
	switch {
	case first == nil:
		clear(sum)
	case !written:
		copy(sum, elements[T](first)[lo:hi])
	}
}
