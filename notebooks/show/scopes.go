package show

import (
	"sort"
	"strings"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// scope is a part of a graph whose nodes' names begin alike.
type scope struct {
	name, path string
	parent     *scope
	depth      int
	first      int      // the order of its first node, -1 while there is none
	subs       []*scope // in the order of their first nodes
	items      []*item  // nodes that stand in the scope itself

	ops, variables, parameters int // with those of the scopes within
	named                      map[string]*scope
}

// item is a node where it is shown: an op in the scope of its name, and a variable or constant beside what reads it.
type item struct {
	node      *gorgonia.Node
	what      graph.Description
	scope     *scope
	order     int  // of construction
	writes    bool // it writes variables
	effect    bool // it takes part in an order of effects: pure ops run at any time
	trainable bool // a variable in training
	frozen    bool // a variable that was taken out of training
}

// structure is a graph taken apart.
type structure struct {
	g     *graph.Graph
	dtype tensor.Dtype
	root  *scope
	items []*item // in order of construction
	at    map[*gorgonia.Node]*item

	readers map[*item][]use
}

// maxScopes bounds how deep scopes are told apart: names from files may have any number of slashes.
const maxScopes = 12

// structureOf takes a graph apart, or what the given nodes depend on.
func structureOf(g *graph.Graph, nodes gorgonia.Nodes) *structure {
	st := &structure{g: g, dtype: g.Dtype(), root: &scope{}, at: map[*gorgonia.Node]*item{}, readers: map[*item][]use{}}
	if len(nodes) == 0 {
		nodes = append(g.Variables(), g.Operations()...)
	}
	trainable := map[*gorgonia.Node]bool{}
	for _, v := range g.Trainable() {
		trainable[v] = true
	}
	frozen := map[*gorgonia.Node]bool{}
	for _, v := range g.Frozen() {
		frozen[v] = true
	}
	seen := map[*gorgonia.Node]bool{}
	var extra []*gorgonia.Node // outputs that are shown as part of the op that gives them
	for todo := append(gorgonia.Nodes(nil), nodes...); len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == nil || seen[n] {
			continue
		}
		seen[n] = true
		it := &item{node: n, what: g.Describe(n), trainable: trainable[n], frozen: frozen[n]}
		if def, ok := g.OpOf(n); ok {
			it.writes = len(def.Assigns)+len(def.Updates) > 0
			it.effect = it.writes || len(def.Reads) > 0 || def.Draws || def.Acts || def.NoValue
		}
		if !it.effect {
			it.what.Control = nil
		}
		todo = append(append(todo, it.sources()...), it.what.Control...)
		if it.what.Producer != nil {
			extra = append(extra, n)
			todo = append(todo, it.what.Producer)
			continue
		}
		st.at[n] = it
		st.items = append(st.items, it)
	}
	for _, n := range extra {
		st.at[n] = st.at[g.Describe(n).Producer]
	}
	sort.SliceStable(st.items, func(i, j int) bool { return st.items[i].node.ID() < st.items[j].node.ID() })
	for i, it := range st.items {
		it.order = i
		for _, u := range it.uses() {
			if from := st.at[u.value]; from != nil && from != it {
				st.readers[from] = append(st.readers[from], u)
			}
		}
	}
	for _, it := range st.items {
		st.place(it)
	}
	return st
}

// use is that a node reads a value, or only waits for the node that gives it.
type use struct {
	by      *item
	value   *gorgonia.Node
	control bool
}

// training tells whether an item belongs to what trains the network, not to the network.
func (it *item) training() bool { return it.what.Gradient || it.writes }

// sources are the nodes whose values an item uses.
func (it *item) sources() gorgonia.Nodes {
	in := it.what.Inputs
	for _, b := range it.what.Branches {
		in = append(in[:len(in):len(in)], b.Pred)
	}
	return in
}

// uses are what an item reads, and then what it waits for.
func (it *item) uses() (list []use) {
	for _, n := range it.sources() {
		list = append(list, use{it, n, false})
	}
	for _, n := range it.what.Control {
		list = append(list, use{it, n, true})
	}
	return list
}

// place gives an item its scope.
func (st *structure) place(it *item) {
	path := scopePath(it.what.Name)
	if it.what.Kind == graph.VariableNode || it.what.Kind == graph.ConstNode {
		// Beside what reads it: by the network itself if that does, else by gradients and updates.
		for _, own := range []bool{true, false} {
			var shared []string
			found := false
			for _, u := range st.readers[it] {
				if own && u.by.training() {
					continue
				}
				if reader := scopePath(u.by.what.Name); found {
					shared = commonPath(shared, reader)
				} else {
					shared, found = reader, true
				}
			}
			if found && (len(shared) > 0 || len(path) == 0) {
				path = shared
			}
			if found {
				break
			}
		}
	}
	it.scope = st.root.find(path)
	for s := it.scope; s.parent != nil && s.first < 0; s = s.parent {
		s.first = it.order
	}
	it.scope.items = append(it.scope.items, it)
	for s := it.scope; s != nil; s = s.parent {
		switch {
		case it.what.Kind != graph.VariableNode:
			s.ops++
		default:
			s.variables++
			if it.trainable || it.frozen {
				s.parameters += max(0, it.what.Spec.Shape.TotalSize())
			}
		}
	}
}

// scopePath is what stands before the last slash of a name.
func scopePath(name string) []string {
	parts := strings.Split(name, "/")
	return parts[:min(len(parts)-1, maxScopes)]
}

func commonPath(a, b []string) []string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// find returns the scope of a path beneath s, which it makes where there is none.
func (s *scope) find(path []string) *scope {
	for _, name := range path {
		sub := s.named[name]
		if sub == nil {
			sub = &scope{name: name, path: strings.TrimPrefix(s.path+"/"+name, "/"), parent: s, depth: s.depth + 1, first: -1}
			if s.named == nil {
				s.named = map[string]*scope{}
			}
			s.named[name] = sub
			s.subs = append(s.subs, sub)
		}
		s = sub
	}
	return s
}

// lookup finds the scope of a path, nil where there is none.
func (s *scope) lookup(path string) *scope {
	for _, name := range strings.Split(strings.Trim(path, "/"), "/") {
		if name == "" {
			continue
		}
		if s = s.named[name]; s == nil {
			return nil
		}
	}
	return s
}

// each calls f for all items of s and the scopes within.
func (s *scope) each(f func(it *item)) {
	for _, it := range s.items {
		f(it)
	}
	for _, sub := range s.subs {
		sub.each(f)
	}
}

// size says how much a scope holds.
func (s *scope) size() string {
	parts := []string{}
	if s.ops > 0 {
		parts = append(parts, counted(s.ops, "op"))
	}
	if s.variables > 0 {
		parts = append(parts, counted(s.variables, "variable"))
	}
	if s.parameters > 0 {
		parts = append(parts, counted(s.parameters, "parameter"))
	}
	return strings.Join(parts, ", ")
}

// label is an item's name where it is shown: the last part is enough in the scope of its own name, which for a variable is the end of the
// scope's.
func (it *item) label() string {
	at := strings.LastIndexByte(it.what.Name, '/')
	own := it.what.Name[:max(at, 0)]
	if own == it.scope.path || strings.HasSuffix(it.scope.path, "/"+own) || own == "" {
		return it.what.Name[at+1:]
	}
	if rest, ok := strings.CutPrefix(it.what.Name, it.scope.path+"/"); ok {
		return rest
	}
	return it.what.Name
}
