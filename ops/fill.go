package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Fill is a tensor of the given sizes, each element of which is value: a Go
// number or bool (numbers take dtypes as graph.Const does), or a scalar node.
// No sizes make a scalar.
//
// Any dtype. The sizes must be known; graph.ZerosLike, graph.OnesLike and
// BroadcastLike take them from another tensor. The gradient of a value that is a
// node is the sum of grad.
//
// TF: tf.fill. PyTorch: torch.full. Dtypes: any. Gradient: yes.
func Fill(s *graph.Scope, value interface{}, sizes ...int) *gorgonia.Node {
	v, ok := value.(*gorgonia.Node)
	if !ok {
		v = graph.Const(s, value)
	}
	shape := fixedShape(sizes)
	return graph.Apply(s, graph.OpDef{
		Name:  "Fill",
		Attrs: map[string]interface{}{"shape": append(tensor.Shape{}, sizes...)},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype}
			var err error
			if out.Shape, err = shape(in); err == nil && in[0].Rank() > 0 {
				err = errors.Errorf("the value is %v; want a scalar (ops.BroadcastTo repeats others)", in[0])
			}
			return out, err
		},
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) { return broadcastLayout(b.Out.Shape, b.In[0]) }),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Sum(s, grad))
		},
	}, v)
}

// Zeros is a tensor of zeros (of bool: false) of the given sizes;
// graph.ZerosLike takes them from another tensor.
//
// TF: tf.zeros. PyTorch: torch.zeros. Dtypes: any. Gradient: no.
func Zeros(s *graph.Scope, dtype tensor.Dtype, sizes ...int) *gorgonia.Node {
	if dtype == tensor.Bool {
		return Fill(s, false, sizes...)
	}
	return Fill(s, graph.ConstOf(s, dtype, 0), sizes...)
}

// Ones is a tensor of ones (of bool: true) of the given sizes; graph.OnesLike
// takes them from another tensor.
//
// TF: tf.ones. PyTorch: torch.ones. Dtypes: any. Gradient: no.
func Ones(s *graph.Scope, dtype tensor.Dtype, sizes ...int) *gorgonia.Node {
	if dtype == tensor.Bool {
		return Fill(s, true, sizes...)
	}
	return Fill(s, graph.ConstOf(s, dtype, 1), sizes...)
}
