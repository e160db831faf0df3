package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Shape is the shape of x as a node: int64 [rank]. Index takes the size of one
// axis from it.
//
// x has any dtype and is not computed for it. It is a number to reckon with:
// shapes are settled before the Run, so no op takes its own shape from a value.
// For that there are ReshapeLike, BroadcastLike, SliceLike and RangeLike, which
// take the other tensor.
//
// TF: tf.shape. PyTorch: Tensor.shape. Dtypes: any. Gradient: no.
func Shape(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return fromShape(s, "Shape", x,
		func(x graph.Spec) tensor.Shape { return tensor.Shape{x.Rank()} },
		func(out []int64, x tensor.Shape) {
			for a, d := range x {
				out[a] = int64(d)
			}
		})
}

// Size is the number of elements of x as a node: an int64 scalar.
//
// x has any dtype and is not computed for it.
//
// TF: tf.size. PyTorch: torch.numel. Dtypes: any. Gradient: no.
func Size(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return fromShape(s, "Size", x,
		func(graph.Spec) tensor.Shape { return tensor.Shape{} },
		func(out []int64, x tensor.Shape) { out[0] = int64(sizeOf(x)) })
}

// fromShape computes integers from the shape of x.
func fromShape(s *graph.Scope, name string, x *gorgonia.Node, shape func(x graph.Spec) tensor.Shape, fill func(out []int64, x tensor.Shape)) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: name,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 1 {
				return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
			}
			return graph.Spec{Dtype: tensor.Int64, Shape: shape(in[0])}, nil
		},
		ShapeOnly: []int{0},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			x := b.In[0].Shape
			return func(c *graph.Call) error {
				fill(elements[int64](c.Out), x)
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, x)
}
