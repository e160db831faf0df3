package graph

// undo finds ops that undo another whose value they read, as one transposition does
// another, and gives them that one's input instead: neither needs to be computed for it. So
// channels-first layers behind each other, which compute with the channels last, copy
// nothing between them, nor do their gradients.
func (p *planner) undo() {
	found := false
	for _, v := range p.vertices {
		if !v.plain() || v.def.Undoes == nil || !v.in[0].plain() || !v.def.Undoes(v.in[0].def) {
			continue
		}
		u := v.in[0]
		v.after(u.pre) // for the order of effects, which leads through it
		v.in, v.def = u.in, &undone
		found = true
	}
	if found {
		p.mark()
	}
}

// undone is what an op is that undoes its input: that one's input.
var undone = identity("Identity")

// plain tells whether v is computed from one input, whenever that is there, and does nothing else.
func (v *vertex) plain() bool {
	return v.needed && v.ni.kind == kindOp && v.konst == nil && !v.fed && v.sole == nil && len(v.in) == 1 &&
		!v.in[0].dead && v.maybe == v.in[0].maybe && sameBranches(v, v.in[0]) &&
		!v.def.effect() && v.def.Aux == nil && len(v.def.Reads) == 0 && len(v.def.ShapeOnly) == 0
}
