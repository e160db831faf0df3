package graph

import (
	"slices"
	"strings"

	"gorgonia.org/gorgonia"
)

// freezeLayers adds to a revision what follows from the variables that it hides: the layers that are
// frozen read a constant in place of their training flag, and their updates are hidden as well. Freeze says which they
// are. The caller holds mu.
func (g *Graph) freezeLayers(r *revision) {
	f := &freezing{g: g, r: r, order: g.forward(r)}
	f.follow()
	for _, l := range f.layers() {
		if !f.frozen(l) {
			continue
		}
		if c := g.info[l.flag]; c.kind != kindConst || c.value.Bools()[0] == l.training {
			for _, ni := range l.nodes {
				r.reroute(g.info[ni.node], l.flag, g.pin(!l.training))
			}
		}
		for _, u := range l.updates {
			r.hidden[u.node] = true
		}
	}
	for _, u := range g.collections[UpdateOps] {
		if g.movesFrozen(u) {
			r.hidden[u] = true
			f.choose(g.info[u])
		}
	}
}

// choose makes what chooses between the batch's statistic and a frozen one by a flag, without branches, take the latter: TensorFlow 1.2 builds
// batch norm so, of a Select whose inputs are, as Merge's, the flag and the values for true and false. u is what moves the statistic.
func (f *freezing) choose(u *nodeInfo) {
	for _, i := range slices.Concat(u.def.Assigns, u.def.Updates) {
		same := gorgonia.Nodes{u.in[i]} // and its aliases
		for k := 0; k < len(same); k++ {
			for _, ni := range f.readers[same[k]] {
				switch in := ni.in; {
				case len(in) == 1 && ni.kind == kindOp && (ni.def.Alias != nil || len(ni.def.Reads) > 0):
					same = append(same, ni.node)
				case len(in) == 3 && isScalarBool(SpecOf(in[0])) && (in[1] == same[k]) != (in[2] == same[k]) && f.g.info[in[0]].kind != kindConst:
					f.r.reroute(f.g.info[ni.node], in[0], f.g.pin(in[1] == same[k]))
				}
			}
		}
	}
}

// movesFrozen tells whether an update op, or one that it groups, writes a frozen variable.
func (g *Graph) movesFrozen(u *gorgonia.Node) bool {
	ni := g.info[u]
	switch {
	case ni == nil || ni.kind != kindOp:
		return false
	case ni.def.NoValue:
		return slices.ContainsFunc(ni.control, g.movesFrozen)
	}
	return slices.ContainsFunc(slices.Concat(ni.def.Assigns, ni.def.Updates), func(i int) bool { return g.frozen[ni.in[i]] })
}

// forward returns the records of the nodes that no gradient made, inputs first.
func (g *Graph) forward(r *revision) []*nodeInfo {
	return slices.DeleteFunc(slices.Clone(g.inOrder(r)), func(ni *nodeInfo) bool { return ni.gradient })
}

// freezing finds the layers that are frozen with their variables.
type freezing struct {
	g     *Graph
	r     *revision
	order []*nodeInfo

	readers map[*gorgonia.Node][]*nodeInfo
	trained map[*gorgonia.Node]bool // is or depends on a variable that is trained
	below   map[*gorgonia.Node]bool // a frozen variable is read above it, and nothing trained beneath that
	scopes  struct{ frozen, trained map[string]bool }
}

// flagged is a layer with a training flag.
type flagged struct {
	flag     *gorgonia.Node
	training bool // what the flag is in training
	nodes    []*nodeInfo
	updates  []*nodeInfo // of its statistics
}

// follow goes through the network, up and down.
func (f *freezing) follow() {
	f.trained, f.below = map[*gorgonia.Node]bool{}, map[*gorgonia.Node]bool{}
	f.scopes.frozen, f.scopes.trained = map[string]bool{}, map[string]bool{}
	for _, v := range f.g.collections[TrainableVariables] {
		f.trained[v] = !f.g.frozen[v]
	}
	f.readers = map[*gorgonia.Node][]*nodeInfo{}
	for _, ni := range f.order {
		for _, in := range ni.reading() {
			f.readers[in] = append(f.readers[in], ni)
		}
	}
	reads := map[*gorgonia.Node]bool{} // a frozen variable
	rests := map[*gorgonia.Node]bool{} // on a frozen variable
	for v := range f.r.hidden {
		rests[v] = true
	}
	for _, ni := range f.order {
		for _, in := range ni.reading() {
			f.trained[ni.node] = f.trained[ni.node] || f.trained[in]
			if x := f.g.info[in]; x == nil || x.kind != kindVariable {
				continue
			}
			if f.g.frozen[in] {
				reads[ni.node] = true
				f.scopes.frozen[scopeOf(ni)] = true
			} else if f.trained[in] {
				f.scopes.trained[scopeOf(ni)] = true
			}
		}
	}
	for _, ni := range f.order { // what Freeze was given counts while all beneath it is frozen
		for _, in := range ni.reading() {
			rests[ni.node] = rests[ni.node] || rests[in]
		}
		f.below[ni.node] = f.g.frozen[ni.node] && rests[ni.node] && !f.trained[ni.node]
	}
	for _, ni := range slices.Backward(f.order) {
		if f.below[ni.node] || reads[ni.node] && !f.trained[ni.node] {
			for _, in := range ni.reading() {
				f.below[in] = true
			}
		}
	}
}

