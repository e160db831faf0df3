package graph

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// A node never changes, and yet a network that is built may be frozen (Freeze) or
// rerouted (Reroute). A revision is what holds since the last of these: second
// records of the nodes that read something else than they were built with. It is
// immutable, so plans read it without a lock; a train op, and what Gradients made,
// keep the revision that they were built under, whose network they differentiate.
//
// What is built afterwards on frozen variables is frozen as well: by a revision that
// extends the one before (grown.go).
type revision struct {
	records map[*gorgonia.Node]*nodeInfo
	hidden  map[*gorgonia.Node]bool // frozen variables, and the updates of frozen layers

	base    *revision // what Freeze, Unfreeze or Reroute made last: itself, or the one that this extends
	number  int       // grows from revision to revision
	network int       // the number of the first revision with these records, apart from what was built since
}

// now returns the revision in force; nil where nothing was ever changed.
func (g *Graph) now() *revision { return g.revised.Load() }

// of returns the record of a node under the revision.
func (r *revision) of(ni *nodeInfo) *nodeInfo {
	if r != nil && ni != nil {
		if other := r.records[ni.node]; other != nil {
			return other
		}
	}
	return ni
}

// hides tells whether a collection leaves n out: TrainableVariables what is frozen, UpdateOps what
// moves the statistics of frozen layers.
func (r *revision) hides(key string, n *gorgonia.Node) bool {
	return r != nil && (key == TrainableVariables || key == UpdateOps) && r.hidden[n]
}

// revise makes a new revision of what has been rerouted and frozen. The caller holds mu.
func (g *Graph) revise() {
	old := g.now()
	if old == nil {
		old = &revision{}
	}
	r := g.follow()
	r.base, r.number, r.network = r, old.number+1, old.network
	if !maps.EqualFunc(r.records, old.records, (*nodeInfo).readsAs) {
		r.network = r.number
	}
	g.grown.Store(false)
	g.revised.Store(r)
}

// follow returns what follows from all that has been rerouted and frozen. The caller holds mu.
func (g *Graph) follow() *revision {
	r := &revision{records: map[*gorgonia.Node]*nodeInfo{}, hidden: map[*gorgonia.Node]bool{}}
	for _, change := range g.routes {
		for _, n := range change.in {
			r.reroute(g.info[n], change.from, change.to)
		}
	}
	for _, v := range g.collections[GlobalVariables] {
		if g.frozen[v] {
			r.hidden[v] = true
		}
	}
	if len(r.hidden) > 0 {
		g.freezeLayers(r)
	}
	return r
}

// readsAs tells whether two records of a node read the same.
func (ni *nodeInfo) readsAs(other *nodeInfo) bool {
	a, b := ni.guard, other.guard
	for a != nil && b != nil && a.pred == b.pred && a.want == b.want {
		a, b = a.parent, b.parent
	}
	return a == nil && b == nil && slices.Equal(ni.in, other.in)
}

// reroute makes a node read to in place of from, as an input and as the predicate of a branch.
func (r *revision) reroute(ni *nodeInfo, from, to *gorgonia.Node) {
	changed := *r.of(ni)
	changed.in = slices.Clone(changed.in)
	for i, in := range changed.in {
		if in == from && !ni.writes(i) {
			changed.in[i] = to
		}
	}
	changed.guard = changed.guard.with(from, to)
	r.records[ni.node] = &changed
}

// writes tells whether the op writes its input i, a variable.
func (ni *nodeInfo) writes(i int) bool {
	return ni.kind == kindOp && (slices.Contains(ni.def.Assigns, i) || slices.Contains(ni.def.Updates, i))
}

// with returns the branch with another predicate in place of one.
func (g *guard) with(from, to *gorgonia.Node) *guard {
	if g == nil {
		return nil
	}
	h := guard{pred: g.pred, want: g.want, parent: g.parent.with(from, to)}
	if h.pred == from {
		h.pred = to
	}
	return &h
}

// numbers returns the number of a revision and that of its network; 0 where nothing was ever changed.
func (r *revision) numbers() (number, network int) {
	if r == nil {
		return 0, 0
	}
	return r.number, r.network
}

// revisionOf returns the revision by which a plan of the fetches goes: that of the train ops and gradients among them and
// beneath them, however they are used there; otherwise the one in force, which bound says is not. These must be of one network,
// which they differentiate.
func (g *Graph) revisionOf(fetches []*gorgonia.Node) (r *revision, bound bool, err error) {
	now := g.now()
	if now == nil {
		return nil, false, nil
	}
	var by *nodeInfo // the youngest
	seen := map[*gorgonia.Node]bool{}
	stack := slices.Clone(fetches)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		ni := g.lookup(n)
		if ni.gradient || ni.kind == kindOp && ni.def.NoValue && g.has(TrainOp, n) {
			if by == nil {
				by = ni
			}
			number, network := ni.revision.numbers()
			youngest, want := by.revision.numbers()
			if network != want {
				return nil, true, errors.Errorf("%s and %s cannot be run at once: between them the graph was frozen, unfrozen or rerouted; "+
					"make the gradients, and what is made of them, anew after that", by.name, ni.name)
			}
			if number > youngest {
				by = ni
			}
		}
		stack = append(append(stack, ni.reading()...), ni.control...)
	}
	if by == nil {
		return now, false, nil
	}
	if _, network := by.revision.numbers(); network == now.network {
		return now, true, nil
	}
	return by.revision, true, nil
}

// has tells whether a collection holds n.
func (g *Graph) has(key string, n *gorgonia.Node) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return slices.Contains(g.collections[key], n)
}

// inOrder returns the records of a revision in order of construction, but for inputs, which
// come before what reads them. The caller holds mu.
func (g *Graph) inOrder(r *revision) []*nodeInfo {
	if r == nil || len(r.records) == 0 {
		return g.order
	}
	order := make([]*nodeInfo, 0, len(g.order))
	seen := map[*gorgonia.Node]bool{}
	known := map[*gorgonia.Node]bool{}
	for _, ni := range g.order {
		known[ni.node] = true
	}
	var visit func(ni *nodeInfo)
	visit = func(ni *nodeInfo) {
		if ni == nil || seen[ni.node] || !known[ni.node] {
			return
		}
		seen[ni.node] = true
		ni = r.of(ni)
		for _, in := range ni.reading() {
			visit(g.info[in])
		}
		for b := ni.guard; b != nil; b = b.parent {
			visit(g.info[b.pred])
		}
		order = append(order, ni)
	}
	for _, ni := range g.order {
		visit(ni)
	}
	return order
}
