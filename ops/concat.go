package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Concat joins tensors along an axis (negative ones count from the last); the
// other axes must be equal.
//
// One dtype, any one; sizes may be unknown, also that of the axis. The gradient
// of each tensor is its part of grad.
//
// TF: tf.concat. PyTorch: torch.cat. Dtypes: any. Gradient: yes.
func Concat(s *graph.Scope, axis int, xs ...*gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "Concat",
		Attrs:  map[string]interface{}{"axis": axis},
		Infer:  func(in []graph.Spec) (graph.Spec, error) { return inferConcat(in, axis) },
		Kernel: joinAlong(axis),
		Alias:  aliasSole,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, _ := axisOf(axis, len(graph.SpecOf(out).Shape))
			begin := make([]int, len(graph.SpecOf(out).Shape))
			grads := make(gorgonia.Nodes, len(in))
			for i, x := range in {
				grads[i] = sliceAt(s, grad, x, window{begin: begin, axis: a, before: in[:i]})
			}
			return grads
		},
	}, xs...)
}

// joinAlong is the kernel of Concat and of Stack, which differ in shape only.
func joinAlong(axis int) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		a, err := axisOf(axis, b.Out.Rank())
		if err != nil {
			return nil, err
		}
		return bySize{concatAs[uint8](a), concatAs[uint32](a), concatAs[uint64](a)}.first(b)
	}
}

// aliasSole shares the memory of an only input.
func aliasSole(in []graph.Spec, out graph.Spec) int {
	if len(in) == 1 {
		return 0
	}
	return -1
}

func inferConcat(in []graph.Spec, axis int) (graph.Spec, error) {
	if len(in) == 0 {
		return graph.Spec{}, errors.New("there is nothing to join; want one tensor or more")
	}
	out := graph.Spec{Dtype: in[0].Dtype, Shape: in[0].Shape.Clone()}
	a, err := axisOf(axis, in[0].Rank())
	if err != nil {
		return out, err
	}
	for i, x := range in[1:] {
		if x.Dtype != out.Dtype {
			return out, errors.Errorf("tensor 0 is %v and tensor %d %v; want one dtype (ops.Cast converts)", in[0], i+1, x)
		}
		if x.Rank() != out.Rank() {
			return out, errors.Errorf("tensor 0 is %v and tensor %d %v; want one rank", in[0], i+1, x)
		}
		for k, d := range x.Shape {
			switch {
			case k == a:
				if d < 0 || out.Shape[k] < 0 {
					out.Shape[k] = graph.Unknown
				} else {
					out.Shape[k] += d
				}
			case out.Shape[k] < 0:
				out.Shape[k] = d
			case d >= 0 && d != out.Shape[k]:
				return out, errors.Errorf("tensor 0 is %v and tensor %d %v; only axis %d may differ", in[0], i+1, x, a)
			}
		}
	}
	return out, nil
}

func concatAs[T any](axis int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		outer := sizeOf(b.Out.Shape[:axis])
		widths := make([]int, len(b.In)) // of a row of each tensor
		for i, x := range b.In {
			widths[i] = sizeOf(x.Shape[axis:])
		}
		width := sizeOf(b.Out.Shape[axis:])
		body := func(c *graph.Call, lo, hi int) {
			out := elements[T](c.Out)
			at := 0
			for i, w := range widths {
				if w == 0 {
					continue
				}
				x := elements[T](c.In[i])
				for r := lo; r < hi; r++ {
					copy(out[r*width+at:], x[r*w:(r+1)*w])
				}
				at += w
			}
		}
		rows := max(1, grain/max(1, width))
		return func(c *graph.Call) error {
			c.Split(outer, rows, body)
			return nil
		}, nil
	}
}
