package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// CustomGradient is forward(xs) with a gradient of one's own: gradient is given
// the inputs, the result y and the gradient dy that reaches it, and returns the
// gradient of each of the xs, nil for none. What forward is made of is not
// differentiated. gradient is called by graph.Gradients, for every call of that
// which comes by, and builds ops, so it may be differentiated again: the second
// order is the derivative of what gradient returns.
//
// xs and y have any shapes and dtypes; a gradient has the dtype and shape of its
// input. What forward takes from elsewhere gets no gradient, so it is an error if
// it depends on a trainable variable.
//
// TF: tf.custom_gradient. PyTorch: torch.autograd.Function. Dtypes: any. Gradient: yes.
func CustomGradient(s *graph.Scope, forward func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node,
	gradient func(s *graph.Scope, xs gorgonia.Nodes, y, dy *gorgonia.Node) gorgonia.Nodes, xs ...*gorgonia.Node) *gorgonia.Node {
	const name = "CustomGradient"
	xs = append(gorgonia.Nodes(nil), xs...)
	if forward == nil || gradient == nil {
		return s.Failf(name, xs, "a function is nil; want forward and gradient")
	}
	for i, x := range xs {
		switch {
		case x == nil:
			return s.Failf(name, nil, "input %d is nil", i)
		case graph.IsBad(x):
			return s.Failf(name, xs, "input %d could not be built", i)
		}
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		y := forward(s, append(gorgonia.Nodes(nil), xs...))
		if y == nil {
			return s.Failf(name, xs, "forward returned nil; want a node")
		}
		if v := variableBeneath(s.Graph(), y, xs); v != nil {
			return s.Failf(name, xs, "forward depends on the variable %s by a way around its inputs, which would get no gradient: give what it takes from elsewhere as an input, or through graph.StopGradient", s.Graph().NameOf(v))
		}
		def := graph.OpDef{
			Name:   name,
			Infer:  graph.SameAs,
			Kernel: copyFirst,
			Alias:  graph.AliasFirst,
			// y alone passes through; the xs are there to receive gradients.
			Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
				grads := gradient(s, append(gorgonia.Nodes(nil), in[1:]...), out, grad)
				if len(grads) != len(in)-1 {
					return gorgonia.Nodes{s.Fail(name, in[1:], graph.SpecOf(in[0]), errors.Errorf(
						"gradient returned %d nodes for %d inputs; want one for each, nil for none", len(grads), len(in)-1))}
				}
				return append(gorgonia.Nodes{nil}, grads...)
			},
		}
		for i := range xs {
			def.ShapeOnly = append(def.ShapeOnly, i+1)
		}
		return graph.Apply(s, def, append(gorgonia.Nodes{y}, xs...)...)
	})
}

// variableBeneath returns a trainable variable on which y depends by a way that
// leads through none of xs, and that gradients would have gone.
func variableBeneath(g *graph.Graph, y *gorgonia.Node, xs gorgonia.Nodes) *gorgonia.Node {
	trainable := map[*gorgonia.Node]bool{}
	for _, v := range g.Collection(graph.TrainableVariables) {
		trainable[v] = true
	}
	seen := map[*gorgonia.Node]bool{}
	for _, x := range xs {
		seen[x] = true
	}
	stack := gorgonia.Nodes{y}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		if trainable[n] {
			return n
		}
		if def, ok := g.OpOf(n); ok && def.NotDifferentiable || !graph.SpecOf(n).IsFloat() {
			continue
		}
		stack = append(stack, g.InputsOf(n)...)
	}
	return nil
}
