package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Where is a where cond holds and b elsewhere, elementwise: all three are
// broadcast as NumPy does. cond is bool; a and b have one dtype, any one. NaN in
// what is not chosen does no harm, neither here nor in the gradient, which goes
// to the chosen operand and is zero for the other.
//
// TF: tf.where. PyTorch: torch.where. Dtypes: any. Gradient: yes.
func Where(s *graph.Scope, cond, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Where",
		Infer: inferWhere,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			switch b.Out.Dtype.Size() {
			case 1:
				return choose[uint8](b)
			case 4:
				return choose[uint32](b)
			}
			return choose[uint64](b)
		},
		InPlace: []int{1, 2},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			cond, a, b := in[0], in[1], in[2]
			zero := graph.ConstOf(s, grad.Dtype(), 0.0)
			return gorgonia.Nodes{
				nil,
				sumToInput(s, Where(s, cond, grad, zero), a, cond, b),
				sumToInput(s, Where(s, cond, zero, grad), b, cond, a),
			}
		},
	}, cond, a, b)
}

func inferWhere(in []graph.Spec) (graph.Spec, error) {
	if len(in) != 3 {
		return graph.Spec{}, errors.Errorf("takes three inputs, but %d came", len(in))
	}
	cond, a, b := in[0], in[1], in[2]
	if cond.Dtype != tensor.Bool {
		return a, errors.Errorf("the condition is %v; want bool", cond)
	}
	if a.Dtype != b.Dtype {
		return a, errors.Errorf("the alternatives are %v and %v; want one dtype (ops.Cast converts)", a, b)
	}
	shape, ok := broadcastShapes(a.Shape, b.Shape)
	if ok {
		shape, ok = broadcastShapes(shape, cond.Shape)
	}
	if !ok {
		return a, errors.Errorf("the condition is %v, the alternatives are %v and %v; aligned at the last axis, sizes must be equal or 1", cond, a, b)
	}
	return graph.Spec{Dtype: a.Dtype, Shape: shape}, nil
}

// choose moves elements of the size of T.
func choose[T any](b *graph.Binding) (graph.Kernel, error) {
	l, err := broadcastLayout(b.Out.Shape, b.In...)
	if err != nil {
		return nil, err
	}
	sc, sa, sb := l.step[0], l.step[1], l.step[2]
	row := func(out []T, cond []bool, a, b []T) {
		if sc == 0 {
			if cond[0] {
				gather(out, a, sa)
			} else {
				gather(out, b, sb)
			}
			return
		}
		if sa == 1 && sb == 1 {
			kernel.Choose(out, cond, a, b)
			return
		}
		var as, bs [64]T // a single number, repeated
		for i := range as {
			as[i], bs[i] = a[0], b[0]
		}
		for lo := 0; lo < len(out); lo += len(as) {
			n := min(len(as), len(out)-lo)
			p, q := as[:n], bs[:n]
			if sa == 1 {
				p = a[lo : lo+n]
			}
			if sb == 1 {
				q = b[lo : lo+n]
			}
			kernel.Choose(out[lo:lo+n], cond[lo:], p, q)
		}
	}
	if l.rows == 1 {
		return b.Pointwise(func(c *graph.Call, lo, hi int) {
			row(elements[T](c.Out)[lo:hi], elements[bool](c.In[0])[lo*sc:], elements[T](c.In[1])[lo*sa:], elements[T](c.In[2])[lo*sb:])
		}), nil
	}
	return b.Pointwise(func(c *graph.Call, lo, hi int) {
		out, cond, x, y := elements[T](c.Out), elements[bool](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		l.eachRow(lo, hi, func(at, n int, from [3]int) {
			row(out[at:at+n], cond[from[0]:], x[from[1]:], y[from[2]:])
		})
	}), nil
}
