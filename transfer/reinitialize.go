package transfer

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Reinitialize gives the variables that patterns match, as in graph.Graph.Variables, new initial values in a session, and their optimizer slots those
// with which these begin. init draws them; nil stands for the initializer that each variable has, which for an imported one is the value in its file. What
// init draws follows from the graph's seed and the variable's name, as in a new graph; with nil each call draws anew, as Session.Init does. A pattern that matches nothing is an error,
// and leaves the graph without one. After an error from init nothing has changed.
func Reinitialize(sess *graph.Session, init graph.Initializer, patterns ...string) error {
	if sess == nil {
		return errors.New("transfer: the session is nil")
	}
	if len(patterns) == 0 {
		return errors.New(`transfer: no pattern was given; "hidden1" takes the variables of that layer, ".*/kernel" every kernel`)
	}
	g := sess.Graph()
	vars, err := g.Select(graph.GlobalVariables, patterns...)
	if err != nil {
		return errors.WithMessage(err, "transfer")
	}
	var slots, own gorgonia.Nodes
	for _, v := range vars {
		slots = append(slots, g.SlotsOf(v)...)
		if !g.IsSlot(v) {
			own = append(own, v)
		}
	}
	if init == nil {
		return errors.Wrap(sess.Init(append(own, slots...)...), "transfer")
	}
	values, err := drawn(g, init, own)
	if err != nil {
		return errors.Wrap(err, "transfer")
	}
	if err := sess.SetValues(values); err != nil {
		return errors.Wrap(err, "transfer")
	}
	if len(slots) == 0 {
		return nil
	}
	return errors.Wrap(sess.Init(slots...), "transfer")
}

// drawn draws initial values as a new graph would.
func drawn(of *graph.Graph, init graph.Initializer, vars gorgonia.Nodes) (map[*gorgonia.Node]interface{}, error) {
	g := graph.New(graph.Config{Seed: of.Seed(), Dtype: of.Dtype()})
	twins := make(gorgonia.Nodes, len(vars))
	for i, v := range vars {
		sp := graph.SpecOf(v)
		twins[i] = graph.Variable(g.Scope(), of.NameOf(v), sp.Shape, graph.VariableConfig{Dtype: sp.Dtype, Initializer: init})
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return nil, err
	}
	drawn, err := sess.Values(twins...)
	if err != nil {
		return nil, err
	}
	values := map[*gorgonia.Node]interface{}{}
	for i, v := range vars {
		values[v] = drawn[i]
	}
	return values, nil
}
