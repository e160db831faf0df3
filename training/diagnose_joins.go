package training

import "gorgonia.org/gorgonia"

// sort lists the ancestors of the loss, inputs before consumers, without
// recursion: graphs may be deep.
func (a *anatomy) sort(loss *gorgonia.Node) {
	type frame struct {
		n    *gorgonia.Node
		in   gorgonia.Nodes
		next int
	}
	seen := map[*gorgonia.Node]bool{loss: true}
	stack := []frame{{n: loss, in: a.g.InputsOf(loss)}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next == len(top.in) {
			a.order = append(a.order, top.n)
			stack = stack[:len(stack)-1]
			continue
		}
		in := top.in[top.next]
		top.next++
		a.consumers[in] = append(a.consumers[in], top.n)
		if !seen[in] {
			seen[in] = true
			stack = append(stack, frame{n: in, in: a.g.InputsOf(in)})
		}
	}
}

// findJoins finds for every node its immediate post-dominator: the next node that
// all ways from it to the loss pass (Cooper, Harvey and Kennedy, 2001; one pass
// is enough without cycles).
func (a *anatomy) findJoins() {
	for i := len(a.order) - 2; i >= 0; i-- {
		n := a.order[i]
		var join *gorgonia.Node
		for _, c := range a.consumers[n] {
			join = a.meet(join, c)
		}
		a.join[n], a.depth[n] = join, a.depth[join]+1
	}
}

func (a *anatomy) meet(x, y *gorgonia.Node) *gorgonia.Node {
	if x == nil {
		return y
	}
	for x != y {
		if a.depth[x] < a.depth[y] {
			x, y = y, x
		}
		x = a.join[x]
	}
	return x
}
