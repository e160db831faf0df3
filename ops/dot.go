package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Dot is the inner product of two vectors of one size:
//
//	y = sum over i of a[i] * b[i]
//	[n], [n] -> []
//
// float32 or float64; n may be unknown. Of long vectors, parts of fixed length
// are added up, so the bits do not depend on the number of workers. No elements
// give 0. The gradients are grad*b and grad*a. TensorDot and Einsum contract
// other axes.
//
// TF: tf.tensordot. PyTorch: torch.dot. Dtypes: float. Gradient: yes.
func Dot(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "Dot",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: tensor.Shape{}}
			if in[0].Rank() != 1 || in[1].Rank() != 1 {
				return out, errors.Errorf("the operands are %v and %v; want two vectors (ops.TensorDot takes others)", in[0], in[1])
			}
			_, err := sameTwo(in)
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, dot[float32](b), dot[float64](b))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{Mul(s, in[1], grad), Mul(s, in[0], grad)}
		},
	}, a, b)
}

func dot[T float](b *graph.Binding) graph.Kernel {
	n := b.In[0].Shape[0]
	if n <= reduceGrain {
		return func(c *graph.Call) error {
			elements[T](c.Out)[0] = kernel.Dot(elements[T](c.In[0]), elements[T](c.In[1]))
			return nil
		}
	}
	parts := b.Scratch(b.Out.Dtype, (n-1)/reduceGrain+1)
	body := func(c *graph.Call, lo, hi int) {
		elements[T](c.Scratch[parts])[lo/reduceGrain] = kernel.Dot(elements[T](c.In[0])[lo:hi], elements[T](c.In[1])[lo:hi])
	}
	return func(c *graph.Call) error {
		c.Split(n, reduceGrain, body)
		elements[T](c.Out)[0] = kernel.Sum(elements[T](c.Scratch[parts]))
		return nil
	}
}
