package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// rule is the op by which an optimizer changes one variable in a step. Its inputs
// are the variable, the slots, the gradient, what else is read and, last, the node
// of the learning rate, where it is one.
type rule struct {
	op    string                 // the op's name, TensorFlow's where it has the op
	attrs map[string]interface{} // the rule's numbers, beside the learning rate
	slots gorgonia.Nodes         // what changes with the variable, of its dtype and shape
	reads gorgonia.Nodes         // what it reads behind the gradient

	check  func(in []graph.Spec) error // of what it reads; may be nil
	kernel func(b *graph.Binding) (graph.Kernel, error)
}

// updateOp builds the op of one variable.
func (r rule) updateOp(s *graph.Scope, gv GradVar, rate rate) *gorgonia.Node {
	updates := make([]int, 1+len(r.slots))
	for i := range updates {
		updates[i] = i
	}
	inputs := append(gorgonia.Nodes{gv.Var}, r.slots...)
	inputs = append(append(inputs, gv.Grad), r.reads...)
	return graph.Apply(s, graph.OpDef{
		Name:  r.op,
		Attrs: rate.attrs(r.attrs),
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if r.check != nil {
				if err := r.check(in); err != nil {
					return in[0], err
				}
			}
			return inferUpdate(in, len(r.slots))
		},
		Updates:           updates,
		Kernel:            r.kernel,
		NotDifferentiable: true,
	}, rate.inputs(inputs...)...)
}

// loops is the kernel of a rule that goes over the elements of the variable.
func loops(f32, f64 graph.Loop) func(b *graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) { return splitKernel(b, f32, f64) }
}
