package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Cumprod is the product of the elements up to each one along an axis (negative
// ones count from the last): y[i] = x[0] * ... * x[i]. Exclusive leaves x[i] out,
// so that the first is 1; Reverse multiplies from the other end.
//
// Any shape of rank 1 or more, any numeric dtype; float32 is multiplied in
// float64, integers wrap around as Go's do. The gradient is exact where elements
// are 0 (TensorFlow's is NaN there).
// TF: tf.cumprod. PyTorch: torch.cumprod. Dtypes: number. Gradient: yes.
func Cumprod(s *graph.Scope, x *gorgonia.Node, axis int, cfg CumulativeConfig) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Cumprod",
		Attrs: cfg.attrs(axis),
		Infer: inferAlong(numbers, axis),
		Kernel: byDtype{
			f32: cumulate(cfg, axis, 1, times[float32, float64]), f64: cumulate(cfg, axis, 1, times[float64, float64]),
			i: cumulate(cfg, axis, 1, times[int, int]), i32: cumulate(cfg, axis, 1, times[int32, int32]),
			i64: cumulate(cfg, axis, 1, times[int64, int64]), u8: cumulate(cfg, axis, 1, times[uint8, uint8]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			// Of the products that x[i] is in, before is what precedes it, and rest
			// what follows, each times its grad: rest[i] = grad[i] + x[i+1]*rest[i+1],
			// which divides by none. An exclusive product holds x[i] one place later.
			before := Cumprod(s, in[0], axis, CumulativeConfig{Exclusive: true, Reverse: cfg.Reverse})
			var rest *gorgonia.Node
			if cfg.Exclusive {
				rest = shift(s, recurrence(s, grad, in[0], axis, !cfg.Reverse), axis, !cfg.Reverse)
			} else {
				rest = recurrence(s, grad, shift(s, in[0], axis, !cfg.Reverse), axis, !cfg.Reverse)
			}
			return only(Mul(s, before, rest))
		},
	}, x)
}

func times[T, A number](total A, v T) A { return total * A(v) }

// recurrence is y[i] = b[i] + a[i]*y[i-1] along an axis, y[-1] being 0; in
// reverse, y[i] = b[i] + a[i]*y[i+1].
func recurrence(s *graph.Scope, b, a *gorgonia.Node, axis int, reverse bool) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Recurrence",
		Attrs: map[string]interface{}{"axis": axis, "reverse": reverse},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in)
			if err == nil {
				_, err = axisOf(axis, out.Rank())
			}
			return out, err
		},
		Kernel: byDtype{
			f32: recur[float32](axis, reverse),
			f64: recur[float64](axis, reverse),
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			db := recurrence(s, grad, shift(s, in[1], axis, !reverse), axis, !reverse)
			return gorgonia.Nodes{db, Mul(s, db, shift(s, out, axis, reverse))}
		},
	}, b, a)
}

func recur[T float](axis int, reverse bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := newLines(b.Out.Shape, axis, reverse)
		if err != nil {
			return nil, err
		}
		body := func(c *graph.Call, lo, hi int) {
			y, b, a := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
			var last [lineStrip]float64
			for k := lo; k < hi; k++ {
				at, width := l.strip(k)
				clear(last[:width])
				for n := range l.n {
					for i, v := range last[:width] {
						next := float64(b[at+i])
						if n > 0 { // 0 times an infinite a is NaN
							next += float64(a[at+i]) * v
						}
						last[i] = next
						y[at+i] = T(next)
					}
					at += l.step
				}
			}
		}
		return func(c *graph.Call) error {
			c.Split(l.count, l.grain(), body)
			return nil
		}, nil
	}
}

// shift moves the elements one place along an axis, to y[i] = x[i-1] with 0 for
// the first; in reverse to y[i] = x[i+1] with 0 for the last.
func shift(s *graph.Scope, x *gorgonia.Node, axis int, reverse bool) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "Shift",
		Attrs:  map[string]interface{}{"axis": axis, "reverse": reverse},
		Infer:  inferAlong(floats, axis),
		Kernel: byDtype{f32: shiftBy[float32](axis, reverse), f64: shiftBy[float64](axis, reverse)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(shift(s, grad, axis, !reverse))
		},
	}, x)
}

func shiftBy[T float](axis int, reverse bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		a, err := axisOf(axis, b.Out.Rank())
		if err != nil {
			return nil, err
		}
		block, inner := sizeOf(b.Out.Shape[a:]), sizeOf(b.Out.Shape[a+1:])
		body := func(c *graph.Call, lo, hi int) {
			for k := lo; k < hi; k++ {
				y, x := elements[T](c.Out)[k*block:(k+1)*block], elements[T](c.In[0])[k*block:(k+1)*block]
				if reverse {
					copy(y, x[inner:])
					clear(y[block-inner:])
				} else {
					copy(y[inner:], x)
					clear(y[:inner])
				}
			}
		}
		return func(c *graph.Call) error {
			if block > 0 {
				c.Split(c.Out.Size()/block, max(1, grain/block), body)
			}
			return nil
		}, nil
	}
}
