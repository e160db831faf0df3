package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Slice is the part of x that begins at begin and has the given sizes, one of
// each for every axis; a size of -1 takes the rest of the axis, which may be
// unknown.
//
// Any dtype. The gradient is grad with zeros around it.
//
// TF: tf.slice. PyTorch: torch.narrow. Dtypes: any. Gradient: yes.
func Slice(s *graph.Scope, x *gorgonia.Node, begin, size []int) *gorgonia.Node {
	begin, size = append([]int(nil), begin...), append([]int(nil), size...)
	return graph.Apply(s, graph.OpDef{
		Name:   "Slice",
		Attrs:  map[string]interface{}{"begin": begin, "size": size},
		Infer:  func(in []graph.Spec) (graph.Spec, error) { return inferSlice(in, begin, size) },
		Alias:  aliasWhenEqualSize,
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) { return sliceLayout(b.Out.Shape, b.In[0].Shape, begin) }),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(padAt(s, grad, in[0], window{begin: begin}))
		},
	}, x)
}

func inferSlice(in []graph.Spec, begin, size []int) (graph.Spec, error) {
	if len(in) != 1 {
		return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
	}
	x := in[0]
	if len(begin) != x.Rank() || len(size) != x.Rank() {
		return x, errors.Errorf("x is %v, begin %v and size %v; want one entry for each axis", x, begin, size)
	}
	out := graph.Spec{Dtype: x.Dtype, Shape: make(tensor.Shape, x.Rank())}
	for a, d := range x.Shape {
		from, n := begin[a], size[a]
		out.Shape[a] = n
		switch {
		case from < 0 || n < -1:
			return x, errors.Errorf("begin %v and size %v: axis %d is negative; want begin >= 0 and size >= 0, or -1 for the rest", begin, size, a)
		case n < 0 && d < 0:
			out.Shape[a] = graph.Unknown
		case n < 0 && from <= d:
			out.Shape[a] = d - from
		case d >= 0 && (from > d || n > d-from): // from+n may overflow
			return x, errors.Errorf("x is %v; begin %v and size %v go beyond axis %d, of size %d", x, begin, size, a, d)
		}
	}
	return out, nil
}

// sliceLayout walks the part of an array of shape x that begins at begin and
// has the shape part.
func sliceLayout(part, x tensor.Shape, begin []int) (*layout, error) {
	strides := rowMajor(x)
	l, err := newLayout(part, strides)
	if err != nil {
		return nil, err
	}
	for a, b := range begin {
		l.base[0] += b * strides[a]
	}
	return l, nil
}
