package graph

import (
	"slices"

	"gorgonia.org/tensor"
)

// Prepares says that the kernel sees the listed inputs only through n elements, which
// prepare computes from what Call.In has of them, and returns the index of these in
// Call.Prepared: weights packed for a product, a root that every row is divided by.
//
// Where all these inputs are constants, or variables that the plan does not write, the
// session keeps the elements from Run to Run and calls prepare again when one of the
// variables has changed; elsewhere prepare is called before every call of the kernel,
// and the elements are working memory. Plans share what is kept, so it must depend on
// nothing but the op, the inputs listed and n: not on the sizes of other inputs, such
// as a batch. An input listed may be neither in OpDef.InPlace nor in OpDef.Optional.
func (b *Binding) Prepares(dtype tensor.Dtype, n int, inputs []int, prepare func(c *Call, prepared *Array)) int {
	b.prepares = append(b.prepares, preparation{spec: Spec{dtype, tensor.Shape{n}}, inputs: inputs, prepare: prepare})
	return len(b.prepares) - 1
}

// preparation is what a kernel works from instead of some inputs.
type preparation struct {
	spec    Spec
	inputs  []int
	prepare func(c *Call, prepared *Array)
	of      preparedBy
}

// preparedBy tells the preparations of a graph apart: the node, which one of its op's
// it is, and the nodes whose work is in it as well.
type preparedBy struct {
	node        *nodeInfo
	index       int
	affine, row *nodeInfo
}

// reads tells whether one of the preparations reads an input.
func (b *Binding) reads(i int) bool {
	return slices.ContainsFunc(b.prepares, func(p preparation) bool { return contains(p.inputs, i) })
}

// prepared returns the kernel preceded by the preparations, of which the session keeps
// those that have a form.
func prepared(kernel Kernel, all []preparation, forms []*form) Kernel {
	return func(c *Call) error {
		for k := range all {
			if forms[k] != nil {
				forms[k].update(c, all[k].prepare)
			} else {
				all[k].prepare(c, c.Prepared[k])
			}
		}
		return kernel(c)
	}
}

// keeps returns where a value comes from, and whether it stays the same until another
// Run, or the session, writes a variable.
func (p *planner) keeps(x *vertex) (origin, bool) {
	switch o, aux := owner(x); {
	case x.dead || aux >= 0:
		return origin{}, false
	case o.konst != nil:
		return origin{konst: o.konst}, true
	case o.fed || o.ni.kind != kindVariable || p.writes(o):
		return origin{}, false
	default:
		return origin{cell: p.sess.cell(o.ni)}, true
	}
}

// writes tells whether an op of the plan writes the variable.
func (p *planner) writes(variable *vertex) bool {
	if p.written == nil {
		p.written = map[*vertex]bool{}
		for _, v := range p.vertices {
			if !v.needed || !v.writesState() {
				continue
			}
			for _, i := range append(append([]int(nil), v.def.Assigns...), v.def.Updates...) {
				p.written[v.in[i]] = true
			}
		}
	}
	return p.written[variable]
}

// form returns the place where the session keeps a preparation of v, nil if it cannot.
// Plans that are in the cache may have it already.
func (p *planner) form(v *vertex, is *preparation) *form {
	from := make([]origin, len(is.inputs))
	for k, i := range is.inputs {
		s, ok := p.keeps(v.in[i])
		if !ok {
			return nil
		}
		from[k] = s
	}
	if p.forms == nil {
		p.forms = map[preparedBy][]*form{}
		for _, plan := range p.sess.plans.all() {
			for _, f := range plan.prog.forms {
				if !slices.Contains(p.forms[f.of], f) {
					p.forms[f.of] = append(p.forms[f.of], f)
				}
			}
		}
	}
	for _, f := range p.forms[is.of] {
		if f.array.dtype == is.spec.Dtype && f.array.size == sizeOf(is.spec.Shape) && slices.Equal(f.from, from) {
			return f
		}
	}
	f := &form{of: is.of, from: from, array: alignedArray(is.spec)}
	p.forms[is.of] = append(p.forms[is.of], f)
	return f
}
