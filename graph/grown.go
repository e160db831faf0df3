package graph

import (
	"maps"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// current returns the revision in force once it takes in what was built since it was made: what reads frozen variables, such as a
// second tower, is frozen like the first. It walks the whole graph where something was built, so what is called in the course of building makes do with now.
func (g *Graph) current() *revision {
	if g.grown.Load() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.extend()
	}
	return g.now()
}

// extend makes a revision that extends the one in force, if there is anything new in it. What stood there when its base was
// made stays as it was then, so that a train op runs under either. The caller holds mu.
func (g *Graph) extend() {
	old := g.now()
	g.grown.Store(false)
	if old == nil || len(g.frozen) == 0 {
		return
	}
	base := old.base
	before := func(n *gorgonia.Node) bool {
		r := g.info[n].revision
		return r == nil || r.base != base
	}
	r := g.follow()
	maps.DeleteFunc(r.records, func(n *gorgonia.Node, _ *nodeInfo) bool { return before(n) })
	maps.DeleteFunc(r.hidden, func(n *gorgonia.Node, _ bool) bool { return before(n) })
	maps.Copy(r.records, base.records)
	maps.Copy(r.hidden, base.hidden)
	if maps.Equal(r.hidden, old.hidden) && maps.EqualFunc(r.records, old.records, (*nodeInfo).readsAs) {
		return
	}
	r.base, r.number, r.network = base, old.number+1, old.network
	g.revised.Store(r)
}

// outdated finds gradients beneath nodes that are of another network than the one in force, so that what is made of them now could not be run.
func (g *Graph) outdated(nodes gorgonia.Nodes) error {
	now := g.current()
	r, bound, err := g.revisionOf(nodes)
	if err != nil {
		return err
	}
	_, made := r.numbers()
	if _, network := now.numbers(); bound && made != network {
		return errors.New("it is made of gradients that are older than the last Freeze, Unfreeze or Reroute, which changed the network; make these anew, and what is made of them")
	}
	return nil
}
