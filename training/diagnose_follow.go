package training

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// follow walks from the product to the layer's activation, along the nodes that
// all ways to the loss pass.
func (a *anatomy) follow(l *layer) {
	for n := l.product; ; {
		next := a.join[n]
		if next == nil || a.products[next] {
			return
		}
		between := a.between(n, next)
		norm := a.normIn(between, n)
		switch kind := a.activationOf(next); {
		case a.anyProduct(between):
			return
		case norm != nil:
			l.norm = norm
			n, l.pre, l.act = next, next, next
		case kind.known() && len(between) == 1:
			l.pre, l.act, l.kind = n, next, kind
			if after := a.join[next]; after != nil && l.norm == nil {
				l.norm = a.normIn(a.between(next, after), next)
			}
			return
		case len(between) > 1 && a.anyActivation(between) != "":
			l.pre, l.act, l.kind = n, next, activation{name: a.anyActivation(between)}
			return
		case a.passes(next) && (len(between) == 1 || a.anyDraw(between)) && graph.SpecOf(next).Rank() > 0:
			n, l.pre, l.act = next, next, next
		case l.hidden && len(between) > 1 && graph.Compatible(graph.SpecOf(next).Shape, graph.SpecOf(n).Shape):
			// An activation made of several ops, such as Gorgonia's Rectify.
			l.pre, l.act, l.kind = n, next, activation{name: a.opName(next)}
			return
		default:
			return
		}
	}
}

// between returns the nodes after n up to and with join, its join.
func (a *anatomy) between(n, join *gorgonia.Node) gorgonia.Nodes {
	var out gorgonia.Nodes
	seen := map[*gorgonia.Node]bool{n: true}
	stack := gorgonia.Nodes{n}
	for len(stack) > 0 {
		m := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if m == join {
			continue
		}
		for _, c := range a.consumers[m] {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
				stack = append(stack, c)
			}
		}
	}
	return out
}

func (a *anatomy) anyProduct(nodes gorgonia.Nodes) bool {
	for _, n := range nodes {
		if a.products[n] {
			return true
		}
	}
	return false
}

func (a *anatomy) anyDraw(nodes gorgonia.Nodes) bool {
	for _, n := range nodes {
		if def, ok := a.g.OpOf(n); ok && def.Draws {
			return true
		}
	}
	return false
}

// anyActivation returns the name of an activation among the nodes, or "".
func (a *anatomy) anyActivation(nodes gorgonia.Nodes) string {
	for _, n := range nodes {
		if k := a.activationOf(n); k.known() {
			return k.name
		}
	}
	return ""
}

// normIn returns the batch normalisation of x among the nodes, or nil.
func (a *anatomy) normIn(nodes gorgonia.Nodes, x *gorgonia.Node) *batchNorm {
	var norm *batchNorm
	for _, n := range nodes {
		name := a.opName(n)
		if name != "FusedBatchNorm" && name != "BatchNormInference" {
			continue
		}
		if norm == nil {
			norm = &batchNorm{x: x}
		}
		if in := a.g.InputsOf(n); name == "BatchNormInference" && len(in) == 5 && a.g.IsVariable(in[3]) && a.g.IsVariable(in[4]) {
			norm.mean, norm.variance = in[3], in[4]
		}
	}
	return norm
}

// findFlags finds the scalar bools that switch batch norm and noise on.
func (a *anatomy) findFlags() {
	for _, n := range a.order {
		in := a.g.InputsOf(n)
		if a.opName(n) != "Merge" || len(in) != 3 {
			continue
		}
		for x, hops := in[1], 0; x != nil && hops < 3; hops++ {
			def, ok := a.g.OpOf(x)
			if ok && (def.Draws || def.Name == "FusedBatchNorm") {
				a.flags[in[0]], a.switches[n] = true, true
				break
			}
			from := a.g.InputsOf(x)
			if len(from) == 0 {
				break
			}
			x = from[0]
		}
	}
}
