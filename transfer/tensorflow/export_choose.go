package tensorflow

import (
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// choose sets what is written: the outputs with what they need, or all but the training.
func (e *exporter) choose(all gorgonia.Nodes) {
	e.keep = map[*gorgonia.Node]bool{}
	if len(e.cfg.Outputs) > 0 {
		stack := append(gorgonia.Nodes(nil), e.cfg.Outputs...)
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if !e.keep[n] {
				e.keep[n] = true
				stack = append(stack, e.needs(n)...)
			}
		}
		return
	}
	e.chooseModel(all)
}

// needs lists what a node is computed from, without the side of a decided branch that is not taken.
func (e *exporter) needs(n *gorgonia.Node) gorgonia.Nodes {
	if e.fixed[n] != nil {
		return nil
	}
	d := e.g.Describe(n)
	in := append(gorgonia.Nodes(nil), d.Inputs...)
	if d.Op == "Merge" && d.Kind == graph.OpNode {
		if taken, ok := e.decided(in[0]); ok {
			in = gorgonia.Nodes{mergeSide(in, taken)}
		}
	}
	if d.Producer != nil {
		in = append(in, d.Producer)
	}
	for _, b := range d.Branches {
		if _, ok := e.decided(b.Pred); !ok {
			in = append(in, b.Pred)
		}
	}
	return append(in, d.Control...)
}

// chooseModel leaves out the training: gradients, writes that TensorFlow has no form for (updates of optimizers), summaries, what follows
// from any of them; and constants, barriers and ops without a form that only these use.
func (e *exporter) chooseModel(all gorgonia.Nodes) {
	dropped := map[*gorgonia.Node]bool{}
	users := map[*gorgonia.Node]gorgonia.Nodes{}
	summaries := e.g.Collection(graph.Summaries)
	for _, n := range all { // what a node needs stands before it
		d := e.g.Describe(n)
		_, inTable := forms[d.Op]
		drop := d.Gradient || e.untaken(d) || e.writes(n) && (e.frozen != nil || !inTable) || slices.Contains(summaries, n)
		for _, in := range e.needs(n) {
			drop = drop || dropped[in]
			users[in] = append(users[in], n)
		}
		dropped[n] = drop && d.Kind != graph.VariableNode
	}
	for _, n := range slices.Backward(all) {
		d := e.g.Describe(n)
		serves := d.Kind == graph.ConstNode || d.Kind == graph.OpNode && (e.valueless(n) || !e.hasForm(n, d))
		if !dropped[n] && serves && len(users[n]) > 0 {
			dropped[n] = !slices.ContainsFunc(users[n], func(u *gorgonia.Node) bool { return !dropped[u] })
		}
	}
	for _, n := range all {
		e.keep[n] = !dropped[n]
	}
}

// hasForm tells whether an op stands in the table or is made of others.
func (e *exporter) hasForm(n *gorgonia.Node, d graph.Description) bool {
	_, inTable := forms[d.Op]
	def, ok := e.g.OpOf(n)
	return inTable || ok && def.Composite != nil
}

// writes tells whether an op changes a variable.
func (e *exporter) writes(n *gorgonia.Node) bool {
	def, ok := e.g.OpOf(n)
	return ok && len(def.Assigns)+len(def.Updates) > 0
}

// untaken tells whether a node stands on a side that is decided not to be taken.
func (e *exporter) untaken(d graph.Description) bool {
	return slices.ContainsFunc(d.Branches, func(b graph.BranchOf) bool {
		taken, ok := e.decided(b.Pred)
		return ok && taken != b.Taken
	})
}

// decided is the value of a predicate that never changes.
func (e *exporter) decided(pred *gorgonia.Node) (taken, ok bool) {
	v := e.fixed[pred]
	if v == nil && e.g.Describe(pred).Kind == graph.ConstNode {
		v = e.g.ValueOf(pred)
	}
	if v == nil {
		return false, false
	}
	return graph.Values{v}.Bools(0)[0], true
}

// mergeSide is the input of a Merge that is taken.
func mergeSide(in gorgonia.Nodes, taken bool) *gorgonia.Node {
	if taken {
		return in[1]
	}
	return in[2]
}
