package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Stack joins tensors of one shape along a new axis, which goes before the
// given one; -1 puts it last.
//
//	n tensors [a, b], axis 1 -> [a, n, b]
//
// One dtype, any one; sizes may be unknown. The gradient of each tensor is its
// part of grad.
//
// TF: tf.stack. PyTorch: torch.stack. Dtypes: any. Gradient: yes.
func Stack(s *graph.Scope, axis int, xs ...*gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "Stack",
		Attrs:  map[string]interface{}{"axis": axis},
		Infer:  func(in []graph.Spec) (graph.Spec, error) { return inferStack(in, axis) },
		Kernel: joinAlong(axis),
		Alias:  aliasSole,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			grads := make(gorgonia.Nodes, len(in))
			for k := range in {
				grads[k] = pick(s, "Unstack", grad, k, axis)
			}
			return grads
		},
	}, xs...)
}

func inferStack(in []graph.Spec, axis int) (graph.Spec, error) {
	if len(in) == 0 {
		return graph.Spec{}, errors.New("there is nothing to stack; want one tensor or more")
	}
	out := graph.Spec{Dtype: in[0].Dtype, Shape: in[0].Shape.Clone()}
	a, err := axisOf(axis, in[0].Rank()+1)
	if err != nil {
		return out, errors.Wrapf(err, "the tensors are %v, and the result has one axis more", in[0])
	}
	for i, x := range in[1:] {
		if x.Dtype != out.Dtype {
			return out, errors.Errorf("tensor 0 is %v and tensor %d %v; want one dtype (ops.Cast converts)", in[0], i+1, x)
		}
		if !graph.Compatible(x.Shape, out.Shape) {
			return out, errors.Errorf("tensor 0 is %v and tensor %d %v; want one shape (ops.Concat joins along an axis that is there)", in[0], i+1, x)
		}
		for k, d := range x.Shape {
			if out.Shape[k] < 0 {
				out.Shape[k] = d
			}
		}
	}
	out.Shape = joinShapes(out.Shape[:a], []int{len(in)}, out.Shape[a:])
	return out, nil
}
