package show

import (
	"fmt"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// GraphConfig configures Graph. The zero value shows the whole graph.
type GraphConfig struct {
	// Nodes limits the picture to what these depend on.
	Nodes gorgonia.Nodes
	// Scope limits it to a scope, such as "dnn/hidden1".
	Scope string
	// Depth is how many levels of scopes are unfolded in the picture: at 1 every scope is one box. The default is what gives a picture of at
	// most 24 boxes, and no more than 3.
	Depth int
	// Width is that of the picture in pixels at most, to which a wider one is scaled down; default 700.
	Width int
}

// Graph shows the structure of a graph from top to bottom: its nodes in the scopes of their names, with the shapes of what flows between them
// ("?" is a size that is not known before a Run) and dashed lines where one only waits for the other, as Scope.After has it. Variables and constants
// stand beside what reads them. In a notebook the scopes that are closed in the picture follow beneath it and unfold at a click; the SVG
// has the picture only, and the text is a tree. Of a scope with very many nodes the first are shown, with the number of the others.
func Graph(g *graph.Graph, cfg GraphConfig) (v *View) {
	defer guarded("a graph", &v)
	if g == nil {
		return plain("no graph")
	}
	st := structureOf(g, cfg.Nodes)
	from := st.root.lookup(cfg.Scope)
	switch {
	case from == nil:
		return plain("no scope %s; there are %s", clean(cfg.Scope), st.root.subNames())
	case len(st.items) == 0:
		return plain("a graph without nodes")
	}
	depth := cfg.Depth
	if depth <= 0 {
		for depth = 3; depth > 1 && from.boxes(depth) > 24; depth-- {
		}
	}
	width := float64(cfg.Width)
	if width <= 0 {
		width = 700
	}
	alone := from.parent != nil
	v = &View{text: st.tree(from), svg: st.level(from, depth, alone).svg(width)}
	title := from.title()
	if err := g.Err(); err != nil {
		v.text += "\nthe graph has an error: " + clean(err.Error())
		title += ". It has an error: " + err.Error()
	}
	u := unfolding{st: st, width: width, left: maxPictures}
	v.html = fmt.Sprintf(`<div><div style="font-size:90%%">%s</div>%s%s</div>`,
		escape(title), embedded("image/svg+xml", title, []byte(v.svg)), u.closed(from, depth))
	return v
}

// title says what a picture or a tree of s shows.
func (s *scope) title() string {
	if s.parent == nil {
		return "graph of " + s.size()
	}
	return clean(s.path) + ": " + s.size()
}

// subNames lists some of the scopes within s.
func (s *scope) subNames() string {
	var names []string
	for i, sub := range s.subs {
		if i == 10 {
			names = append(names, "…")
			break
		}
		names = append(names, clean(sub.path))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// boxes counts what is seen of s when scopes are unfolded to a depth.
func (s *scope) boxes(depth int) int {
	n := min(len(s.items), maxParts)
	for _, sub := range s.subs {
		if n++; depth > 1 {
			n += sub.boxes(depth - 1)
		}
	}
	return n
}

// Bounds of all the pictures beneath a graph.
const (
	maxPictures = 60
	maxDetails  = 1 << 20 // bytes
)

// unfolding writes the scopes that are closed in a picture, each with a picture of its own and the scopes closed in that.
type unfolding struct {
	st    *structure
	width float64
	left  int // pictures that may follow
	bytes int
	full  bool // it was said that there are more
}

// closed writes the scopes that a picture of s shows as one box each.
func (u *unfolding) closed(s *scope, depth int) string {
	var b strings.Builder
	for i, sub := range s.subs {
		if u.full {
			break
		}
		if depth > 1 {
			b.WriteString(u.closed(sub, depth-1))
			continue
		}
		if u.left == 0 || u.bytes > maxDetails {
			u.full = true
			fmt.Fprintf(&b, `<div style="margin-left:1em">… %s; see GraphConfig.Scope</div>`, counted(len(s.subs)-i, "more scope"))
			break
		}
		u.left--
		picture := embedded("image/svg+xml", sub.path, []byte(u.st.level(sub, 1, true).svg(u.width)))
		u.bytes += len(picture)
		fmt.Fprintf(&b, `<details style="margin-left:1em"><summary>%s <span style="opacity:.65">%s</span></summary>%s%s</details>`,
			escape(shortened(sub.path, 120)), escape(sub.size()), picture, u.closed(sub, 1))
	}
	return b.String()
}

// maxLines bounds the tree.
const maxLines = 60

// tree is a graph as text, a line for each node or scope; the deepest scopes stay closed where there would be too many lines.
func (st *structure) tree(from *scope) string {
	depth := maxScopes + 1
	for depth > 1 && from.boxes(depth) > maxLines {
		depth--
	}
	lines := []string{from.title()}
	left := 0
	var add func(s *scope, indent string, depth int)
	add = func(s *scope, indent string, depth int) {
		l := &level{scope: s, index: map[unit]int{}}
		l.children()
		for _, p := range l.parts {
			switch {
			case len(lines) >= maxLines:
				left++
				continue
			case p.scope != nil:
				lines = append(lines, fmt.Sprintf("%s%s/  %s", indent, clean(p.scope.name), p.scope.size()))
				if depth > 1 {
					add(p.scope, indent+"  ", depth-1)
				}
			case p.item != nil:
				lines = append(lines, indent+st.line(p.item))
			default:
				lines = append(lines, fmt.Sprintf("%s… %s more", indent, grouped(p.more)))
			}
		}
	}
	add(from, "  ", depth)
	if left > 0 {
		lines = append(lines, fmt.Sprintf("  … %s more", grouped(left)))
	}
	return strings.Join(lines, "\n")
}

// line is a node in the tree: its name, what it is, of what, and the shape.
func (st *structure) line(it *item) string {
	var b strings.Builder
	b.WriteString(shortened(clean(it.label()), 80))
	switch kind := it.colours(); {
	case it.what.Kind == graph.OpNode:
		b.WriteString("  " + clean(it.what.Op) + "(")
		for i, in := range it.what.Inputs {
			if i > 0 {
				b.WriteString(", ")
			}
			if i == 6 {
				fmt.Fprintf(&b, "… %d more", len(it.what.Inputs)-i)
				break
			}
			name := st.g.NameOf(in)
			if it.scope.path != "" {
				name = strings.TrimPrefix(name, it.scope.path+"/")
			}
			b.WriteString(shortened(clean(name), 40))
		}
		b.WriteString(")")
		if it.writes {
			b.WriteString(" " + kind.name)
		}
	default:
		b.WriteString("  " + kind.name)
	}
	if !st.noValue(it) {
		b.WriteString("  " + it.what.Spec.String())
	}
	if n := len(it.what.Control); n > 0 {
		fmt.Fprintf(&b, "  after %s", counted(n, "node"))
	}
	return b.String()
}
