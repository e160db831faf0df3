package network

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/plexaura/plexaura/transfer/weights"
)

// Describer is a Model that says what its graph holds before that is built, and whether or not all of it is supported.
type Describer interface {
	Model
	Describe() Summary
	// Nodes lists the nodes in the file's order, those inside of nodes too where Network.Node finds their values.
	Nodes() []Node
}

// Summary is what the graph in a file holds, in the file's own terms.
type Summary struct {
	// Ops are the types of nodes (of layers, where a format has these) with how many there are of each. Graphs inside of
	// nodes, such as branches, functions that the graph calls and models that are layers are counted with the rest.
	Ops             map[string]int
	Inputs, Outputs []Value // in the file's order
}

// Value is an input or output of a graph as the file describes it.
type Value struct {
	Name  string
	DType weights.DType // Invalid where the file does not say
	Shape []int         // -1 for a size that is not known; nil where nothing is said
}

// Nodes returns how many nodes there are.
func (s Summary) Nodes() int {
	n := 0
	for _, count := range s.Ops {
		n += count
	}
	return n
}

// String writes a line for each type of node, the most frequent first, and one for each input and output.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "a graph of %d nodes\n", s.Nodes())
	for _, op := range s.frequent() {
		fmt.Fprintf(&b, "%6d %s\n", s.Ops[op], quoted(op))
	}
	s.values(func(role string, v Value) { fmt.Fprintf(&b, "%s %s\n", role, v) })
	return b.String()
}

// String writes the name, the dtype where it is known, and the shape, with ? for sizes that are not: "image:0 float32[? 224 224 3]".
func (v Value) String() string {
	text := quoted(v.Name)
	if v.DType != weights.Invalid {
		text += " " + v.DType.String()
	}
	if v.Shape == nil {
		return text
	}
	sizes := make([]string, len(v.Shape))
	for i, d := range v.Shape {
		if sizes[i] = fmt.Sprint(d); d < 0 {
			sizes[i] = "?"
		}
	}
	if v.DType == weights.Invalid {
		text += " "
	}
	return text + "[" + strings.Join(sizes, " ") + "]"
}

// SimpleRender shows the summary in a notebook.
func (s Summary) SimpleRender() map[string]interface{} {
	var b strings.Builder
	b.WriteString("<table><tr><th>nodes</th><th>type</th></tr>")
	for _, op := range s.frequent() {
		fmt.Fprintf(&b, "<tr><td>%d</td><td>%s</td></tr>", s.Ops[op], html.EscapeString(quoted(op)))
	}
	s.values(func(role string, v Value) {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td></tr>", role, html.EscapeString(v.String()))
	})
	b.WriteString("</table>")
	return map[string]interface{}{"text/plain": s.String(), "text/html": b.String()}
}

// frequent lists the types, the most frequent first and otherwise by name.
func (s Summary) frequent() []string {
	ops := make([]string, 0, len(s.Ops))
	for op := range s.Ops {
		ops = append(ops, op)
	}
	slices.SortFunc(ops, func(a, b string) int {
		if s.Ops[a] != s.Ops[b] {
			return s.Ops[b] - s.Ops[a]
		}
		return strings.Compare(a, b)
	})
	return ops
}

func (s Summary) values(visit func(role string, v Value)) {
	for _, v := range s.Inputs {
		visit("input", v)
	}
	for _, v := range s.Outputs {
		visit("output", v)
	}
}

// quoted quotes a text of the file where it is empty or holds control characters.
func quoted(s string) string {
	if q := fmt.Sprintf("%q", s); strings.Contains(q, `\`) || s == "" {
		return q
	}
	return s
}
