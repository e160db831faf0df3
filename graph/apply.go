package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Apply makes a node of an op and its inputs, in scope s. It is how every op
// of the library is built, and how a program adds its own. When the shape rule
// fails, or an input is bad, the result is a bad node: see Scope.Fail.
func Apply(s *Scope, def OpDef, inputs ...*gorgonia.Node) *gorgonia.Node {
	var control []*gorgonia.Node
	if s.barrier != nil {
		control = []*gorgonia.Node{s.barrier}
	}
	return s.apply(def, inputs, control)
}

func (s *Scope) apply(def OpDef, inputs gorgonia.Nodes, control []*gorgonia.Node) *gorgonia.Node {
	return s.applyAs(nonEmpty(s.opName, def.Name), def, inputs, control)
}

// applyAs is apply with a name for the node that is not the op's.
func (s *Scope) applyAs(as string, def OpDef, inputs gorgonia.Nodes, control []*gorgonia.Node) *gorgonia.Node {
	inputs = append(gorgonia.Nodes(nil), inputs...)
	out, err := s.check(&def, inputs)
	if err != nil {
		return s.Fail(def.Name, inputs, out, err)
	}
	for _, n := range append(inputs[:len(inputs):len(inputs)], control...) {
		if IsBad(n) {
			return s.bad(def.Name, out)
		}
	}
	if def.Draws {
		s.g.drawCounter()
	}
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, in := range inputs {
		g.adopt(in)
	}
	for _, in := range control {
		g.adopt(in)
	}
	g.serial++
	name := g.unique(s.opPrefix + as)
	o := &op{def: &def, g: g, in: specsOf(inputs), out: out, serial: g.serial, name: name}
	ni := &nodeInfo{kind: kindOp, name: name, spec: out, def: &def, in: inputs, control: control, guard: s.guard, gradient: s.gradient}
	ni.node = g.newNode(o, inputs, out, name)
	g.register(ni)
	return ni.node
}

// newNode adds a node to the Gorgonia graph. The caller holds mu.
func (g *Graph) newNode(o *op, inputs gorgonia.Nodes, out Spec, name string) *gorgonia.Node {
	opts := []gorgonia.NodeConsOpt{
		gorgonia.WithType(typeOf(out)),
		gorgonia.WithOp(o),
		gorgonia.WithChildren(append(gorgonia.Nodes(nil), inputs...)),
		gorgonia.In(g.expr),
		gorgonia.WithName(name),
	}
	if out.Rank() > 0 {
		opts = append(opts, gorgonia.WithShape(out.Shape...))
	}
	return gorgonia.NewUniqueNode(opts...)
}

// check validates an op and its inputs and infers the output. The Spec that
// comes with an error is the intended one, as far as it is known.
func (s *Scope) check(def *OpDef, inputs gorgonia.Nodes) (out Spec, err error) {
	intended := Spec{Dtype: s.g.cfg.Dtype}
	if len(inputs) > 0 && inputs[0] != nil {
		intended = SpecOf(inputs[0])
	}
	if def.Infer == nil || def.Kernel == nil {
		return intended, errors.Errorf("the OpDef needs Infer and Kernel")
	}
	if err := checkName(def.Name); err != nil {
		return intended, err
	}
	for i, n := range inputs {
		if n == nil {
			return intended, errors.Errorf("input %d is nil", i)
		}
		if n.Graph() != s.g.expr {
			return intended, errors.Errorf("input %d, %s, belongs to another graph", i, n.Name())
		}
	}
	for _, list := range [][]int{def.Assigns, def.Updates, def.Reads} {
		for _, i := range list {
			if i < 0 || i >= len(inputs) {
				return intended, errors.Errorf("needs a variable as input %d, but has %d inputs", i, len(inputs))
			}
			if !IsBad(inputs[i]) && s.g.lookup(inputs[i]).kind != kindVariable {
				return intended, errors.Errorf("input %d, %s, must be a variable", i, inputs[i].Name())
			}
		}
	}
	bad := false
	for _, n := range inputs {
		bad = bad || IsBad(n)
	}
	out, err = safeInfer(def, specsOf(inputs))
	if err == nil && (!supported(out.Dtype) || out.Shape == nil && out.Dtype.Type == nil) {
		err = errors.Errorf("the shape rule gave no usable dtype (%s)", dtypeName(out.Dtype))
	}
	for _, list := range [][]int{def.ShapeOnly, def.Optional, def.InPlace} {
		for _, i := range list {
			if err == nil && (i < 0 || i >= len(inputs)) {
				err = errors.Errorf("the OpDef declares something of input %d, but there are %d inputs", i, len(inputs))
			}
		}
	}
	if sizes := checkSizes(out.Shape); sizes != nil {
		if err == nil {
			err = errors.Wrap(sizes, "the output")
		}
		out.Shape = nil
	}
	if err != nil {
		if out.Dtype.Type != nil {
			intended = out
		}
		if bad { // the error follows from the one that made the input bad
			err = nil
		}
		return intended, err
	}
	if out.Shape == nil {
		out.Shape = tensor.Shape{}
	}
	return Spec{out.Dtype, out.Shape.Clone()}, nil
}