// reading returns what the value of a node is computed from.
func (ni *nodeInfo) reading() gorgonia.Nodes {
	if ni.kind == kindAux {
		return gorgonia.Nodes{ni.producer}
	}
	return ni.in
}

// scopeOf returns the scope in which a node stands; "" for the root.
func scopeOf(ni *nodeInfo) string { return ni.name[:max(0, strings.LastIndexByte(ni.name, '/'))] }

// layers finds the layers with a training flag: what hangs together, within the branches of a flag, with an op that
// updates statistics or draws, up to what reads the flag to choose between the branches.
func (f *freezing) layers() []*flagged {
	updates := map[*gorgonia.Node]bool{}
	for _, u := range f.g.collections[UpdateOps] {
		updates[u] = true
	}
	records := map[*gorgonia.Node]*nodeInfo{}
	for _, ni := range f.order {
		records[ni.node] = ni
	}
	var out []*flagged
	taken := map[*gorgonia.Node]bool{}
	for _, seed := range f.order {
		if seed.guard == nil || taken[seed.node] || !updates[seed.node] && !(seed.kind == kindOp && seed.def.Draws) {
			continue
		}
		l := &flagged{flag: seed.guard.pred, training: seed.guard.want}
		stack := []*nodeInfo{seed}
		add := func(ni *nodeInfo) {
			if ni != nil && !taken[ni.node] && ni.reads(l.flag) {
				taken[ni.node] = true
				stack = append(stack, ni)
			}
		}
		taken[seed.node] = true
		for len(stack) > 0 {
			ni := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			l.nodes = append(l.nodes, ni)
			if updates[ni.node] {
				l.updates = append(l.updates, ni)
				for _, i := range slices.Concat(ni.def.Assigns, ni.def.Updates) {
					for _, reader := range f.readers[ni.in[i]] { // what chooses a statistic may stand apart from what moves it
						add(reader)
					}
				}
			}
			if ni.guard.decidedBy(l.flag) { // otherwise it brings a value out: the next layer is another
				for _, reader := range f.readers[ni.node] {
					add(reader)
				}
			}
			for _, in := range ni.reading() {
				if x := records[in]; x != nil && x.guard.decidedBy(l.flag) {
					add(x)
				}
			}
		}
		out = append(out, l)
	}
	return out
}

// frozen tells whether a layer is.
func (f *freezing) frozen(l *flagged) bool {
	for _, u := range l.updates {
		if f.g.movesFrozen(u.node) {
			return true
		}
	}
	frozen := false
	for _, ni := range l.nodes {
		for _, in := range ni.in {
			if x := f.g.info[in]; x != nil && x.kind == kindVariable && f.trained[in] {
				return false
			}
			frozen = frozen || f.g.frozen[in]
		}
	}
	if frozen {
		return true
	}
	within, scoped := true, true
	for _, ni := range l.nodes {
		within = within && !f.trained[ni.node]
		scoped = scoped && f.inFrozenScope(scopeOf(ni))
	}
	return scoped || within && slices.ContainsFunc(l.nodes, func(ni *nodeInfo) bool { return f.below[ni.node] })
}

// inFrozenScope tells whether a scope is that of a frozen layer, or lies in one, in which nothing is trained.
func (f *freezing) inFrozenScope(scope string) bool {
	for ; scope != ""; scope = scope[:max(0, strings.LastIndexByte(scope, '/'))] {
		if f.scopes.frozen[scope] {
			for trained := range f.scopes.trained {
				if trained == scope || strings.HasPrefix(trained, scope+"/") {
					return false
				}
			}
			return true
		}
	}
	return false
}
