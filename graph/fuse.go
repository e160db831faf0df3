package graph

import "slices"

// fuse makes chains: an op that Finishes takes in the only consumer of its
// value where that is pointwise, and so on; so does one that FinishesAux, with
// the only consumer of an extra output. A value that is fetched, or that another
// op reads too, is computed for itself. CheckNumerics looks at every value, so
// with it there are no chains.
func (p *planner) fuse() {
	if p.sess.cfg.NoFusion || p.sess.cfg.CheckNumerics {
		return
	}
	f := fuser{p, map[*vertex]int{}, map[*vertex][]*vertex{}, map[memoryKey]int{}, map[*vertex]int64{}}
	f.count()
	f.follow()
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
	same map[memoryKey]int     // how many of those are the same one

	// latest is the last op with extra outputs or an effect that a vertex is, or
	// must come after, as a node's ID; those are in order of creation, inputs first.
	latest map[*vertex]int64
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
			f.same[memoryKey{v.in[0], v.ni.index}]++
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

// follow finds latest. It goes the ways on which schedule orders ops.
func (f *fuser) follow() {
	for _, v := range f.vertices {
		latest := int64(-1)
		if len(f.aux[v]) > 0 || v.ni.kind == kindOp && v.def.effect() {
			latest = v.ni.node.ID()
		}
		after := func(x *vertex) { latest = max(latest, f.latest[x]) }
		for _, x := range v.pre {
			after(x)
		}
		if !v.fed && v.konst == nil {
			for i, x := range v.in {
				if !v.needed || v.ni.kind != kindOp || !contains(v.def.ShapeOnly, i) {
					after(x)
				}
			}
			for _, b := range v.preds {
				after(b.pred)
			}
		}
		f.latest[v] = latest
	}
}

// early tells whether an op with extra outputs may wait for the inputs of v, but
// for in: they do not come after it, nor after an effect that was made later, so
// that effects keep their order; and v runs whenever the op does.
func (f *fuser) early(v, in, op *vertex) bool {
	early, id := sameBranches(v, op), op.ni.node.ID()
	v.uses(func(_ int, x *vertex) {
		early = early && (x == in || f.latest[x] < id)
	})
	return early
}

// lengthen appends v to the first chain, or op that may begin one, whose value
// it reads where it may write.
func (f *fuser) lengthen(v *vertex) {
	d := v.def
	if d.Aux != nil || d.NoValue || d.Draws || d.Acts || len(d.Assigns)+len(d.Reads) > 0 {
		return
	}
	for _, i := range d.Optional {
		if v.in[i].dead || v.in[i].maybe {
			return
		}
	}
	over := func(i int) bool { return d.writes() || contains(d.InPlace, i) }
	v.uses(func(i int, in *vertex) {
		if v.chain != nil || v.alias != nil || !over(i) || in.spec.Dtype != v.spec.Dtype || !slices.Equal(in.spec.Shape, v.spec.Shape) {
			return
		}
		all := true // where it enters more than once
		v.uses(func(k int, x *vertex) { all = all && (x != in || over(k)) })
		if !all {
			return
		}
		before, views := f.before(v, in)
		switch {
		case before == nil:
		case before.ni.kind == kindAux:
			f.joinAux(before, v, in)
		default:
			f.join(before, v, in, views)
		}
	})
}

// before returns the op, or the extra output of one, that in is, an input of v,
// when nothing but v needs its value, and the views through which v sees that.
func (f *fuser) before(v, in *vertex) (before *vertex, views []*vertex) {
	uses := 0
	v.uses(func(_ int, x *vertex) {
		if x == in {
			uses++
		}
	})
	for x := in; f.uses[x] == uses; uses = 1 {
		if !x.needed || x.fed || x.konst != nil || x.maybe != v.maybe || !sameBranches(x, v) {
			return nil, nil
		}
		switch {
		case x.ni.kind == kindAux:
			return x, views
		case x.ni.kind != kindOp || x.def.effect():
			return nil, nil
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
	if first.err != nil || last.err != nil || !first.b.finishes || last.b.loop == nil && last.b.affine == nil {
		return
	}
	for i, x := range v.in {
		if x == in && last.b.reads(i) { // before the value is there
			return
		}
	}
	update := v.def.writes()
	if update && !f.mayUpdate(before, v) {
		return
	}
	c := before.chain
	if c == nil {
		c = newChain(before, first)
	}
	absorbs := last.b.affine != nil && f.absorbs(c, v, in, last.b)
	if last.b.loop == nil && !absorbs {
		return
	}
	if aux := f.aux[c.head]; len(aux) > 0 {
		// What is computed from an extra output comes after this step.
		if update || !f.early(v, in, c.head) {
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
	if absorbs {
		c.absorb(v, in, last.b)
	} else {
		c.add(v, in, last.b, mainOutput)
	}
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

// joinAux lets v, which reads an extra output as in, change that in the step that
// computes it: there the value of v lies then.
func (f *fuser) joinAux(aux, v, in *vertex) {
	op, k := aux.in[0], aux.ni.index
	is, last := f.bound(op), f.bound(v)
	if v.def.writes() || op.def.effect() || is.err != nil || last.err != nil || !contains(is.b.finishesAux, k) || last.b.loop == nil {
		return
	}
	c := op.chain
	if c == nil {
		c = newChain(op, is)
	}
	if f.same[memoryKey{c.head, k}] > 1 || !f.early(v, in, c.head) {
		return
	}
	c.add(v, in, last.b, k)
	op.chain, op.def, op.in = c, c.def, c.in
	op.binds = &bound{b: c.b, kernel: c.kernel}
	v.alias = in
}

// mayUpdate tells whether v, an update, may compute the value that before
// computes. That is then as late as the update, so what it reads lives longer,
// and the old value of a variable would have to be copied for it, unless that is the
// one that v updates and it is read element by element. Values that are
// fed count as well, though they live anyhow: the update rounds otherwise than a
// product and an addition, and training on fed activations, such as those of frozen
// layers that were kept, is to give the same bits as computing them.
func (f *fuser) mayUpdate(before, v *vertex) bool {
	size := func(x *vertex) int { return sizeOf(x.spec.Shape) * int(x.spec.Dtype.Size()) }
	kept, variables := 0, false
	before.uses(func(i int, x *vertex) {
		o, _ := owner(x)
		if x == v.in[v.def.Updates[0]] && before.chain != nil && contains(before.chain.beside, i) {
			return
		}
		variables = variables || stateOf(o) != nil
		if o.konst == nil {
			kept += size(x)
		}
	})
	return !variables && kept <= 5*size(v)
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
		for k := range b.prepares {
			b.prepares[k].of = preparedBy{node: v.ni, index: k}
		}
	}
	return v.binds
}
