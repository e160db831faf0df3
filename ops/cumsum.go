package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// CumulativeConfig configures Cumsum and Cumprod. The zero value takes in the
// element itself and what comes before it.
type CumulativeConfig struct {
	Exclusive bool // leave the element itself out
	Reverse   bool // take what comes after the element
}

// Cumsum is the sum of the elements up to each one along an axis (negative ones
// count from the last): y[i] = x[0] + ... + x[i]. Exclusive leaves x[i] out, so
// that the first is 0; Reverse adds from the other end.
//
// Any shape of rank 1 or more, any numeric dtype; float32 is added up in float64,
// integers wrap around as Go's do. The gradient is the Cumsum of grad from the
// other end.
// TF: tf.cumsum. PyTorch: torch.cumsum. Dtypes: number. Gradient: yes.
func Cumsum(s *graph.Scope, x *gorgonia.Node, axis int, cfg CumulativeConfig) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Cumsum",
		Attrs: cfg.attrs(axis),
		Infer: inferAlong(numbers, axis),
		Kernel: byDtype{
			f32: cumulate(cfg, axis, 0, plus[float32, float64]), f64: cumulate(cfg, axis, 0, plus[float64, float64]),
			i: cumulate(cfg, axis, 0, plus[int, int]), i32: cumulate(cfg, axis, 0, plus[int32, int32]),
			i64: cumulate(cfg, axis, 0, plus[int64, int64]), u8: cumulate(cfg, axis, 0, plus[uint8, uint8]),
		}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Cumsum(s, grad, axis, CumulativeConfig{Exclusive: cfg.Exclusive, Reverse: !cfg.Reverse}))
		},
	}, x)
}

func (c CumulativeConfig) attrs(axis int) map[string]interface{} {
	return map[string]interface{}{"axis": axis, "exclusive": c.Exclusive, "reverse": c.Reverse}
}

// inferAlong is the shape rule of an op along an axis of one operand that keeps
// its shape.
func inferAlong(allowed dtypes, axis int) func(in []graph.Spec) (graph.Spec, error) {
	return func(in []graph.Spec) (graph.Spec, error) {
		out, err := inferUnary(allowed)(in)
		if err == nil {
			_, err = axisOf(axis, out.Rank())
		}
		return out, err
	}
}

// lineStrip is how many neighbouring lines are walked side by side, so that
// memory is read in order.
const lineStrip = 64

// lines are the elements of a tensor along one axis, in strips of lines that
// lie side by side.
type lines struct {
	n      int // elements of a line
	inner  int // from one element to the next
	strips int // in each matrix [n, inner]
	count  int // strips altogether
	step   int // inner, or -inner from the end
	start  int // where a line begins in its matrix
}

func newLines(shape tensor.Shape, axis int, reverse bool) (lines, error) {
	a, err := axisOf(axis, len(shape))
	if err != nil {
		return lines{}, err
	}
	l := lines{n: shape[a], inner: sizeOf(shape[a+1:])}
	l.step = l.inner
	if reverse {
		l.start, l.step = (l.n-1)*l.inner, -l.inner
	}
	if l.n > 0 {
		l.strips = (l.inner + lineStrip - 1) / lineStrip
		l.count = sizeOf(shape[:a]) * l.strips
	}
	return l, nil
}

// strip returns where strip k begins, and its width.
func (l lines) strip(k int) (at, width int) {
	from := k % l.strips * lineStrip
	return k/l.strips*l.n*l.inner + l.start + from, min(lineStrip, l.inner-from)
}

// grain is how many strips are worth handing to a goroutine.
func (l lines) grain() int { return max(1, grain/max(1, l.n*min(l.inner, lineStrip))) }

// cumulate binds a running total of elements of T in the type A: it starts at
// none and takes each element in by a step.
func cumulate[T, A number](cfg CumulativeConfig, axis int, none A, step func(total A, v T) A) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := newLines(b.Out.Shape, axis, cfg.Reverse)
		if err != nil {
			return nil, err
		}
		body := func(c *graph.Call, lo, hi int) {
			y, x := elements[T](c.Out), elements[T](c.In[0])
			var totals [lineStrip]A
			for k := lo; k < hi; k++ {
				at, width := l.strip(k)
				for i := range width {
					totals[i] = none
				}
				for range l.n {
					for i, total := range totals[:width] {
						next := step(total, x[at+i])
						totals[i] = next
						if cfg.Exclusive {
							next = total
						}
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

func plus[T, A number](total A, v T) A { return total + A(v) }
