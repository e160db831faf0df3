package graph

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Constraint maps a variable's new value to an allowed one, such as ops.MaxNorm.
// Optimizers apply it after their update.
type Constraint func(s *Scope, value *gorgonia.Node) *gorgonia.Node

// VariableConfig configures a Variable. The zero value makes a trainable one of
// the graph's dtype.
type VariableConfig struct {
	Dtype        tensor.Dtype // default: the graph's working dtype
	Initializer  Initializer  // default: Glorot uniform for floats, as TensorFlow's get_variable; zeros otherwise
	NotTrainable bool         // keeps it out of TrainableVariables
	Collections  []string     // further collections
	Constraint   Constraint   // applied after each optimizer update
}

// variable is what the graph knows of a variable beyond its node.
type variable struct {
	initializer Initializer
	trainable   bool
	slotOf      *gorgonia.Node
}

// Variable makes a variable, whose value each Session keeps; in a scope with
// Reuse it finds the existing one. Names are never changed to make them unique:
// a duplicate is an error. A variable ignores After and branches. Its shape has
// known sizes. Trainable variables enter the collections TrainableVariables and
// ModelVariables; all enter GlobalVariables.
func Variable(s *Scope, name string, shape tensor.Shape, cfg VariableConfig) *gorgonia.Node {
	if cfg.Dtype.Type == nil {
		cfg.Dtype = s.g.cfg.Dtype
	}
	sp := Spec{cfg.Dtype, append(tensor.Shape{}, shape...)}
	if err := checkSpec(name, sp); err != nil {
		return s.Fail(nonEmpty(name, "Variable"), nil, sp, err)
	}
	return s.variable(name, sp, cfg)
}

// variable is Variable without the check of the name, which for a slot begins
// with that of a variable: any characters, in an adopted Gorgonia graph.
func (s *Scope) variable(name string, sp Spec, cfg VariableConfig) *gorgonia.Node {
	full := s.varPrefix + name
	if !sp.Known() {
		return s.Fail(name, nil, sp, errors.Errorf("variable %s has shape %s; every size must be known: did an input lack its last axis?", full, formatShape(sp.Shape)))
	}
	if s.reuse {
		return s.reuseVariable(full, sp)
	}
	g := s.g
	g.mu.Lock()
	if other := g.names[full]; other != nil {
		g.mu.Unlock()
		what := "an op"
		if other.kind == kindVariable {
			what = "a variable " + other.spec.String()
		}
		return s.Fail(name, nil, sp, errors.Errorf("the name %s is taken by %s: give each layer its own s.Sub(...), or use s.Reuse() to share it", full, what))
	}
	if cfg.Initializer == nil {
		cfg.Initializer = defaultInitializer{}
	}
	ni := &nodeInfo{kind: kindVariable, name: full, spec: sp, variable: &variable{initializer: cfg.Initializer, trainable: !cfg.NotTrainable}}
	ni.node = g.newInput(full, sp)
	g.register(ni)
	if cfg.Constraint != nil {
		g.constraints[ni.node] = cfg.Constraint
	}
	keys := append([]string{GlobalVariables}, cfg.Collections...)
	if !cfg.NotTrainable {
		keys = append(keys, TrainableVariables, ModelVariables)
	}
	for _, key := range keys {
		g.collect(key, ni.node)
	}
	g.mu.Unlock()
	return ni.node
}

func (s *Scope) reuseVariable(full string, sp Spec) *gorgonia.Node {
	g := s.g
	g.mu.RLock()
	ni := g.names[full]
	names := g.variableNames()
	g.mu.RUnlock()
	switch {
	case ni == nil || ni.kind != kindVariable:
		return s.Fail("Variable", nil, sp, errors.Errorf("there is no variable %s to reuse%s", full, didYouMean(full, names)))
	case ni.spec.Dtype != sp.Dtype || !slices.Equal(ni.spec.Shape, sp.Shape):
		return s.Fail("Variable", nil, sp, errors.Errorf("variable %s is %v; it cannot be reused as %v", full, ni.spec, sp))
	}
	return ni.node
}

