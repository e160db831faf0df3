package show

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Bounds of what is said of one node.
const (
	maxNames = 6
	maxNodes = 60
)

// Node shows a node: its name, op, dtype and shape ("?" is a size that is not known before a Run), what it reads and what reads it, what it waits
// for, in which branch it stands, what its gradient is, and of a variable how it begins and whether it is trained.
func Node(n *gorgonia.Node) (v *View) {
	defer guarded("a node", &v)
	if n == nil {
		return plain("no node")
	}
	g := graph.Of(n)
	if g == nil {
		return plain("%s: a node of Gorgonia in no graph.Graph, %s", clean(n.Name()), graph.SpecOf(n))
	}
	rows := nodeRows(g, n)
	var texts []string
	for _, row := range rows {
		texts = append(texts, strings.Join(row, "  "))
	}
	v = &View{text: rows[0][1] + "\n  " + strings.Join(texts[1:], "\n  "), html: plainTable(rows, 2), svg: neighbourhood(g, n)}
	if v.svg != "" {
		v.html = "<div>" + v.html + embedded("image/svg+xml", "its neighbours", []byte(v.svg)) + "</div>"
	}
	return v
}

// nodeRows are what is known of a node, by name.
func nodeRows(g *graph.Graph, n *gorgonia.Node) (rows [][]string) {
	d := g.Describe(n)
	add := func(name, format string, args ...interface{}) {
		rows = append(rows, []string{name, clean(fmt.Sprintf(format, args...))})
	}
	add("name", "%s", shortened(clean(d.Name), 200))
	what := map[graph.Kind]string{
		graph.PlaceholderNode: "placeholder", graph.ConstNode: "constant", graph.VariableNode: "variable", graph.BadNode: "failed op",
	}[d.Kind]
	switch {
	case d.Kind == graph.OpNode:
		add("op", "%s", d.Op)
	case d.Kind == graph.ExtraOutputNode:
		add("output", "%d of %s", d.Output, g.NameOf(d.Producer))
	case d.HasDefault:
		add("kind", "%s, %s where it is not fed", what, valueText(g, n))
	case d.Kind == graph.ConstNode:
		add("kind", "%s %s", what, valueText(g, n))
	default:
		add("kind", "%s", what)
	}
	if def, ok := g.OpOf(n); !ok || !def.NoValue {
		add("value", "%s", d.Spec)
	}
	if d.Kind == graph.VariableNode {
		add("elements", "%s, %s", grouped(max(0, d.Spec.Shape.TotalSize())), inTraining(g, n))
		add("initial", "%s", initializerText(g.InitializerOf(n)))
		if slots := g.SlotsOf(n); len(slots) > 0 {
			add("slots", "%s", namesOf(g, slots))
		}
	}
	if len(d.Inputs) > 0 {
		add("reads", "%s", namesOf(g, d.Inputs))
	}
	if by := readersOf(g, n); len(by) > 0 {
		add("read by", "%s", namesOf(g, by))
	} else if d.Kind != graph.BadNode {
		add("read by", "no node")
	}
	if len(d.Control) > 0 {
		add("runs after", "%s", namesOf(g, d.Control))
	}
	for _, b := range d.Branches {
		add("runs where", "%s is %t", g.NameOf(b.Pred), b.Taken)
	}
	if len(d.Attrs) > 0 {
		add("attributes", "%s", attributes(d.Attrs))
	}
	if def, ok := g.OpOf(n); ok {
		if written := append(append([]int(nil), def.Assigns...), def.Updates...); len(written) > 0 {
			var vars gorgonia.Nodes
			for _, i := range written {
				if i < len(d.Inputs) {
					vars = append(vars, d.Inputs[i])
				}
			}
			add("writes", "%s", namesOf(g, vars))
		}
		add("gradient", "%s", gradientText(def, d))
	}
	return rows
}

// inTraining tells what optimizers do with a variable.
func inTraining(g *graph.Graph, v *gorgonia.Node) string {
	switch {
	case slices.Contains(g.Trainable(), v):
		return "trained"
	case slices.Contains(g.Frozen(), v):
		return "frozen"
	case g.IsSlot(v):
		return "an optimizer's slot"
	}
	return "not trained"
}

// gradientText says where the gradient of an op comes from.
func gradientText(def graph.OpDef, d graph.Description) string {
	switch {
	case def.NoValue:
		return "none: it has no value"
	case def.Gradient != nil:
		return "its own"
	case def.Composite != nil:
		return "that of the ops which it is made of"
	case def.NotDifferentiable:
		return "none: gradients stop here"
	case !d.Spec.IsFloat():
		return "none: it is no float"
	}
	return "none: differentiating it is an error"
}

func initializerText(i graph.Initializer) string {
	if s, ok := i.(fmt.Stringer); ok {
		return shortened(clean(s.String()), 60)
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", i), "*")
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		name = name[:at] + " " + name[at+1:]
	}
	return name
}

