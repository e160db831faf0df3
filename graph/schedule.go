package graph

import (
	"container/heap"

	"github.com/pkg/errors"
)

// ordering is what scheduling knows of a vertex.
type ordering struct {
	waits  int       // predecessors that are not placed yet
	next   []*vertex // whom it holds up
	before []*vertex // what must come before
	order  *vertex   // after this, all effects up to and including it are done
	join   bool      // stands for several effects; does nothing itself
	step   int       // its place in the schedule, -1 if it has none
}

// schedule orders the needed ops: pure ones as they were created, writes of
// variables as late as the order allows. Control edges order effects only, and
// also through pure ops between them.
func (p *planner) schedule() ([]*vertex, error) {
	var all []*vertex
	for _, v := range p.vertices {
		v.step = -1
		all = append(all, p.order(v)...)
	}
	ready := &vertexHeap{early: p.ablate.early, reversed: p.ablate.creationOrder}
	for _, v := range all {
		if v.waits == 0 {
			heap.Push(ready, v)
		}
	}
	var steps []*vertex
	placed := 0
	for ready.Len() > 0 {
		v := heap.Pop(ready).(*vertex)
		placed++
		if v.isStep() {
			v.step = len(steps)
			steps = append(steps, v)
		}
		for _, w := range v.next {
			if w.waits--; w.waits == 0 {
				heap.Push(ready, w)
			}
		}
	}
	if placed != len(all) {
		return nil, errors.New("internal error: the graph has a cycle")
	}
	return steps, p.checkWrites(steps)
}

// isStep tells whether v has a place in the schedule: it computes something, or
// whether it is present has to be found out.
func (v *vertex) isStep() bool {
	if v.join || v.fed || v.konst != nil {
		return false
	}
	return v.maybe || v.computes() || v.ni.kind == kindOp && v.def.effect()
}

// computes tells whether a kernel has to run for v.
func (v *vertex) computes() bool {
	switch {
	case v.join || v.fed || v.konst != nil || v.sole != nil:
		return false
	case v.ni.kind == kindNative:
		return true
	}
	return v.ni.kind == kindOp && v.alias == nil && (!v.def.NoValue || v.def.effect() || len(v.in) > 0)
}

// order links v to its predecessors and works out which effects precede it. It
// returns v and, where several effects meet, a vertex that joins them. The
// order of effects also leads through what does not run: an untaken branch, an
// update that is left out, an op that was merged with its consumer.
func (p *planner) order(v *vertex) []*vertex {
	var out []*vertex
	runs := v.needed && !v.dead
	if runs {
		out = append(out, v)
	}
	after := func(x, pred *vertex) {
		x.before = append(x.before, pred)
		pred.next = append(pred.next, x)
		x.waits++
	}
	var effects []*vertex // that precede v, through data, control or branches
	precede := func(x *vertex) {
		if x.order == nil {
			return
		}
		for _, e := range effects {
			if e == x.order {
				return
			}
		}
		effects = append(effects, x.order)
	}
	for _, x := range v.pre {
		precede(x)
	}
	switch {
	case !runs:
		for _, x := range v.in {
			precede(x)
		}
	case !v.fed && v.konst == nil:
		inputs := v.in
		if v.sole != nil {
			inputs = []*vertex{v.sole}
		}
		for i, x := range inputs {
			if v.sole == nil && v.ni.kind == kindOp && contains(v.def.ShapeOnly, i) || x.dead || !x.needed {
				continue
			}
			after(v, x)
			precede(x)
		}
		for _, b := range v.preds {
			after(v, b.pred)
			precede(b.pred)
		}
	}
	if runs && v.ni.kind == kindOp && v.konst == nil && !v.fed && v.sole == nil && v.def.effect() {
		if !p.ablate.controlOrder {
			for _, e := range effects {
				after(v, e)
			}
		}
		v.order = v
		return out
	}
	switch len(effects) {
	case 0:
	case 1:
		v.order = effects[0]
	default:
		join := &vertex{ni: v.ni}
		join.join, join.step = true, -1
		for _, e := range effects {
			after(join, e)
		}
		v.order = join
		out = append(out, join)
	}
	return out
}

// writesState tells whether v changes a variable.
func (v *vertex) writesState() bool {
	return v.ni.kind == kindOp && !v.join && v.konst == nil && !v.fed && v.sole == nil && v.def.writes()
}

// vertexHeap yields what does not write before what does, and otherwise in
// order of creation.
type vertexHeap struct {
	items    []*vertex
	early    bool
	reversed bool
}

func (h *vertexHeap) Len() int { return len(h.items) }
func (h *vertexHeap) Less(i, j int) bool {
	a, b := h.items[i], h.items[j]
	if wa, wb := a.writesState(), b.writesState(); wa != wb {
		return wb != h.early
	}
	return a.ni.node.ID() < b.ni.node.ID() != h.reversed
}
func (h *vertexHeap) Swap(i, j int)      { h.items[i], h.items[j] = h.items[j], h.items[i] }
func (h *vertexHeap) Push(x interface{}) { h.items = append(h.items, x.(*vertex)) }
func (h *vertexHeap) Pop() interface{} {
	v := h.items[len(h.items)-1]
	h.items = h.items[:len(h.items)-1]
	return v
}

// checkWrites reports an assignment that no order separates from another write
// of the same variable.
func (p *planner) checkWrites(steps []*vertex) error {
	if p.ablate.conflicts {
		return nil
	}
	writes := map[*vertex][]*vertex{}
	var variables []*vertex
	for _, v := range steps {
		if !v.writesState() {
			continue
		}
		for _, i := range append(append([]int(nil), v.def.Assigns...), v.def.Updates...) {
			if len(writes[v.in[i]]) == 0 {
				variables = append(variables, v.in[i])
			}
			writes[v.in[i]] = append(writes[v.in[i]], v)
		}
	}
	for _, variable := range variables {
		list := writes[variable]
		for j, b := range list {
			for _, a := range list[:j] {
				if !assigns(a, variable) && !assigns(b, variable) {
					continue
				}
				if !precedes(a, b) && !precedes(b, a) && !exclusive(a, b) {
					return errors.Errorf("%s and %s both write variable %s and no order is given between them: build the later one in s.After(...) the earlier",
						a.ni.name, b.ni.name, variable.ni.name)
				}
			}
		}
	}
	return nil
}

func assigns(v, variable *vertex) bool {
	for _, i := range v.def.Assigns {
		if v.in[i] == variable {
			return true
		}
	}
	return false
}

// exclusive tells whether a and b stand in opposite branches.
func exclusive(a, b *vertex) bool {
	for _, x := range a.preds {
		for _, y := range b.preds {
			if x.pred == y.pred && x.want != y.want {
				return true
			}
		}
	}
	return false
}

// precedes tells whether a must come before b.
func precedes(a, b *vertex) bool {
	seen := map[*vertex]bool{}
	stack := []*vertex{b}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v == a {
			return true
		}
		if seen[v] {
			continue
		}
		seen[v] = true
		stack = append(stack, v.before...)
	}
	return false
}
