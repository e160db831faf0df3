package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Reverse turns the order of the elements along the given axes around; negative
// axes count from the last, and none means all.
//
//	y[i] = x[n-1-i]
//
// Any dtype and shape; sizes may be unknown. The gradient is grad, reversed.
//
// TF: tf.reverse. PyTorch: torch.flip. Dtypes: any. Gradient: yes.
func Reverse(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	axes = append([]int(nil), axes...)
	def := strided{
		name:  "Reverse",
		attrs: map[string]interface{}{"axes": axes},
		spans: func(x graph.Spec) ([]span, error) {
			reversed, err := reducedAxes(axes, x.Rank())
			if err != nil {
				return nil, err
			}
			spans := make([]span, x.Rank())
			for a, d := range x.Shape {
				spans[a] = whole(d)
				if reversed[a] {
					spans[a] = span{d - 1, -1, d}
				}
			}
			return spans, nil
		},
	}.def()
	def.Gradient = func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
		return only(Reverse(s, grad, axes...))
	}
	return graph.Apply(s, def, x)
}
