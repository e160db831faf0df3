package graph

// A variable's memory belongs to the session and is written in place, so a
// value that lives there lasts only until the next write. Three kinds of value
// do: the variable's own node (its value when the Run began), a Read, and the
// result of a write. Whoever uses such a value after the next write gets a copy
// that is taken right before that write.

// state is what the plan knows of the variables' values.
type state struct {
	writes map[*vertex][]int   // a variable's writes: their steps, ascending
	copies map[*vertex]*vertex // a value in a variable's memory, and its copy
	before map[int][]*vertex   // the copies to be taken before a step
}

// stateOf returns the variable in whose memory the value of v, an owner, lives.
func stateOf(v *vertex) *vertex {
	switch {
	case v.fed || v.konst != nil:
		return nil
	case v.ni.kind == kindVariable:
		return v
	case v.ni.kind != kindOp:
		return nil
	case len(v.def.Assigns) > 0:
		return v.in[v.def.Assigns[0]]
	case len(v.def.Updates) > 0:
		return v.in[v.def.Updates[0]]
	case len(v.def.Reads) > 0 && v.alias != nil:
		return v.alias
	}
	return nil
}

// owner returns the vertex in whose memory the value of v lies, and for an
// extra output which one it is (-1 for the main output).
func owner(v *vertex) (*vertex, int) {
	for {
		switch {
		case v.fed || v.konst != nil:
			return v, -1
		case v.sole != nil:
			v = v.sole
		case v.ni.kind == kindAux:
			return v.in[0], v.ni.index
		case v.alias != nil && len(v.def.Reads) == 0:
			v = v.alias
		default:
			return v, -1
		}
	}
}

// uses calls f for every input of v whose value it reads, with the input's
// index.
func (v *vertex) uses(f func(i int, in *vertex)) {
	switch {
	case v.join || v.fed || v.konst != nil:
	case v.sole != nil:
		f(0, v.sole)
	default:
		for i, in := range v.in {
			if in.dead || v.ni.kind == kindOp && (contains(v.def.ShapeOnly, i) || v.touches(i)) {
				continue
			}
			f(i, in)
		}
	}
}

// touches tells whether input i is the memory of a variable, not a value.
func (v *vertex) touches(i int) bool {
	return contains(v.def.Assigns, i) || contains(v.def.Updates, i) || contains(v.def.Reads, i)
}

// versions finds the values that need a copy.
func (p *planner) versions(steps []*vertex) *state {
	st := &state{writes: map[*vertex][]int{}, copies: map[*vertex]*vertex{}, before: map[int][]*vertex{}}
	for k, v := range steps {
		if v.writesState() {
			for _, i := range append(append([]int(nil), v.def.Assigns...), v.def.Updates...) {
				if w := st.writes[v.in[i]]; len(w) == 0 || w[len(w)-1] != k {
					st.writes[v.in[i]] = append(st.writes[v.in[i]], k)
				}
			}
		}
	}
	if p.ablate.versions {
		return st
	}
	check := func(v *vertex, at int) {
		o, aux := owner(v)
		if aux >= 0 || st.copies[o] != nil {
			return
		}
		if next, ok := st.nextWrite(o); ok && at >= next {
			c := &vertex{ni: o.ni, spec: o.spec, needed: true, settled: true}
			st.copies[o] = c
			st.before[next] = append(st.before[next], o)
		}
	}
	for k, v := range steps {
		v.uses(func(i int, in *vertex) {
			at := k
			if v.chain != nil && contains(v.chain.beside, i) {
				at-- // the step's own write comes after it
			}
			check(in, at)
		})
		for _, b := range v.preds {
			check(b.pred, k)
		}
	}
	for _, v := range p.fetches {
		if v.needed {
			check(v, len(steps))
		}
	}
	return st
}

// nextWrite returns the step that overwrites the value of o, an owner.
func (st *state) nextWrite(o *vertex) (int, bool) {
	variable := stateOf(o)
	if variable == nil {
		return 0, false
	}
	made := -1
	if o != variable {
		made = o.step
	}
	for _, w := range st.writes[variable] {
		if w > made {
			return w, true
		}
	}
	return 0, false
}

// late tells whether a use of o at a step has to read the copy.
func (st *state) late(o *vertex, at int) bool {
	next, ok := st.nextWrite(o)
	return ok && at >= next && st.copies[o] != nil
}
