package training

import (
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// probe is what Diagnose fetches of one layer; nil where there is none.
type probe struct {
	*layer
	gradPre    *gorgonia.Node
	gradKernel *gorgonia.Node
}

// probes builds, or finds again, the gradients of the loss with respect to the
// layers' pre-activations and kernels. They stand in the graph beneath the scope
// diagnose/<loss>, each under the name of what it is the gradient of, so that a
// second call adds nothing.
func (a *anatomy) probes(loss *gorgonia.Node, layers []*layer) ([]probe, error) {
	s := a.scopeFor(loss)
	blocked := a.blocked()
	out := make([]probe, len(layers))
	var missing gorgonia.Nodes
	for i, l := range layers {
		out[i].layer = l
		if blocked[l.pre] || blocked[l.kernels[0]] || !graph.SpecOf(l.pre).IsFloat() {
			continue
		}
		for _, x := range []*gorgonia.Node{l.pre, l.kernels[0]} {
			if _, ok := a.g.Lookup(s.Path() + "/" + a.gradientName(x)); !ok && !slices.Contains(missing, x) {
				missing = append(missing, x)
			}
		}
	}
	if len(missing) > 0 {
		for i, grad := range graph.Gradients(s, gorgonia.Nodes{loss}, missing, nil) {
			if grad == nil { // a scalar stands for none
				grad = graph.ConstOf(s, a.g.Dtype(), 0)
			}
			name := a.gradientName(missing[i])
			if _, taken := a.g.Lookup(s.Path() + "/" + name); !taken {
				graph.Name(s, name, grad)
			}
		}
		if err := a.g.Err(); err != nil {
			return nil, errors.Wrap(err, "building the gradients to look at")
		}
	}
	find := func(x *gorgonia.Node) *gorgonia.Node {
		n, ok := a.g.Lookup(s.Path() + "/" + a.gradientName(x))
		if !ok || !graph.Compatible(graph.SpecOf(n).Shape, graph.SpecOf(x).Shape) || graph.SpecOf(x).Rank() == 0 {
			return nil
		}
		return n
	}
	for i := range out {
		out[i].gradPre, out[i].gradKernel = find(out[i].pre), find(out[i].kernels[0])
	}
	return out, nil
}

func (a *anatomy) gradientName(x *gorgonia.Node) string { return "of/" + opName(a.g.NameOf(x)) }

// scopeFor returns the scope that belongs to this loss. Another loss may have had
// its name before Scope.Fresh.
func (a *anatomy) scopeFor(loss *gorgonia.Node) *graph.Scope {
	for i := 0; ; i++ {
		top := "diagnose"
		if i > 0 {
			top = fmt.Sprintf("diagnose_%d", i)
		}
		s := a.g.Scope().NameScope(top).NameScope(opName(a.g.NameOf(loss)))
		mark, ok := a.g.Lookup(s.Path() + "/loss")
		if !ok {
			graph.Name(s, "loss", loss)
			return s
		}
		if in := a.g.InputsOf(mark); len(in) == 1 && in[0] == loss {
			return s
		}
	}
}

// blocked finds the nodes whose gradient would need that of an op that has none:
// asking for it would be a build error of the user's graph.
func (a *anatomy) blocked() map[*gorgonia.Node]bool {
	blocked := map[*gorgonia.Node]bool{}
	for i := len(a.order) - 1; i >= 0; i-- {
		n := a.order[i]
		for _, c := range a.consumers[n] {
			if !graph.SpecOf(c).IsFloat() {
				continue
			}
			def, ours := a.g.OpOf(c)
			none := ours && def.Gradient == nil && def.Composite == nil && !def.NotDifferentiable
			blocked[n] = blocked[n] || none || blocked[c]
		}
	}
	return blocked
}