// AsVariable promotes a placeholder with a value, as Wrap makes of a Gorgonia
// input, to a trainable variable that starts with that value. Do so before a
// Session runs the graph.
func (g *Graph) AsVariable(n *gorgonia.Node) error {
	ni := g.lookup(n)
	g.mu.Lock()
	defer g.mu.Unlock()
	if ni.kind == kindVariable {
		return nil
	}
	if ni.kind != kindPlaceholder || ni.value == nil {
		return errors.Errorf("%s cannot become a variable: it must be an input with a bound value", ni.name)
	}
	ni.kind = kindVariable
	ni.variable = &variable{initializer: valueOf{ni.value}, trainable: true}
	for _, key := range []string{GlobalVariables, TrainableVariables, ModelVariables} {
		g.collect(key, n)
	}
	return nil
}

// IsVariable tells whether n is a variable of the graph.
func (g *Graph) IsVariable(n *gorgonia.Node) bool {
	return n != nil && n.Graph() == g.expr && g.lookup(n).kind == kindVariable
}

// SetConstraint gives a variable a constraint in place of the one that it has; nil
// takes that away. Optimizers ask for it when they build their step, so a
// variable that a node of the collection TrainOp updates already is a build error.
func (g *Graph) SetConstraint(v *gorgonia.Node, c Constraint) {
	s := g.Scope()
	if err := s.mine(v); err != nil {
		s.Fail("SetConstraint", nil, Spec{Dtype: g.cfg.Dtype}, err)
		return
	}
	if IsBad(v) {
		return
	}
	if !g.IsVariable(v) {
		s.Failf("SetConstraint", gorgonia.Nodes{v}, "%s is not a variable; only variables have a constraint", g.NameOf(v))
		return
	}
	if step := g.trains()[v]; step != nil {
		s.Failf("SetConstraint", gorgonia.Nodes{v}, "%s updates %s without the constraint; set it before Minimize or ApplyGradients",
			g.NameOf(step), g.NameOf(v))
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if c == nil {
		delete(g.constraints, v)
	} else {
		g.constraints[v] = c
	}
}

// ConstraintOf returns the constraint of a variable, or nil.
func (g *Graph) ConstraintOf(v *gorgonia.Node) Constraint {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.constraints[v]
}

// Slot makes a non-trainable variable that an optimizer keeps beside v, of v's
// dtype. It is named after the variable, as "hidden1/kernel/Momentum", whatever
// the scope; where that name is taken it becomes "..._1", and so on: Adam's two
// slots are ".../Adam" and ".../Adam_1", as in TensorFlow's checkpoints. The
// optimizer keeps the node for its later steps.
func Slot(s *Scope, v *gorgonia.Node, name string, shape tensor.Shape, init Initializer) *gorgonia.Node {
	g := s.g
	if err := s.mine(v); err != nil {
		return s.Fail("Slot", nil, Spec{Dtype: g.cfg.Dtype}, err)
	}
	ni := g.lookup(v)
	sp := Spec{ni.spec.Dtype, append(tensor.Shape{}, shape...)}
	if ni.kind == kindBad {
		return s.bad("Slot", sp)
	}
	if ni.kind != kindVariable {
		return s.Fail("Slot", gorgonia.Nodes{v}, sp, errors.Errorf("%s is not a variable; only variables have slots", ni.name))
	}
	if err := checkName(name); err != nil {
		return s.Fail("Slot", gorgonia.Nodes{v}, sp, err)
	}
	g.mu.Lock()
	full := g.unique(ni.name + "/" + name)
	g.mu.Unlock()
	slot := g.Scope().variable(full, sp, VariableConfig{Initializer: init, NotTrainable: true})
	if ni := g.lookup(slot); ni.kind == kindVariable {
		ni.variable.slotOf = v
	}
	return slot
}

// SlotsOf returns the variables that optimizers keep beside v, in order of construction.
func (g *Graph) SlotsOf(v *gorgonia.Node) gorgonia.Nodes {
	return slices.DeleteFunc(g.Variables(), func(n *gorgonia.Node) bool { return v == nil || g.lookup(n).variable.slotOf != v })
}

// IsSlot tells whether an optimizer keeps n beside a variable.
func (g *Graph) IsSlot(n *gorgonia.Node) bool {
	return g.IsVariable(n) && g.lookup(n).variable.slotOf != nil
}

// drawCounter makes the variable that counts Runs with random draws.
func (g *Graph) drawCounter() *gorgonia.Node {
	g.mu.RLock()
	draw := g.draw
	g.mu.RUnlock()
	if draw != nil {
		return draw
	}
	draw = Variable(g.Scope(), "random_draw", nil, VariableConfig{Dtype: tensor.Int64, NotTrainable: true})
	g.mu.Lock()
	defer g.mu.Unlock()
	g.draw = draw
	return draw
}
