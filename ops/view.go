package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// view gives x another shape with the same elements in row-major order, in the
// same memory; shape is its rule. Operands after x give only their shape. The
// gradient is grad in the shape of x.
func view(s *graph.Scope, name string, attrs map[string]interface{}, shape func(in []graph.Spec) (tensor.Shape, error), x ...*gorgonia.Node) *gorgonia.Node {
	def := graph.OpDef{
		Name:  name,
		Attrs: attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := shape(in)
			return graph.Spec{Dtype: in[0].Dtype, Shape: out}, err
		},
		Kernel: copyFirst,
		Alias:  graph.AliasFirst,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return append(only(ReshapeLike(s, grad, in[0])), make(gorgonia.Nodes, len(in)-1)...)
		},
	}
	for i := 1; i < len(x); i++ {
		def.ShapeOnly = append(def.ShapeOnly, i)
	}
	return graph.Apply(s, def, x...)
}
