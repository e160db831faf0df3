package tensorflow

import (
	"slices"
	"strings"

	"gorgonia.org/gorgonia"
)

// TensorFlow orders what reads and writes a variable by control edges: tf.control_dependencies, and tf.assign of a resource, whose result
// is read after it. An edge from what writes no variable, such as an Assert or a summary, has no effect on any value and is left out.

// writesVariable tells whether an op writes a variable, whether or not it is supported.
func writesVariable(n *node) bool {
	return assigns[n.op] || isOptimizer(n) || strings.HasPrefix(n.op, "ResourceScatter")
}

// orderWrites finds out which nodes write variables, and before which others they have to run.
func (l *linked) orderWrites() {
	for n := range l.reached(true, writesVariable) {
		n.writes = true
	}
	for _, n := range l.nodes {
		for _, c := range n.control {
			if c.writes || len(n.in) == 0 && c.isPivot() {
				n.before = append(n.before, c)
			}
		}
	}
}

// reached are the nodes that from chooses and all that use them; with control, also those that run after them.
func (l *linked) reached(control bool, from func(n *node) bool) map[*node]bool {
	users := map[*node][]*node{}
	var stack []*node
	for _, n := range l.nodes {
		for _, in := range n.in {
			users[in.node] = append(users[in.node], n)
		}
		if control {
			for _, c := range n.control {
				users[c] = append(users[c], n)
			}
		}
		if from(n) {
			stack = append(stack, n)
		}
	}
	found := map[*node]bool{}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !found[n] {
			found[n] = true
			stack = append(stack, users[n]...)
		}
	}
	return found
}

// writesBefore are the nodes that stand for the writes which n runs after, by its control edges or those of inputs that cannot wait.
func (im *importer) writesBefore(n *node) gorgonia.Nodes {
	var after gorgonia.Nodes
	add := func(x *gorgonia.Node) {
		if x != nil && !slices.Contains(after, x) {
			after = append(after, x)
		}
	}
	for _, c := range n.before {
		if v := im.values[ref{c, 0}]; v != nil && c.writes {
			add(v.node)
		}
	}
	for _, in := range n.in {
		if v := im.values[in]; v != nil {
			for _, x := range v.after {
				add(x)
			}
		}
	}
	return after
}

// isReference tells whether a tensor is a variable itself, which is read when what uses it runs, rather than a value that was read.
func isReference(r ref) bool {
	for steps := 0; steps < 1000 && leadsReference(r.op) && len(r.in) > 0; steps++ {
		r = r.in[0]
	}
	return isVariable(r.node)
}

// leadsReference tells whether an op passes on the variable that is its first input.
func leadsReference(op string) bool {
	return op == "Switch" || op == "RefSwitch" || op == "RefIdentity"
}

// keepsReference tells whether an op does not read the variable that is its first input.
func keepsReference(op string) bool { return assigns[op] || leadsReference(op) }
