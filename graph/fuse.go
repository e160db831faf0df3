package graph

import "slices"

// fuse makes chains: an op that Finishes takes in the only consumer of its
// value where that is pointwise, and so on. A value that is fetched, or that
// another op reads too, is computed for itself. CheckNumerics looks at every
// value, so with it there are no chains.
func (p *planner) fuse() {
	if p.sess.cfg.NoFusion || p.sess.cfg.CheckNumerics {
		return
	}
	f := fuser{p, map[*vertex]int{}, map[*vertex][]*vertex{}}
	f.count()
	for _, v := range p.vertices {
		if v.needed && v.konst == nil && !v.fed && v.ni.kind == kindOp && v.sole == nil && v.alias == nil {
			f.lengthen(v)
		}
	}
}

type fuser struct {
	*planner
	uses map[*vertex]int       // how often the value is an input
	aux  map[*vertex][]*vertex // the extra outputs that are needed
}

// elsewhere counts as the uses of a value that has to be in memory.
const elsewhere = 1 << 20

func (f *fuser) count() {
	for _, v := range f.vertices {
		if !v.needed || v.konst != nil || v.fed {
			continue
		}
		for _, b := range v.preds {
			f.uses[b.pred] = elsewhere
		}
		switch v.ni.kind {
		case kindAux:
			f.aux[v.in[0]] = append(f.aux[v.in[0]], v)
		case kindNative:
			for _, in := range v.in {
				f.uses[in] = elsewhere
			}
		default:
			v.uses(func(_ int, in *vertex) { f.uses[in]++ })
		}
	}
	for _, v := range f.fetches {
		f.uses[v] = elsewhere
	}
}

// lengthen appends v to the first chain, or op that may begin one, whose value
// it reads.
func (f *fuser) lengthen(v *vertex) {
	d := v.def
	if d.Aux != nil || d.NoValue || d.Draws || d.Acts || len(d.Assigns)+len(d.Reads)+len(d.Optional) > 0 {
		return
	}
	v.uses(func(_ int, in *vertex) {
		if v.chain != nil || in.spec.Dtype != v.spec.Dtype || !slices.Equal(in.spec.Shape, v.spec.Shape) {
			return
		}
		if before, views := f.before(v, in); before != nil {
			f.join(before, v, in, views)
		}
	})
}

// before returns the op that computes in, an input of v, when nothing but v
// needs its value, and the views through which v sees that.
func (f *fuser) before(v, in *vertex) (before *vertex, views []*vertex) {
	uses := 0
	v.uses(func(_ int, x *vertex) {
		if x == in {
			uses++
		}
	})
	for x := in; f.uses[x] == uses; uses = 1 {
		if !x.needed || x.fed || x.konst != nil || x.ni.kind != kindOp || x.def.effect() || x.maybe != v.maybe || !sameBranches(x, v) {
			return nil, nil
		}
		switch {
		case x.sole != nil:
			views, x = append(views, x), x.sole
		case x.alias != nil:
			views, x = append(views, x), x.alias
		default:
			return x, views
		}
	}
	return nil, nil
}

// join puts before and v, which reads its value as in, into one step, where
// that is possible: the step of v.
func (f *fuser) join(before, v, in *vertex, views []*vertex) {
	first, last := f.bound(before), f.bound(v)
	if first.err != nil || last.err != nil || !first.b.finishes || last.b.loop == nil {
		return
	}
	update := v.def.writes()
	if update && !f.mayUpdate(before, v) {
		return
	}
	c := before.chain
	if c == nil {
		c = newChain(before, first)
	}
	if aux := f.aux[c.head]; len(aux) > 0 {
		// What is computed from an extra output comes after this step; what was
		// there before the head does not.
		early := !update
		v.uses(func(_ int, x *vertex) { early = early && (x == in || x.position < c.head.position) })
		if !early {
			return
		}
		for _, x := range aux {
			x.in = []*vertex{v}
			x.after([]*vertex{c.head})
		}
	}
	if update {
		c.adds = len(c.links) == 1 && first.b.accumulates && last.b.factor != nil && v.in[last.b.addend] == in
		c.b.finishes = false
	}
	c.add(v, in, last.b)
	if update && !c.adds {
		c.value = c.b.Scratch(v.spec.Dtype, sizeOf(v.spec.Shape))
	}
	v.chain, v.def, v.in, v.aux = c, c.def, c.in, before.aux
	v.binds = &bound{b: c.b, kernel: c.kernel}
	for _, x := range append(views, before) {
		x.needed = false
		v.after([]*vertex{x}) // for the order of effects, which leads through it
		for _, pred := range x.preds {
			if !holds(v.preds, pred) {
				v.preds = append(v.preds, pred)
			}
		}
	}
}

// mayUpdate tells whether v, an update, may compute the value that before
// computes. That is then as late as the update, so what it reads lives longer,
// and the old value of a variable would have to be copied for it.
func (f *fuser) mayUpdate(before, v *vertex) bool {
	size := func(x *vertex) int { return sizeOf(x.spec.Shape) * int(x.spec.Dtype.Size()) }
	kept, variables := 0, false
	before.uses(func(_ int, x *vertex) {
		o, _ := owner(x)
		variables = variables || stateOf(o) != nil
		if o.konst == nil && !o.fed {
			kept += size(x)
		}
	})
	return !variables && kept <= 4*size(v)
}

// bound is an op with its kernel chosen.
type bound struct {
	b      *Binding
	kernel Kernel
	err    error
}

// bound chooses the kernel of v, once for the plan.
func (p *planner) bound(v *vertex) *bound {
	if v.binds == nil {
		b := &Binding{In: specsOfVertices(v.in), Out: v.spec, Aux: v.aux, Name: v.ni.name, Seed: p.g.cfg.Seed}
		v.binds = &bound{b: b}
		v.binds.kernel, v.binds.err = bindKernel(v.def, b)
	}
	return v.binds
}
