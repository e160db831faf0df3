package tensorflow

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// entry is a tensor that enters a branch.
type entry struct {
	tensor string
	pred   *gorgonia.Node
	taken  bool
}

// enterBranches leads the op's inputs into the branches that it stands in: through Switch, whose output exists only where the branch is
// taken, so that what is computed from it does too (tf.cond). An op without inputs waits for the predicate instead.
func (c *written) enterBranches() {
	at := c.undecided(c.Branches)
	if len(at) == 0 {
		return
	}
	for i, in := range c.Inputs {
		c.in[i] = c.enter(c.in[i], at, c.undecided(c.g.Describe(in).Branches))
	}
	if len(c.in) == 0 {
		pred := c.tensors[at[len(at)-1].Pred]
		c.pivots = []string{control(c.enterOne(c.name, pred, at[len(at)-1], true))}
	}
}

// enter leads a tensor from the branches that it stands in to those of the op.
func (c *written) enter(tensor string, to, from []graph.BranchOf) string {
	for i, b := range to {
		if i < len(from) && from[i] == b {
			continue
		}
		tensor = c.enterOne(c.name, tensor, b, false)
	}
	return tensor
}

// undecided leaves out the branches that are decided.
func (e *exporter) undecided(branches []graph.BranchOf) []graph.BranchOf {
	var out []graph.BranchOf
	for _, b := range branches {
		if _, ok := e.decided(b.Pred); !ok {
			out = append(out, b)
		}
	}
	return out
}

// enterOne is a tensor in a branch; with pivot set, it stands in a node of its own, on which control edges may hang.
func (e *exporter) enterOne(scope, tensor string, b graph.BranchOf, pivot bool) string {
	key := entry{tensor, b.Pred, b.Taken}
	in := e.entries[key]
	d := e.dtypes[tensor]
	if in == "" {
		in = e.unique(scope + "/Switch")
		e.addNode(in, "Switch", attrs{"T": d}, tensor, e.tensors[b.Pred])
		if b.Taken {
			in += ":1"
		}
		e.entries[key] = in
		e.dtypes[in] = d
	}
	if !pivot {
		return in
	}
	name := e.unique(scope + "/pivot")
	e.addNode(name, "Identity", attrs{"T": d}, in)
	return name
}
