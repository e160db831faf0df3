package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Pad puts elements of one value around x: paddings[a] says how many before and
// how many behind along axis a, with one entry for each axis.
//
//	x [n], paddings {{p, q}} -> [p+n+q]
//
// Any dtype, which must hold the value exactly (of bool, 0 is false); sizes
// may be unknown. The gradient is grad without the padding.
//
// TF: tf.pad. PyTorch: torch.nn.functional.pad. Dtypes: any. Gradient: yes.
func Pad(s *graph.Scope, x *gorgonia.Node, paddings [][2]int, value float64) *gorgonia.Node {
	paddings = append([][2]int(nil), paddings...)
	begin := make([]int, len(paddings))
	for a, p := range paddings {
		begin[a] = p[0]
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "Pad",
		Attrs: map[string]interface{}{"paddings": paddings, "value": value},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := inferPad(in, paddings)
			if err == nil {
				err = holdsValue(in[0].Dtype, value)
			}
			return out, err
		},
		Kernel: byDtype{
			f32: padWith(float32(value), begin), f64: padWith(value, begin),
			i: padWith(int(value), begin), i32: padWith(int32(value), begin), i64: padWith(int64(value), begin),
			u8: padWith(uint8(value), begin), bool: padWith(value != 0, begin),
		}.first,
		Alias: aliasWhenEqualSize,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(SliceLike(s, grad, in[0], begin...))
		},
	}, x)
}

func inferPad(in []graph.Spec, paddings [][2]int) (graph.Spec, error) {
	if len(in) != 1 {
		return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
	}
	x := in[0]
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape.Clone()}
	if len(paddings) != x.Rank() {
		return out, errors.Errorf("x is %v and the paddings are %v; want one pair for each axis", x, paddings)
	}
	for a, p := range paddings {
		if p[0] < 0 || p[1] < 0 {
			return out, errors.Errorf("the paddings %v of axis %d are negative; want 0 or more (ops.Slice takes away)", p, a)
		}
		if x.Shape[a] >= 0 {
			out.Shape[a] += p[0] + p[1]
		}
	}
	return out, nil
}

// holdsValue tells whether a number is one of a dtype; to float32 it may be
// rounded.
func holdsValue(dtype tensor.Dtype, value float64) error {
	ok := true
	switch dtype {
	case tensor.Bool:
		ok = value == 0 || value == 1
	case tensor.Uint8:
		ok = value == float64(uint8(max(0, min(value, 255))))
	case tensor.Int32:
		ok = value == float64(int32(max(-1<<31, min(value, 1<<31-1))))
	case tensor.Int, tensor.Int64:
		ok = value >= -1<<53 && value <= 1<<53 && value == float64(int64(value))
	}
	if !ok {
		return errors.Errorf("the value %v is none that %v holds", value, dtype)
	}
	return nil
}

// padWith puts the first input into an output full of value.
func padWith[T any](value T, begin []int) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := sliceLayout(b.In[0].Shape, b.Out.Shape, begin)
		if err != nil {
			return nil, err
		}
		fill := func(c *graph.Call, lo, hi int) {
			out := elements[T](c.Out)[lo:hi]
			for i := range out {
				out[i] = value
			}
		}
		put := pushRows[T](l)
		rows := l.rowGrain()
		return func(c *graph.Call) error {
			c.Split(c.Out.Size(), grain, fill)
			c.Split(l.rows, rows, put)
			return nil
		}, nil
	}
}