func safeInfer(def *OpDef, in []Spec) (out Spec, err error) {
	defer recoverKernel(&err)
	return def.Infer(in)
}

func safeAux(def *OpDef, in []Spec) (aux []Spec, err error) {
	defer recoverKernel(&err)
	return def.Aux(in)
}

// bad returns a node on which later ops do nothing.
func (s *Scope) bad(name string, sp Spec) *gorgonia.Node {
	g := s.g
	if !supported(sp.Dtype) {
		sp.Dtype = g.cfg.Dtype
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.serial++
	def := &OpDef{
		Name:   badOp,
		Infer:  func([]Spec) (Spec, error) { return sp, nil },
		Kernel: func(*Binding) (Kernel, error) { return nil, errors.New("the op could not be built") },
	}
	if checkName(name) != nil {
		name = "invalid"
	}
	name = g.unique(s.opPrefix + name)
	o := &op{def: def, g: g, out: sp, serial: g.serial, name: name}
	ni := &nodeInfo{kind: kindBad, name: name, spec: sp, def: def}
	ni.node = g.newNode(o, nil, sp, name)
	g.register(ni)
	return ni.node
}

// Aux returns extra output k of the op that made n (OpDef.Aux), counted from
// zero. In the Gorgonia graph it hangs on the producer's inputs, from which it
// can be recomputed and differentiated; in a Session it costs nothing.
func Aux(s *Scope, n *gorgonia.Node, k int) *gorgonia.Node {
	if err := s.mine(n); err != nil {
		return s.Fail("Aux", nil, Spec{Dtype: s.g.cfg.Dtype}, err)
	}
	if IsBad(n) {
		return s.bad("Aux", Spec{Dtype: s.g.cfg.Dtype})
	}
	ni := s.g.lookup(n)
	if ni.kind != kindOp || ni.def.Aux == nil {
		return s.Failf("Aux", gorgonia.Nodes{n}, "%s has no extra outputs", ni.name)
	}
	specs, err := safeAux(ni.def, specsOf(ni.in))
	if err != nil {
		return s.Fail("Aux", gorgonia.Nodes{n}, ni.spec, err)
	}
	if k < 0 || k >= len(specs) {
		return s.Failf("Aux", gorgonia.Nodes{n}, "%s has %d extra outputs; there is no number %d", ni.name, len(specs), k)
	}
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	g.serial++
	name := g.unique(s.opPrefix + ni.def.Name + "_aux")
	o := &op{def: ni.def, g: g, in: specsOf(ni.in), out: specs[k], serial: g.serial, name: name, aux: k + 1}
	aux := &nodeInfo{kind: kindAux, name: name, spec: specs[k], def: ni.def, in: ni.in, producer: n, index: k, guard: ni.guard}
	aux.node = g.newNode(o, ni.in, specs[k], name)
	g.register(aux)
	return aux.node
}
