package graph

// foldLimit is the largest value, in elements, that is computed before the Run
// and kept in the plan.
const foldLimit = 1 << 16

// fold computes the needed ops that depend on constants only, then marks again
// what is left to do.
func (p *planner) fold() error {
	if p.sess.cfg.NoFolding {
		return nil
	}
	folded := false
	for _, v := range p.vertices {
		if !v.needed || v.konst != nil || !p.foldable(v) {
			continue
		}
		in := make([]*Array, len(v.in))
		for i, x := range v.in {
			switch {
			case contains(v.def.ShapeOnly, i):
				in[i] = shapeOnly(x.spec)
			case x.dead:
				in[i] = &Array{dtype: x.spec.Dtype, shape: x.spec.Shape, absent: true}
			default:
				in[i] = x.konst
			}
		}
		out, _, err := evaluate(v.def, v.ni.name, p.g.cfg.Seed, in)
		if err != nil {
			continue // the Run reports it
		}
		v.becomes(out)
		folded = true
	}
	if folded {
		p.mark()
	}
	return nil
}

// becomes gives v a value that is known before the Run. The effects that its
// inputs asked for by control edges are then asked for by v.
func (v *vertex) becomes(value *Array) {
	v.konst = value
	for i, in := range v.in {
		if !in.dead && !contains(v.def.ShapeOnly, i) && (v.sole == nil || v.sole == in) {
			v.after(in.pre)
		}
	}
}

// after adds to what must have run before v.
func (v *vertex) after(pre []*vertex) {
	for _, x := range pre {
		found := false
		for _, have := range v.pre {
			found = found || have == x
		}
		if !found {
			v.pre = append(v.pre, x)
		}
	}
}

func (p *planner) foldable(v *vertex) bool {
	if v.sole != nil {
		if v.sole.konst != nil && !v.maybe {
			v.becomes(v.sole.konst)
		}
		return false
	}
	if v.ni.kind != kindOp || v.fed || v.maybe || v.def.effect() || v.def.NoValue || v.def.Aux != nil || sizeOf(v.spec.Shape) > foldLimit {
		return false
	}
	for i, in := range v.in {
		if in.konst == nil && !in.dead && !contains(v.def.ShapeOnly, i) {
			return false
		}
	}
	return true
}

// shapeOnly is what a kernel sees of an input whose value it does not get.
func shapeOnly(sp Spec) *Array {
	return &Array{dtype: sp.Dtype, shape: sp.Shape, size: sizeOf(sp.Shape)}
}
