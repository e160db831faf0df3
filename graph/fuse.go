package graph

import "slices"

// fuse merges an op into its only consumer where the op knows how
// (OpDef.Absorb). A fetched op is never merged.
func (p *planner) fuse() {
	if p.sess.cfg.NoFusion {
		return
	}
	uses := map[*vertex]int{}
	for _, v := range p.fetches {
		uses[v] += 2
	}
	for _, v := range p.vertices {
		if !v.needed || v.konst != nil || v.fed {
			continue
		}
		for _, b := range v.preds {
			uses[b.pred] += 2
		}
		if v.sole != nil {
			uses[v.sole] += 2
			continue
		}
		for i, in := range v.in {
			switch {
			case v.ni.kind != kindOp:
				uses[in] += 2
			case !contains(v.def.ShapeOnly, i):
				uses[in]++
			}
		}
	}
	for _, v := range p.vertices {
		if v.needed && v.konst == nil && !v.fed && v.ni.kind == kindOp && v.sole == nil {
			p.absorb(v, uses)
		}
	}
}

// absorb merges into v the first of its inputs that can take it in.
func (p *planner) absorb(v *vertex, uses map[*vertex]int) {
	for i, in := range v.in {
		if in.ni.kind != kindOp || in.def.Absorb == nil || in.konst != nil || in.fed || in.sole != nil || !in.needed ||
			uses[in] != 1 || in.maybe != v.maybe || !sameBranches(in, v) || in.def.effect() || v.def.effect() ||
			v.def.Aux != nil || contains(v.def.Optional, i) || contains(v.def.ShapeOnly, i) {
			continue
		}
		p.now = in
		merged, ok := in.def.Absorb(*v.def, i)
		p.now = nil
		if !ok {
			continue
		}
		inputs := append([]*vertex(nil), in.in...)
		for k, x := range v.in {
			if k != i {
				inputs = append(inputs, x)
			}
		}
		out, err := safeInfer(&merged, specsOfVertices(inputs))
		if err != nil || !slices.Equal(out.Shape, v.spec.Shape) {
			continue
		}
		v.def, v.in = &merged, inputs
		v.pre = append(append([]*vertex(nil), v.pre...), in.pre...)
		in.needed = false
		return
	}
}

// alias finds the ops whose output is an input's memory seen through another
// shape, and that need no work.
func (p *planner) alias() {
	for _, v := range p.vertices {
		if !v.needed || v.konst != nil || v.fed || v.sole != nil || v.ni.kind != kindOp || v.def.Alias == nil ||
			v.def.writes() || v.def.Draws || v.def.Acts || v.def.Aux != nil {
			continue
		}
		p.now = v
		i := v.def.Alias(specsOfVertices(v.in), v.spec)
		p.now = nil
		if i >= 0 && i < len(v.in) && !v.in[i].dead && v.in[i].spec.Dtype == v.spec.Dtype && sizeOf(v.in[i].spec.Shape) == sizeOf(v.spec.Shape) && (len(v.def.Reads) == 0 || contains(v.def.Reads, i)) {
			v.alias = v.in[i]
		}
	}
}
