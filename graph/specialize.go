package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// settle infers the shapes of all that is needed, for the shapes that were
// fed.
func (p *planner) settle() error {
	for _, v := range p.vertices {
		if !v.needed {
			continue
		}
		if err := p.infer(v); err != nil {
			return err
		}
		if !v.spec.Known() {
			return &RunError{Node: v.ni.name, Op: opName(v.ni), Cause: errors.Errorf(
				"the shape %s is not known even with the feeds: %s", formatShape(v.spec.Shape), p.culprit(v))}
		}
	}
	return nil
}

// infer settles v and, as far as its shape depends on them, its inputs.
func (p *planner) infer(v *vertex) (err error) {
	if v.settled {
		return nil
	}
	v.settled = true // also ends a walk through a node that has no value
	if v.sole != nil {
		err = p.infer(v.sole)
		v.spec = v.sole.spec
		return err
	}
	in := make([]Spec, len(v.in))
	known := true
	for i, x := range v.in {
		if !x.dead {
			if err := p.infer(x); err != nil {
				return err
			}
		}
		in[i] = x.spec
		known = known && x.spec.Known()
	}
	switch v.ni.kind {
	case kindOp:
		return p.inferOp(v, in)
	case kindAux:
		if k := v.ni.index; k < len(v.in[0].aux) {
			v.spec = v.in[0].aux[k]
			return nil
		}
		return p.inferAuxOfFed(v)
	case kindNative:
		if !v.spec.Known() && known {
			return p.tryNative(v)
		}
	}
	return nil
}

func (p *planner) inferOp(v *vertex, in []Spec) error {
	out, err := safeInfer(v.def, in)
	if err == nil && v.def.Aux != nil {
		v.aux, err = safeAux(v.def, in)
	}
	for _, sp := range append([]Spec{out}, v.aux...) {
		if err == nil {
			err = errors.Wrap(checkSizes(sp.Shape), "an output")
		}
	}
	if err != nil {
		return &RunError{Node: v.ni.name, Op: v.def.Name, Cause: errors.Wrapf(err, "with inputs %s", formatSpecs(in))}
	}
	if out.Dtype != v.ni.spec.Dtype || out.Rank() != v.ni.spec.Rank() {
		return &RunError{Node: v.ni.name, Op: v.def.Name, Cause: errors.Errorf(
			"the shape rule gives %v for inputs %s, but gave %v when the node was built", out, formatSpecs(in), v.ni.spec)}
	}
	if out.Shape == nil {
		out.Shape = tensor.Shape{}
	}
	v.spec = Spec{out.Dtype, out.Shape.Clone()}
	return nil
}

// inferAuxOfFed reports an extra output that cannot be had because the op's
// main output was fed.
func (p *planner) inferAuxOfFed(v *vertex) error {
	return &RunError{Node: v.ni.name, Op: opName(v.ni), Cause: errors.Errorf(
		"%s was fed, so this further output of it is not computed", v.in[0].ni.name)}
}

// tryNative learns the shape of a Gorgonia op with sizes that were not known
// when it was built: Gorgonia bakes them into its shape rules, but its kernels
// take what comes, so the op is run once on ones.
func (p *planner) tryNative(v *vertex) error {
	out, err := runNative(v.ni, p.trial(v))
	if err != nil {
		return &RunError{Node: v.ni.name, Op: opName(v.ni), Cause: errors.Wrapf(err, "Gorgonia's op fails on %s", formatSpecs(specsOfVertices(v.in)))}
	}
	v.spec = Spec{out.dtype, out.shape}
	return nil
}

// trial makes inputs of the right shapes for a native op: ones, but for the
// scalars that native ops compute, which may be the sizes of an axis.
func (p *planner) trial(v *vertex) []*Array {
	in := make([]*Array, len(v.in))
	for i, x := range v.in {
		if x.ni.kind == kindNative && x.spec.Rank() == 0 && !x.fed {
			if out, err := runNative(x.ni, p.trial(x)); err == nil {
				in[i] = out
				continue
			}
		}
		in[i] = newArray(x.spec)
		if x.konst != nil {
			in[i].copyFrom(x.konst)
		} else if x.spec.IsFloat() {
			fillArray(in[i], 1)
		}
	}
	return in
}

// culprit says which placeholder leaves a size unknown.
func (p *planner) culprit(v *vertex) string {
	seen := map[*vertex]bool{}
	stack := []*vertex{v}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[x] {
			continue
		}
		seen[x] = true
		if x.ni.kind == kindPlaceholder && !x.fed && !x.spec.Known() {
			return "feed " + x.ni.name
		}
		stack = append(stack, x.in...)
	}
	return "an op on the way gives an unknown size for known ones"
}

func specsOfVertices(vs []*vertex) []Spec {
	specs := make([]Spec, len(vs))
	for i, v := range vs {
		specs[i] = v.spec
	}
	return specs
}

func formatSpecs(specs []Spec) string {
	s := ""
	for i, sp := range specs {
		if i > 0 {
			s += ", "
		}
		s += sp.String()
	}
	return "(" + s + ")"
}
