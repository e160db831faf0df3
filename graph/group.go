package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Group makes a node that runs all the given ones (tf.group). It has no value:
// fetching it gives nil.
func Group(s *Scope, nodes ...*gorgonia.Node) *gorgonia.Node {
	return s.applyAfter("Group", nodes, s.barrier)
}

// noOp is an op without inputs, value or work.
func noOp(name string) OpDef {
	return OpDef{
		Name:    name,
		Infer:   func([]Spec) (Spec, error) { return Spec{tensor.Bool, tensor.Shape{}}, nil },
		Kernel:  func(*Binding) (Kernel, error) { return func(*Call) error { return nil }, nil },
		NoValue: true,
	}
}
