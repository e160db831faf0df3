package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// SliceLike is the part of x that begins at begin, one entry for each axis, and
// has the shape of like. Only the shape of like is used; when it is that of x
// the result is x itself.
//
// Any dtype. The gradient is grad with zeros around it.
//
// TF: tf.slice. PyTorch: torch.narrow. Dtypes: any. Gradient: yes.
func SliceLike(s *graph.Scope, x, like *gorgonia.Node, begin ...int) *gorgonia.Node {
	return sliceAt(s, x, like, window{begin: append([]int(nil), begin...)})
}

// PadLike puts x into zeros of the shape of like, beginning at begin, one entry
// for each axis. Only the shape of like is used. It is the gradient of
// SliceLike; its own is the part of grad where x was put.
//
// TF: tf.pad. PyTorch: torch.nn.functional.pad. Dtypes: any. Gradient: yes.
func PadLike(s *graph.Scope, x, like *gorgonia.Node, begin ...int) *gorgonia.Node {
	return padAt(s, x, like, window{begin: append([]int(nil), begin...)})
}

// window says where a part of a tensor lies: at begin and, along axis, behind
// the tensors before, of which only the shape is used.
type window struct {
	begin  []int
	axis   int
	before gorgonia.Nodes
}

// inputs returns x and what only gives its shape: like and the tensors before.
func (w window) inputs(x, like *gorgonia.Node) gorgonia.Nodes {
	return append(gorgonia.Nodes{x, like}, w.before...)
}

// shapeOnly lists the inputs after the first.
func (w window) shapeOnly() []int {
	list := make([]int, 1+len(w.before))
	for i := range list {
		list[i] = i + 1
	}
	return list
}

// at returns where the part begins for known shapes.
func (w window) at(in []graph.Spec) []int {
	begin := append([]int(nil), w.begin...)
	for _, sp := range in[2:] {
		begin[w.axis] += sp.Shape[w.axis]
	}
	return begin
}

// check tells whether a part fits into the whole, as far as sizes are known.
func (w window) check(in []graph.Spec, part, whole tensor.Shape) error {
	if len(part) != len(whole) || len(w.begin) != len(whole) {
		return errors.Errorf("the part has shape %v, the whole %v and begin is %v; want one rank", part, whole, w.begin)
	}
	begin := append([]int(nil), w.begin...)
	for _, sp := range in[2:] {
		begin[w.axis] += max(0, sp.Shape[w.axis])
	}
	for a, d := range whole {
		if begin[a] < 0 || d >= 0 && begin[a]+max(0, part[a]) > d {
			return errors.Errorf("a part of shape %v at %v goes beyond axis %d of the whole, of shape %v", part, begin, a, whole)
		}
	}
	return nil
}

// sliceAt takes the part of x that w describes and that has the shape of like.
func sliceAt(s *graph.Scope, x, like *gorgonia.Node, w window) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "SliceLike",
		Attrs: map[string]interface{}{"begin": w.begin},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}
			return out, w.check(in, in[1].Shape, in[0].Shape)
		},
		ShapeOnly: w.shapeOnly(),
		Alias:     aliasWhenEqualSize,
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) {
			return sliceLayout(b.Out.Shape, b.In[0].Shape, w.at(b.In))
		}),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return append(only(padAt(s, grad, in[0], w)), make(gorgonia.Nodes, len(in)-1)...)
		},
	}, w.inputs(x, like)...)
}

// padAt puts x where w describes into zeros of the shape of like.
func padAt(s *graph.Scope, x, like *gorgonia.Node, w window) *gorgonia.Node {
	plan := func(b *graph.Binding) (*layout, error) {
		return sliceLayout(b.In[0].Shape, b.Out.Shape, w.at(b.In))
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "PadLike",
		Attrs: map[string]interface{}{"begin": w.begin},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}
			return out, w.check(in, in[0].Shape, in[1].Shape)
		},
		ShapeOnly: w.shapeOnly(),
		Alias:     aliasWhenEqualSize,
		Kernel:    bySize{pushAs[uint8](plan), pushAs[uint32](plan), pushAs[uint64](plan)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return append(only(sliceAt(s, grad, in[0], w)), make(gorgonia.Nodes, len(in)-1)...)
		},
	}, w.inputs(x, like)...)
}
