package graph

import (
	"fmt"
	"strings"

	"gorgonia.org/gorgonia"
)

// Graphviz describes the graph, or the part that the given nodes depend on, in
// the DOT language: a box for a variable, an ellipse for an op, a dashed arrow
// for a control edge; nodes are grouped by scope.
func (g *Graph) Graphviz(nodes ...*gorgonia.Node) string {
	g.current()
	g.mu.RLock()
	defer g.mu.RUnlock()
	infos := g.inOrder(g.now())
	if len(nodes) > 0 {
		infos = g.beneath(nodes)
	}
	var b strings.Builder
	b.WriteString("digraph plexaura {\n  rankdir=BT;\n  node [fontsize=10];\n")
	id := map[*gorgonia.Node]string{}
	for i, ni := range infos {
		id[ni.node] = fmt.Sprintf("n%d", i)
	}
	root := &cluster{}
	for _, ni := range infos {
		root.add(strings.Split(ni.name, "/"), fmt.Sprintf("%s [label=%q, shape=%s];", id[ni.node], label(ni), shapeOf(ni)))
	}
	count := 0
	root.write(&b, "  ", &count)
	for _, ni := range infos {
		in := ni.in
		if ni.kind == kindAux {
			in = gorgonia.Nodes{ni.producer}
		}
		for _, x := range in {
			if id[x] != "" {
				fmt.Fprintf(&b, "  %s -> %s;\n", id[x], id[ni.node])
			}
		}
		for _, x := range ni.control {
			if id[x] != "" {
				fmt.Fprintf(&b, "  %s -> %s [style=dashed];\n", id[x], id[ni.node])
			}
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// beneath returns the given nodes and all they depend on, in order of
// construction. The caller holds mu.
func (g *Graph) beneath(nodes gorgonia.Nodes) []*nodeInfo {
	seen := map[*gorgonia.Node]bool{}
	stack := append(gorgonia.Nodes(nil), nodes...)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if ni := g.now().of(g.info[n]); ni != nil && !seen[n] {
			seen[n] = true
			stack = append(append(stack, ni.in...), ni.control...)
			if ni.producer != nil {
				stack = append(stack, ni.producer)
			}
		}
	}
	var out []*nodeInfo
	for _, ni := range g.inOrder(g.now()) {
		if seen[ni.node] {
			out = append(out, ni)
		}
	}
	return out
}

func label(ni *nodeInfo) string {
	parts := strings.Split(ni.name, "/")
	l := parts[len(parts)-1]
	if op := opName(ni); op != l {
		l += "\n" + op
	}
	return l + "\n" + ni.spec.String()
}

func shapeOf(ni *nodeInfo) string {
	switch ni.kind {
	case kindVariable:
		return "box"
	case kindPlaceholder:
		return "invhouse"
	case kindConst:
		return "plaintext"
	}
	return "ellipse"
}

// cluster is a scope and what stands in it.
type cluster struct {
	name  string
	lines []string
	subs  []*cluster
}

func (c *cluster) add(path []string, line string) {
	if len(path) == 1 {
		c.lines = append(c.lines, line)
		return
	}
	for _, s := range c.subs {
		if s.name == path[0] {
			s.add(path[1:], line)
			return
		}
	}
	s := &cluster{name: path[0]}
	c.subs = append(c.subs, s)
	s.add(path[1:], line)
}

func (c *cluster) write(b *strings.Builder, indent string, count *int) {
	for _, l := range c.lines {
		fmt.Fprintf(b, "%s%s\n", indent, l)
	}
	for _, s := range c.subs {
		fmt.Fprintf(b, "%ssubgraph cluster_%d {\n%s  label=%q;\n", indent, *count, indent, s.name)
		*count++
		s.write(b, indent+"  ", count)
		fmt.Fprintf(b, "%s}\n", indent)
	}
}
