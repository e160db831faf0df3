package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// PadReflect pads x with its own elements, mirrored at the first and at the
// last one, which are not repeated: c b before a b c d. paddings[a] says how
// many before and how many behind along axis a, each less than its size.
//
// Any dtype; sizes may be unknown, and a padding that is too large is then an
// error of the Run. The gradient adds grad up at the elements it came from.
//
// TF: tf.pad. PyTorch: torch.nn.functional.pad. Dtypes: any. Gradient: yes.
func PadReflect(s *graph.Scope, x *gorgonia.Node, paddings [][2]int) *gorgonia.Node {
	return padMode{"reflect", 1, func(i, n int) int {
		if i < 0 {
			i = -i
		}
		return min(i, 2*(n-1)-i)
	}}.apply(s, x, paddings)
}

// PadSymmetric is PadReflect with the first and the last element repeated: b a
// before a b c d. The paddings are at most the size of the axis.
//
// TF: tf.pad. PyTorch: none. Dtypes: any. Gradient: yes.
func PadSymmetric(s *graph.Scope, x *gorgonia.Node, paddings [][2]int) *gorgonia.Node {
	return padMode{"symmetric", 0, func(i, n int) int {
		if i < 0 {
			i = -i - 1
		}
		return min(i, 2*n-1-i)
	}}.apply(s, x, paddings)
}

// PadEdge pads x with its first and its last element: a a before a b c d. An
// axis that is padded must have an element to repeat. Otherwise it is as
// PadReflect.
//
// TF: none. PyTorch: torch.nn.functional.pad. Dtypes: any. Gradient: yes.
func PadEdge(s *graph.Scope, x *gorgonia.Node, paddings [][2]int) *gorgonia.Node {
	return padMode{"edge", -1, func(i, n int) int { return max(0, min(i, n-1)) }}.apply(s, x, paddings)
}

// padMode pads with elements of x itself.
type padMode struct {
	name   string
	short  int                // a padding is at most the size of the axis less this; -1: any
	source func(i, n int) int // which of n elements stands at place i, below 0 or beyond n
}

// apply pads one axis after the other.
func (m padMode) apply(s *graph.Scope, x *gorgonia.Node, paddings [][2]int) *gorgonia.Node {
	const name = "MirrorPad"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	intended, err := inferPad([]graph.Spec{sp}, paddings)
	for a := 0; err == nil && a < sp.Rank(); a++ {
		err = m.check(sp, a, paddings[a])
	}
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, intended, err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		y := x
		for a, p := range paddings {
			if p != [2]int{} {
				y = m.along(s, y, a, p)
			}
		}
		if y == x {
			return graph.Identity(s, x)
		}
		return y
	})
}

// check tells whether an axis is long enough for its padding.
func (m padMode) check(x graph.Spec, axis int, p [2]int) error {
	d := x.Shape[axis]
	if most := max(p[0], p[1]); d >= 0 && most > 0 && (d == 0 || m.short >= 0 && most > d-m.short) {
		return errors.Errorf("x is %v; axis %d, of size %d, is too short for the padding %v of mode %s", x, axis, d, p, m.name)
	}
	return nil
}

// along pads one axis.
func (m padMode) along(s *graph.Scope, x *gorgonia.Node, axis int, p [2]int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MirrorPad",
		Attrs: map[string]interface{}{"mode": m.name, "axis": axis, "paddings": p},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[0].Shape.Clone()}
			if out.Shape[axis] >= 0 {
				out.Shape[axis] += p[0] + p[1]
			}
			return out, m.check(in[0], axis, p)
		},
		Kernel: bySize{padAxis[uint8](m, axis, p), padAxis[uint32](m, axis, p), padAxis[uint64](m, axis, p)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(m.back(s, grad, in[0], axis, p))
		},
	}, x)
}

// back adds grad up at the elements of x that along took.
func (m padMode) back(s *graph.Scope, grad, x *gorgonia.Node, axis int, p [2]int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "MirrorPadGrad",
		Attrs: map[string]interface{}{"mode": m.name, "axis": axis, "paddings": p},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}, nil
		},
		ShapeOnly: []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, padAxisGrad[float32](m, b.Out.Shape, axis, p), padAxisGrad[float64](m, b.Out.Shape, axis, p))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{m.along(s, grad, axis, p), nil}
		},
	}, grad, x)
}

// padAxis copies, for each place of the padded axis, what its source has there.
func padAxis[T any](m padMode, axis int, p [2]int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		x := b.In[0].Shape
		outer, n, inner := sizeOf(x[:axis]), x[axis], sizeOf(x[axis+1:])
		source := make([]int, n+p[0]+p[1])
		for i := range source {
			source[i] = m.source(i-p[0], n) * inner
		}
		body := func(c *graph.Call, lo, hi int) {
			out, x := elements[T](c.Out), elements[T](c.In[0])
			for r := lo; r < hi; r++ {
				at := r/len(source)*n*inner + source[r%len(source)]
				copy(out[r*inner:(r+1)*inner], x[at:at+inner])
			}
		}
		each := max(1, grain/max(1, inner))
		return func(c *graph.Call) error {
			if inner > 0 {
				c.Split(outer*len(source), each, body)
			}
			return nil
		}, nil
	}
}

// padAxisGrad adds, for each element of the axis, the gradients of the places
// that show it, in their order.
func padAxisGrad[T float](m padMode, x tensor.Shape, axis int, p [2]int) graph.Kernel {
	outer, n, inner := sizeOf(x[:axis]), x[axis], sizeOf(x[axis+1:])
	padded := n + p[0] + p[1]
	places := make([][]int, n)
	for i := 0; i < padded && n > 0; i++ {
		k := m.source(i-p[0], n)
		places[k] = append(places[k], i*inner)
	}
	body := func(c *graph.Call, lo, hi int) {
		out, grad := elements[T](c.Out), elements[T](c.In[0])
		for r := lo; r < hi; r++ {
			dst := out[r*inner : (r+1)*inner]
			block := grad[r/n*padded*inner:]
			for k, at := range places[r%n] {
				if k == 0 {
					copy(dst, block[at:])
					continue
				}
				for i, v := range block[at : at+inner] {
					dst[i] += v
				}
			}
		}
	}
	each := max(1, grain/max(1, inner))
	return func(c *graph.Call) error {
		if inner > 0 {
			c.Split(outer*n, each, body)
		}
		return nil
	}
}
