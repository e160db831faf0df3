package graph

import (
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Scope says where in the graph new ops go: under which names, after which
// effects, in which branch. It is immutable: its methods return new scopes.
type Scope struct {
	g         *Graph
	opPrefix  string // "" or ends in '/'
	varPrefix string // "" or ends in '/'
	barrier   *gorgonia.Node
	guard     *guard
	reuse     bool
	opName    string // of the next ops; "" names them after their kind
	gradient  bool   // Gradients builds
}

// Graph returns the graph that the scope builds.
func (s *Scope) Graph() *Graph { return s.g }

// Path returns the prefix of op names without the trailing slash.
func (s *Scope) Path() string { return strings.TrimSuffix(s.opPrefix, "/") }

// VariablePath returns the prefix of variable names without the trailing slash.
func (s *Scope) VariablePath() string { return strings.TrimSuffix(s.varPrefix, "/") }

// Sub returns a scope that prefixes ops and variables, as tf.variable_scope
// and a layer's name= do. It does not make the name unique.
func (s *Scope) Sub(name string) *Scope {
	t := s.NameScope(name)
	t.varPrefix = s.varPrefix + name + "/"
	return t
}

// NameScope returns a scope that prefixes ops only, as tf.name_scope does.
func (s *Scope) NameScope(name string) *Scope {
	t := *s
	if err := checkName(name); err != nil {
		s.Fail("scope", nil, Spec{Dtype: s.g.cfg.Dtype}, err)
		name = "invalid"
	}
	t.opPrefix = s.opPrefix + name + "/"
	t.opName = ""
	return &t
}

// As returns a scope whose ops are called name instead of after their kind, as the name= of TensorFlow's ops
// has it: graph.Apply(s.As("logits"), def, x). Where it is taken the name becomes "..._1", and so on: Name gives
// an exact one. A scope beneath, from Sub or NameScope, names ops after their kind again.
func (s *Scope) As(name string) *Scope {
	t := *s
	if err := checkName(name); err != nil {
		s.Fail("scope", nil, Spec{Dtype: s.g.cfg.Dtype}, err)
		name = "invalid"
	}
	t.opName = name
	return &t
}

// After returns a scope whose nodes run, as far as they are effects, after the
// given nodes; running any of its nodes runs those too. It is
// tf.control_dependencies: nested calls add up. Creating variables ignores it.
func (s *Scope) After(nodes ...*gorgonia.Node) *Scope {
	t := *s
	if len(nodes) == 0 {
		return &t
	}
	free := *s
	free.barrier, free.opName = nil, ""
	t.barrier = free.applyAfter("After", nodes, s.barrier)
	return &t
}

// applyAfter makes a node that stands for all the given ones.
func (s *Scope) applyAfter(name string, nodes gorgonia.Nodes, barrier *gorgonia.Node) *gorgonia.Node {
	for i, n := range nodes {
		if err := s.mine(n); err != nil {
			return s.Fail(name, nil, Spec{Dtype: tensor.Bool}, errors.Wrapf(err, "node %d", i))
		}
	}
	control := append([]*gorgonia.Node(nil), nodes...)
	if barrier != nil {
		control = append(control, barrier)
	}
	return s.apply(noOp(name), nil, control)
}

// mine checks that n is a node of the scope's graph.
func (s *Scope) mine(n *gorgonia.Node) error {
	switch {
	case n == nil:
		return errors.New("the node is nil")
	case n.Graph() != s.g.expr:
		return errors.Errorf("%s belongs to another graph", n.Name())
	}
	return nil
}

// Reuse returns a scope in which Variable finds existing variables instead of
// making new ones; they must exist with the wanted shape and dtype.
func (s *Scope) Reuse() *Scope {
	t := *s
	t.reuse = true
	return &t
}

// Branch returns a scope whose nodes run only where pred, a scalar bool, has
// the given value. It is what Cond is made of: a value that leaves the branch
// does so through Merge.
func (s *Scope) Branch(pred *gorgonia.Node, taken bool) *Scope {
	t := *s
	if err := s.mine(pred); err != nil {
		s.Fail("Branch", nil, Spec{Dtype: tensor.Bool}, errors.Wrap(err, "the predicate"))
		return &t
	}
	if !IsBad(pred) {
		s.g.lookup(pred) // adopts a native node
		if sp := SpecOf(pred); !isScalarBool(sp) {
			s.Fail("Branch", gorgonia.Nodes{pred}, sp, errors.Errorf("the predicate must be a scalar bool, but it is %v", sp))
			return &t
		}
		t.guard = &guard{pred: pred, want: taken, parent: s.guard}
	}
	return &t
}

// Try adopts the result of a native Gorgonia function: a failure becomes the
// graph's build error, with the scope path.
func (s *Scope) Try(n *gorgonia.Node, err error) *gorgonia.Node {
	if err != nil {
		return s.Fail("native", nil, Spec{Dtype: s.g.cfg.Dtype}, err)
	}
	if n == nil {
		return s.Fail("native", nil, Spec{Dtype: s.g.cfg.Dtype}, errors.New("the function returned no node and no error"))
	}
	if n.Graph() != s.g.expr {
		return s.Fail("native", nil, SpecOf(n), errors.New("the node belongs to another graph"))
	}
	s.adoptNative(n)
	return n
}

// adoptNative registers n, and what it was made of, under this scope.
func (s *Scope) adoptNative(n *gorgonia.Node) {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	s.adoptLocked(n)
}

func (s *Scope) adoptLocked(n *gorgonia.Node) {
	if s.g.info[n] != nil || n.Op() == nil {
		s.g.adopt(n)
		return
	}
	for _, in := range s.g.nativeInputs(n) {
		s.adoptLocked(in)
	}
	ni := s.g.adopt(n)
	if ni.kind != kindNative {
		return
	}
	delete(s.g.names, ni.name)
	ni.name = s.g.unique(s.opPrefix + nativeName(n))
	s.g.names[ni.name] = ni
	ni.guard = s.guard
	if s.barrier != nil {
		ni.control = []*gorgonia.Node{s.barrier}
	}
}

// Fresh forgets every name, variable and collection entry beneath this scope,
// so that a notebook cell that builds it can be run again. The old nodes stay
// in the Gorgonia graph and keep working where they are still held.
func (s *Scope) Fresh() *Scope {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	beneath := func(name, prefix string) bool { return prefix == "" || strings.HasPrefix(name, prefix) }
	kept := s.g.order[:0:0]
	for _, ni := range s.g.order {
		drop := beneath(ni.name, s.opPrefix)
		if ni.kind == kindVariable {
			drop = beneath(ni.name, s.varPrefix) && ni.node != s.g.draw
		}
		if drop {
			s.g.forget(ni)
		} else {
			kept = append(kept, ni)
		}
	}
	s.g.order = kept
	var be *BuildError
	if errors.As(s.g.err, &be) && beneath(be.Path()+"/", s.opPrefix) {
		s.g.err = nil
	}
	return s
}

// forget drops the name of ni and its collection entries; what is known of the
// node itself stays, for graphs that still hold it. The caller holds mu.
func (g *Graph) forget(ni *nodeInfo) {
	delete(g.names, ni.name)
	delete(g.counters, ni.name)
	for key, nodes := range g.collections {
		g.collections[key] = without(nodes, ni.node)
	}
}

// without returns nodes less n; the given slice is left as it is.
func without(nodes gorgonia.Nodes, n *gorgonia.Node) gorgonia.Nodes {
	for i, m := range nodes {
		if m == n {
			return append(append(gorgonia.Nodes(nil), nodes[:i]...), nodes[i+1:]...)
		}
	}
	return nodes
}

// Compose builds a layer out of several ops as one step: with PanicOnError, a
// failure inside takes back all that the step had registered.
func (s *Scope) Compose(build func(s *Scope) *gorgonia.Node) *gorgonia.Node {
	g := s.g
	if g.cfg.OnError != PanicOnError || g.depth > 0 {
		return build(s)
	}
	g.depth++
	mark := len(g.order)
	done := false
	defer func() {
		g.depth--
		if !done {
			g.rollBack(mark)
		}
	}()
	n := build(s)
	done = true
	return n
}

// rollBack forgets all that was registered since order had mark entries.
func (g *Graph) rollBack(mark int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	mark = min(mark, len(g.order)) // Fresh may have shortened it
	for _, ni := range g.order[mark:] {
		g.forget(ni)
		if ni.node == g.draw {
			g.draw = nil
		}
	}
	g.order = g.order[:mark]
}

func isScalarBool(s Spec) bool { return dtypeName(s.Dtype) == "bool" && s.Rank() == 0 }
