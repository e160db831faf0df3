package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Identity returns a node equal to x (tf.identity).
func Identity(s *Scope, x *gorgonia.Node) *gorgonia.Node { return Apply(s, identity("Identity"), x) }

func identity(name string) OpDef {
	return OpDef{
		Name:   name,
		Infer:  SameAs,
		Kernel: copyKernel,
		Alias:  AliasFirst,
		Gradient: func(s *Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{grad}
		},
	}
}

// copyKernel copies the first input to the output, whatever their shapes.
func copyKernel(*Binding) (Kernel, error) {
	return func(c *Call) error { c.Out.copyFrom(c.In[0]); return nil }, nil
}

// StopGradient returns a node equal to x through which no gradient flows
// (tf.stop_gradient).
func StopGradient(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	def := identity("StopGradient")
	def.Gradient = nil
	def.NotDifferentiable = true
	return Apply(s, def, x)
}

// Name returns an alias of x under exactly this name, prefixed by the scope:
// unlike an op's own name it is never changed, and a name that is taken is an
// error.
func Name(s *Scope, name string, x *gorgonia.Node) *gorgonia.Node {
	if x != nil && IsBad(x) {
		return s.bad(name, SpecOf(x))
	}
	s.g.mu.RLock()
	_, taken := s.g.names[s.opPrefix+name]
	s.g.mu.RUnlock()
	if err := checkName(name); err != nil {
		return s.Fail("Name", gorgonia.Nodes{x}, SpecOf(x), err)
	}
	if taken {
		return s.Fail(name, gorgonia.Nodes{x}, SpecOf(x), errors.Errorf("the name %s is taken", s.opPrefix+name))
	}
	var control []*gorgonia.Node
	if s.barrier != nil {
		control = []*gorgonia.Node{s.barrier}
	}
	return s.applyAs(name, identity("Identity"), gorgonia.Nodes{x}, control)
}
