package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// PreventGradient is x, of any shape and dtype, and an error of graph.Gradients that gives the message when x is a float on the way from a cost to
// what it is differentiated by: for values whose gradient would be wrong, or is not to be had. graph.StopGradient takes it for zero instead.
//
// TF: tf.raw_ops.PreventGradient. PyTorch: none. Dtypes: any. Gradient: no.
func PreventGradient(s *graph.Scope, x *gorgonia.Node, message string) *gorgonia.Node {
	const name = "PreventGradient"
	return graph.Apply(s, graph.OpDef{
		Name:   name,
		Attrs:  map[string]interface{}{"message": message},
		Infer:  graph.SameAs,
		Kernel: copyFirst,
		Alias:  graph.AliasFirst,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{s.Failf(name, in, "the gradient of %s is explicitly disabled: %s", s.Graph().NameOf(out), message)}
		},
	}, x)
}