// valueText is the value of a constant or a default, where it is small.
func valueText(g *graph.Graph, n *gorgonia.Node) string {
	if sp := graph.SpecOf(n); !sp.Known() || sp.Shape.TotalSize() > 8 {
		return "a tensor"
	}
	if v := g.ValueOf(n); v != nil && v.Shape().TotalSize() > 0 {
		return shortened(fmt.Sprint(v.Data()), 80)
	}
	return "nothing"
}

// attributes lists the parameters of an op by name.
func attributes(attrs map[string]interface{}) string {
	var list []string
	for name, value := range attrs {
		list = append(list, name+" "+shortened(clean(fmt.Sprint(value)), 60))
	}
	sort.Strings(list)
	if n := len(list); n > 12 {
		list = append(list[:12], fmt.Sprintf("… %d more", n-12))
	}
	return strings.Join(list, ", ")
}

// namesOf lists nodes with what they are, of many the first.
func namesOf(g *graph.Graph, nodes gorgonia.Nodes) string {
	var list []string
	for i, n := range nodes {
		if i == maxNames {
			list = append(list, fmt.Sprintf("… %s more", grouped(len(nodes)-i)))
			break
		}
		list = append(list, shortened(clean(g.NameOf(n)), 60)+" "+graph.SpecOf(n).String())
	}
	return strings.Join(list, ", ")
}

// readersOf are the nodes that read a node's value, in order of construction.
func readersOf(g *graph.Graph, n *gorgonia.Node) (by gorgonia.Nodes) {
	for _, m := range g.Operations() {
		if slices.Contains(g.InputsOf(m), n) {
			by = append(by, m)
		}
	}
	return by
}

// Nodes shows a list of nodes as a table; a list of variables as Variables does.
func Nodes(nodes gorgonia.Nodes) (v *View) {
	defer guarded("nodes", &v)
	if len(nodes) == 0 {
		return plain("no nodes")
	}
	if g := graph.Of(nodes[0]); g != nil {
		all := true
		for _, n := range nodes {
			all = all && n != nil && n.Graph() == g.Expr() && g.IsVariable(n)
		}
		if all {
			return Variables(g, VariablesConfig{Vars: nodes})
		}
	}
	rows := [][]string{{"node", "op", "value", "reads"}}
	for i, n := range nodes {
		if i == maxNodes {
			rows = append(rows, []string{fmt.Sprintf("… %s", counted(len(nodes)-i, "more node"))})
			break
		}
		rows = append(rows, nodeRow(n))
	}
	return listing(counted(len(nodes), "node"), rows, 4)
}

// nodeName is a node's name in a table.
func nodeName(n *gorgonia.Node) string {
	if n == nil {
		return "nil"
	}
	name := n.Name()
	if g := graph.Of(n); g != nil {
		name = g.NameOf(n)
	}
	return shortened(clean(name), 80)
}

func nodeRow(n *gorgonia.Node) []string {
	if n == nil {
		return []string{nodeName(n)}
	}
	g := graph.Of(n)
	if g == nil {
		return []string{nodeName(n), "Gorgonia's", graph.SpecOf(n).String(), ""}
	}
	d := g.Describe(n)
	var in []string
	for i, x := range d.Inputs {
		if i == 4 {
			in = append(in, fmt.Sprintf("… %d more", len(d.Inputs)-i))
			break
		}
		in = append(in, shortened(clean(g.NameOf(x)), 40))
	}
	op := d.Op
	switch d.Kind {
	case graph.ExtraOutputNode:
		op = fmt.Sprintf("output %d of %s", d.Output, g.NameOf(d.Producer))
	case graph.BadNode:
		op = "failed"
	}
	return []string{nodeName(n), shortened(clean(op), 60), d.Spec.String(), strings.Join(in, ", ")}
}

// listing is a table under a title, in both forms.
func listing(title string, rows [][]string, numeric int) *View {
	return &View{
		text: title + "\n" + textTable(rows, numeric),
		html: fmt.Sprintf(`<div><div>%s</div><div style="overflow-x:auto">%s</div></div>`, escape(title), table(rows, numeric)),
	}
}

// Gradients shows the pairs of gradients and variables that an optimizer computed.
func Gradients(grads []training.GradVar) (v *View) {
	defer guarded("gradients", &v)
	if len(grads) == 0 {
		return plain("no gradients")
	}
	rows := [][]string{{"variable", "value", "gradient"}}
	for i, gv := range grads {
		if i == maxNodes {
			rows = append(rows, []string{fmt.Sprintf("… %s more", grouped(len(grads)-i))})
			break
		}
		grad := "none"
		if gv.Grad != nil {
			grad = nodeName(gv.Grad) + " " + graph.SpecOf(gv.Grad).String()
		}
		rows = append(rows, []string{nodeName(gv.Var), graph.SpecOf(gv.Var).String(), grad})
	}
	return listing(counted(len(grads), "gradient"), rows, 3)
}
