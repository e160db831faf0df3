package show

import (
	"sort"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// level is one scope as a diagram: what stands in it, and where its edges come from and lead to.
type level struct {
	diagram
	scope *scope
	parts []*part // one for each box that is no bend
	links []*link // one for each edge
	index map[unit]int
}

// unit is what a level shows as one thing: a node or a scope, inside or outside; or, where both are nil, all that there was no room for.
type unit struct {
	scope *scope
	item  *item
	side  side
}

// side tells the two borders of a scope apart.
type side int

const (
	inside side = iota
	above       // values come from there
	below       // values go there
)

// part is what a box shows.
type part struct {
	unit
	inner *level // an unfolded scope
	more  int    // things that there was no room for
	lines [2]string
}

// link is what an edge shows: values, or only an order.
type link struct {
	values  map[*gorgonia.Node]bool
	control bool
	label   string
}

// lift finds the unit that a node belongs to as scope s sees it: a child of s, or a child of one of the scopes around s.
func (s *scope) lift(it *item) (u unit, within bool) {
	u.item = it
	t := it.scope
	for !t.around(s) {
		u.scope, u.item = t, nil
		t = t.parent
	}
	return u, t == s
}

// around tells whether s is t or lies around it.
func (s *scope) around(t *scope) bool {
	for t.depth > s.depth {
		t = t.parent
	}
	return s == t
}

// Bounds of one level.
const (
	maxParts   = 48
	maxBorders = 8 // places on each border
)

// level makes the diagram of a scope in which scopes are unfolded to a depth. The borders are named where the level stands on its own.
func (st *structure) level(s *scope, depth int, alone bool) *level {
	l := &level{scope: s, index: map[unit]int{}}
	l.children()
	links := map[[2]int]*link{}
	for _, p := range l.parts {
		for _, it := range p.nodes() {
			for _, u := range st.readers[it] {
				l.connect(links, it, u)
			}
		}
	}
	l.incoming(st, links)
	for i, p := range l.parts {
		if p.scope != nil && p.side == inside && depth > 1 {
			p.inner = st.level(p.scope, depth-1, false)
		}
		l.boxes = append(l.boxes, l.box(st, i, alone))
	}
	l.label(st, alone)
	l.layOut()
	return l
}

// children are the parts for what stands in the scope, in the order of construction.
func (l *level) children() {
	var units []unit
	for _, sub := range l.scope.subs {
		units = append(units, unit{scope: sub})
	}
	for _, it := range l.scope.items {
		units = append(units, unit{item: it})
	}
	first := func(u unit) int {
		if u.scope != nil {
			return u.scope.first
		}
		return u.item.order
	}
	sort.SliceStable(units, func(i, j int) bool { return first(units[i]) < first(units[j]) })
	for i, u := range units {
		switch {
		case i < maxParts || len(units) == maxParts+1:
			l.parts = append(l.parts, &part{unit: u})
		case i == maxParts:
			l.parts = append(l.parts, &part{more: len(units) - maxParts})
		}
		l.index[u] = len(l.parts) - 1
	}
}

// nodes are the items within a part.
func (p *part) nodes() (items []*item) {
	switch {
	case p.side != inside:
	case p.item != nil:
		items = append(items, p.item)
	case p.scope != nil:
		p.scope.each(func(it *item) { items = append(items, it) })
	}
	return items
}

// connect enters a use of a node of this scope.
func (l *level) connect(links map[[2]int]*link, it *item, u use) {
	from, _ := l.scope.lift(it)
	to, within := l.scope.lift(u.by)
	if !within {
		if it.training() != u.by.training() && !u.control {
			return // what gradients read of the network, nearly all of it, is one edge in the picture around both
		}
		to.side = below
	}
	l.enter(links, l.at(from), l.at(to), u)
}

// at is the part of a unit, which on a border is made when it is first met.
func (l *level) at(u unit) int {
	if i, ok := l.index[u]; ok {
		return i
	}
	n := 0
	for _, p := range l.parts {
		if p.side == u.side {
			n++
		}
	}
	if n >= maxBorders {
		rest := unit{side: u.side}
		i, ok := l.index[rest]
		if !ok {
			i = len(l.parts)
			l.index[rest] = i
			l.parts = append(l.parts, &part{unit: rest})
		}
		l.parts[i].more++
		l.index[u] = i
		return i
	}
	l.index[u] = len(l.parts)
	l.parts = append(l.parts, &part{unit: u})
	return l.index[u]
}

// enter adds a use to the link between two parts.
func (l *level) enter(links map[[2]int]*link, from, to int, u use) {
	if from == to {
		return
	}
	key := [2]int{from, to}
	k := links[key]
	if k == nil {
		k = &link{values: map[*gorgonia.Node]bool{}, control: true}
		links[key] = k
		l.links = append(l.links, k)
		l.edges = append(l.edges, &edge{from: from, to: to})
	}
	if !u.control {
		k.control = false
		k.values[u.value] = true
	}
}

// incoming enters the uses, in this scope, of what stands outside.
func (l *level) incoming(st *structure, links map[[2]int]*link) {
	if l.scope.parent == nil {
		return
	}
	l.scope.each(func(it *item) {
		for _, u := range it.uses() {
			from := st.at[u.value]
			if from == nil || l.scope.around(from.scope) || from.training() != it.training() && !u.control {
				continue
			}
			outside, _ := l.scope.lift(from)
			outside.side = above
			to, _ := l.scope.lift(it)
			l.enter(links, l.at(outside), l.at(to), u)
		}
	})
}

// label writes on each link the shape of what it carries. That of a variable, placeholder or constant stands in its box, and a node's on one of
// its links; and what crosses the border of an unfolded scope is said outside.
func (l *level) label(st *structure, alone bool) {
	said := map[int]bool{}
	for i, e := range l.edges {
		k := l.links[i]
		if k.control || said[e.from] || !alone && (l.parts[e.from].side != inside || l.parts[e.to].side != inside) {
			continue
		}
		if p := l.parts[e.from]; p.item != nil {
			if p.item.what.Kind != graph.OpNode && p.side == inside {
				continue
			}
			said[e.from] = true
		}
		var only string
		same := true
		for n := range k.values {
			text := specText(graph.SpecOf(n), st.dtype)
			same = same && (only == "" || only == text)
			only = text
		}
		switch {
		case !same:
			k.label = counted(len(k.values), "tensor")
		case len(k.values) > 1:
			k.label = only + "  ×" + grouped(len(k.values))
		default:
			k.label = only
		}
		k.label = fit(k.label, labelSize, 150)
		e.labelW, e.labelH = textWidth(k.label, labelSize)+6, labelSize+3
	}
}
