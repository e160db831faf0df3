package transfer

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Freeze freezes the layers whose variables one of the patterns matches, as in graph.Graph.Variables, and returns these variables: "hidden[123]" are
// all variables of three layers, batch norm's statistics among them, ".*/kernel" every kernel. They leave Trainable and UpdatesOf, and these
// layers do what they do outside training: see graph.Graph.Freeze. It acts before the train op is built,
//
//	transfer.Freeze(g, "hidden[123]")
//	step := opt.Minimize(s.After(g.UpdatesOf(loss)...), loss, g.Trainable())
//
// and gradients are not computed below the lowest variable that is trained. On an imported network patterns are of its variables' names
// in the graph. That no pattern is given, that one matches nothing, and that a
// train op trains one of the variables already, are build errors.
func Freeze(g *graph.Graph, patterns ...string) gorgonia.Nodes {
	vars, ok := chosen(g, "Freeze", patterns)
	if !ok {
		return nil
	}
	g.Freeze(vars...)
	return among(g.Frozen(), vars)
}

// FreezeBelow freezes all that endpoints depend on, and returns the variables: the part of a network whose values could as well be computed
// once and kept. Dropout and noise in it are off. Otherwise it is Freeze. An endpoint that depends on no variable is a build error.
func FreezeBelow(g *graph.Graph, endpoints ...*gorgonia.Node) gorgonia.Nodes {
	for _, n := range endpoints {
		if n != nil && !graph.IsBad(n) && n.Graph() == g.Expr() && len(VariablesOf(g, n)) == 0 {
			g.Scope().Failf("FreezeBelow", gorgonia.Nodes{n}, "%s depends on no variable; there is nothing to freeze", g.NameOf(n))
			return nil
		}
	}
	if len(endpoints) == 0 {
		g.Scope().Failf("FreezeBelow", nil, "no endpoint was given; g.Node finds one by its name")
		return nil
	}
	g.Freeze(endpoints...)
	return VariablesOf(g, endpoints...)
}

// Unfreeze takes layers back into training, by patterns of their variables' names, and returns the variables. The train ops that were built before
// keep to what they trained: build another, by the same optimizer value, whose slots it keeps, and give the new slots values by sess.Init(). Without patterns
// it unfreezes everything. A pattern that matches no variable is a build error.
func Unfreeze(g *graph.Graph, patterns ...string) gorgonia.Nodes {
	if len(patterns) == 0 {
		patterns = []string{""}
		if len(g.Variables()) == 0 {
			return nil
		}
	}
	vars, ok := chosen(g, "Unfreeze", patterns)
	if !ok {
		return nil
	}
	vars = among(g.Frozen(), vars)
	g.Unfreeze(vars...)
	return vars
}

// StopGradient lets no gradient pass x, in a network that is built: what reads x reads a node instead through which none flows, and which is
// returned. So all that is below trains by no loss above x. Unlike Freeze it leaves g.Trainable, moving statistics and dropout as they are, as tf.stop_gradient does.
func StopGradient(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	stop := graph.StopGradient(s, x)
	if !graph.IsBad(stop) {
		s.Graph().Reroute(x, stop)
	}
	return stop
}

// VariablesOf returns the variables that nodes depend on, in order of construction, batch norm's statistics among them.
func VariablesOf(g *graph.Graph, nodes ...*gorgonia.Node) gorgonia.Nodes {
	needed := map[*gorgonia.Node]bool{nil: true}
	stack := slices.Clone(nodes)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !needed[n] {
			needed[n] = true
			d := g.Describe(n)
			stack = append(append(stack, d.Inputs...), d.Producer)
		}
	}
	return slices.DeleteFunc(g.Variables(), func(v *gorgonia.Node) bool { return !needed[v] })
}

// among returns those of vars that are among others.
func among(others, vars gorgonia.Nodes) gorgonia.Nodes {
	is := map[*gorgonia.Node]bool{}
	for _, v := range others {
		is[v] = true
	}
	return slices.DeleteFunc(vars, func(v *gorgonia.Node) bool { return !is[v] })
}

// chosen returns the variables that patterns match; not ok is a build error.
func chosen(g *graph.Graph, op string, patterns []string) (gorgonia.Nodes, bool) {
	if len(patterns) == 0 {
		g.Scope().Failf(op, nil, `no pattern was given; "hidden1" takes the variables of that layer, ".*/kernel" every kernel`)
		return nil, false
	}
	vars, err := g.Select(graph.GlobalVariables, patterns...)
	if err != nil {
		g.Scope().Fail(op, nil, graph.Spec{Dtype: g.Dtype()}, errors.WithMessage(err, "transfer"))
		return nil, false
	}
	return vars, true
}
