package tensorflow

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/network"
)

// needs returns the inputs of n, and an output of each node that must be built before it.
func (n *node) needs() []ref {
	if len(n.before) == 0 {
		return n.in
	}
	needs := slices.Clone(n.in)
	for _, c := range n.before {
		needs = append(needs, ref{c, 0})
	}
	return needs
}

// isPivot tells whether n stands for one side of a condition: nodes of a branch that have no inputs run after it.
func (n *node) isPivot() bool {
	return n.op == "Identity" && len(n.in) == 1 && (n.in[0].op == "Switch" || n.in[0].op == "RefSwitch")
}

// needed returns the nodes that the roots need, each after those that it needs; the graph is cut at the tensors in cut. What is not
// supported is one error that lists all of it.
func needed(roots []ref, cut map[ref]bool) ([]*node, error) {
	if err := supported(roots, cut); err != nil {
		return nil, err
	}
	var order []*node
	const open, done = 1, 2
	state := map[*node]int{}
	type visit struct {
		*node
		needs []ref // that are left
	}
	var stack []visit
	enter := func(r ref) error {
		switch {
		case cut[r] || state[r.node] == done:
		case state[r.node] == open:
			return errors.Errorf("node %q, %s, needs its own output; loops are not supported", r.name, r.op)
		default:
			state[r.node] = open
			stack = append(stack, visit{r.node, r.needs()})
		}
		return nil
	}
	for _, root := range roots {
		if err := enter(root); err != nil {
			return nil, err
		}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if len(top.needs) > 0 {
				next := top.needs[0]
				top.needs = top.needs[1:]
				if err := enter(next); err != nil {
					return nil, err
				}
				continue
			}
			state[top.node] = done
			order = append(order, top.node)
			stack = stack[:len(stack)-1]
		}
	}
	return order, nil
}

// supported returns an error that lists the ops which are needed, but not supported.
func supported(roots []ref, cut map[ref]bool) error {
	counts := map[string]int{}
	for n := range ancestors(roots, cut) {
		if operators[n.op] == nil {
			counts[n.op]++
		}
	}
	return network.Unsupported("the graph", "ops", counts)
}

// ancestors are the nodes that the roots need, and their own.
func ancestors(roots []ref, cut map[ref]bool) map[*node]bool {
	seen := map[*node]bool{}
	stack := append([]ref(nil), roots...)
	for len(stack) > 0 {
		r := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if cut[r] || seen[r.node] {
			continue
		}
		seen[r.node] = true
		stack = append(stack, r.needs()...)
	}
	return seen
}
