package show

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// neighbourhood draws a node between what it reads and what reads it, "" where it stands alone.
func neighbourhood(g *graph.Graph, n *gorgonia.Node) string {
	st := structureOf(g, append(append(g.Variables(), g.Operations()...), n))
	it := st.at[n]
	if it == nil {
		return ""
	}
	l := &level{scope: it.scope, index: map[unit]int{}, parts: []*part{{unit: unit{item: it}}}}
	l.index[l.parts[0].unit] = 0
	links := map[[2]int]*link{}
	for _, u := range it.uses() {
		if from := st.at[u.value]; from != nil && from != it {
			l.enter(links, l.at(unit{item: from, side: above}), 0, u)
		}
	}
	for _, u := range st.readers[it] {
		l.enter(links, 0, l.at(unit{item: u.by, side: below}), u)
	}
	if len(l.parts) == 1 {
		return ""
	}
	for i := range l.parts {
		l.boxes = append(l.boxes, l.box(st, i, true))
	}
	l.label(st, true)
	l.layOut()
	return l.svg(700)
}
