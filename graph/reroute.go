package graph

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// route says that some nodes read another node than they were built with.
type route struct {
	from, to *gorgonia.Node
	in       gorgonia.Nodes
}

// Reroute changes a network that is built: what reads from reads to in its place, be it as an
// input or as the predicate of a branch. Only the nodes in are changed, where some are given;
// otherwise all that stand there already, apart from to and what it is computed from. So a layer is
// tweaked in place, by its activation,
//
//	g.Reroute(relu, ops.ELU(s, g.InputsOf(relu)[0], 1))
//
// or something is put between two layers: g.Reroute(hidden, ops.Dropout(s, hidden, 0.5, training)).
//
// to has the dtype of from and, where from's sizes are known, its shape. from stays in the graph: it is
// computed where it is fetched, and where nothing that is fetched reads it, it is not. Train ops,
// gradients, and what is made of gradients, that were built before keep to the network that they were built for. In the Gorgonia
// graph beneath nothing changes, so Gorgonia's own machines run the old network. Of a variable, what writes it goes on writing it.
//
// That nothing reads from, that one of in does not, that one is a Read and to no variable, and that to would depend on itself, are build
// errors; and so is a node to in a branch (Scope.Branch) in which neither from stands nor all that is to read it: bring its value out with Merge.
//
// tf.contrib.graph_editor.reroute_ts.
func (g *Graph) Reroute(from, to *gorgonia.Node, in ...*gorgonia.Node) {
	s := g.Scope()
	for _, n := range append(gorgonia.Nodes{from, to}, in...) {
		if err := s.mine(n); err != nil {
			s.Fail("Reroute", nil, Spec{Dtype: g.cfg.Dtype}, err)
			return
		}
		if IsBad(n) {
			return
		}
		g.lookup(n)
	}
	a, b := SpecOf(from), SpecOf(to)
	if a.Dtype != b.Dtype || !b.fits(a) {
		s.Failf("Reroute", gorgonia.Nodes{from, to}, "%s is %v; want %v, which what reads %s was built for", g.NameOf(to), b, a, g.NameOf(from))
		return
	}
	change, err := g.routeOf(from, to, in)
	if err != nil {
		s.Fail("Reroute", gorgonia.Nodes{from, to}, a, err)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.routes = append(g.routes, change)
	g.revise()
}

// fits tells whether a value of s may stand where one of want is read: the sizes that were known are the same.
func (s Spec) fits(want Spec) bool {
	return slices.EqualFunc(s.Shape, want.Shape, func(have, want int) bool { return have == want || want == Unknown })
}

// routeOf finds what is to be changed, and checks what is given.
func (g *Graph) routeOf(from, to *gorgonia.Node, in gorgonia.Nodes) (route, error) {
	g.current()
	beneath := g.ancestors(gorgonia.Nodes{to})
	g.mu.RLock()
	defer g.mu.RUnlock()
	var readers gorgonia.Nodes
	r := g.now()
	for _, ni := range g.order {
		if r.of(ni).reads(from) {
			readers = append(readers, ni.node)
		}
	}
	if len(readers) == 0 {
		return route{}, errors.Errorf("nothing reads %s", g.info[from].name)
	}
	if len(in) == 0 {
		readers = slices.DeleteFunc(readers, func(n *gorgonia.Node) bool { return beneath[n] })
		if len(readers) == 0 {
			return route{}, errors.Errorf("nothing but %s reads %s", g.info[to].name, g.info[from].name)
		}
		in = readers
	}
	branch := r.of(g.info[to]).guard
	for _, n := range in {
		switch {
		case !slices.Contains(readers, n):
			return route{}, errors.Errorf("%s does not read %s", g.info[n].name, g.info[from].name)
		case beneath[n]:
			return route{}, errors.Errorf("%s is computed from %s, which therefore cannot read it", g.info[to].name, g.info[n].name)
		case g.info[to].kind != kindVariable && r.of(g.info[n]).readsCurrent(from):
			return route{}, errors.Errorf("%s reads what the variable %s holds at its time; want a variable in its place, or reroute %[1]s itself",
				g.info[n].name, g.info[from].name)
		case !r.of(g.info[n]).guard.within(branch) && !r.of(g.info[from]).guard.within(branch):
			return route{}, errors.Errorf("%s stands in a branch, where %s is %v, and %s does not; build it outside, or bring its value out with Merge",
				g.info[to].name, g.info[branch.pred].name, branch.want, g.info[n].name)
		}
	}
	return route{from, to, slices.Clone(in)}, nil
}

// reads tells whether n is an input of the node, or decides on a branch that it stands in.
func (ni *nodeInfo) reads(n *gorgonia.Node) bool {
	for i, in := range ni.in {
		if in == n && !ni.writes(i) {
			return true
		}
	}
	return ni.guard.decidedBy(n)
}

// readsCurrent tells whether n is a variable of which the node wants the current value.
func (ni *nodeInfo) readsCurrent(n *gorgonia.Node) bool {
	return ni.kind == kindOp && slices.ContainsFunc(ni.def.Reads, func(i int) bool { return ni.in[i] == n })
}

// decidedBy tells whether n is the predicate of the branch or of one around it.
func (g *guard) decidedBy(n *gorgonia.Node) bool {
	for ; g != nil; g = g.parent {
		if g.pred == n {
			return true
		}
	}
	return false
}
