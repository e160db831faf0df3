package graph

import (
	"slices"

	"gorgonia.org/gorgonia"
)

// Freeze takes variables out of training, and the layers with them that they make up. A node that is no variable stands for
// all that it depends on. From then on
//
//   - TrainableVariables leaves the variables out, and UpdateOps, and so UpdatesOf, what
//     moves the statistics of frozen layers, which therefore stay as they are;
//   - frozen layers do what they do outside training, whatever their training flag says: batch norm uses its moving
//     statistics, dropout passes on what it gets. Other layers that share the flag follow it.
//
// A layer here is what stands in the two branches of one training flag, the branch with an update op or
// random draws being that of training. It is frozen where all trainable variables that it reads are, or a statistic
// that it moves. One that reads no trainable variable, as dropout does not, is frozen where nothing beneath it is trained and it
// lies below a frozen layer, or below a node that was given; or in the scope of a frozen layer, where nothing in that is trained.
//
// Freeze acts before the train op is built: a variable that a node of the collection TrainOp updates already is a build error. What is built
// after it on frozen variables, such as a second tower, is frozen as the first is. It may be called again for more. Freezing something twice
// changes nothing; an optimizer's slots are left out.
// Gradients are not computed below the lowest variable that an optimizer is given, so freezing lower layers saves that time.
//
// transfer.Freeze chooses by patterns, transfer.FreezeBelow by endpoints.
//
// torch: requires_grad_(False) and eval() of a module; Keras: layer.trainable = False. tf.layers let the statistics drift.
func (g *Graph) Freeze(nodes ...*gorgonia.Node) {
	nodes, ok := g.toFreeze("Freeze", nodes)
	if !ok {
		return
	}
	trains := g.trains()
	for _, v := range nodes {
		if step := trains[v]; step != nil && !g.isFrozen(v) {
			g.Scope().Failf("Freeze", gorgonia.Nodes{v}, "%s trains %s already; freeze before Minimize or ApplyGradients", g.NameOf(step), g.NameOf(v))
			return
		}
	}
	g.pins()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range nodes {
		g.frozen[n] = true
	}
	g.revise()
}

// Unfreeze takes variables back into training, and for another node all variables that it depends on: it undoes Freeze. The train ops
// that were built before go on training what they trained, with the layers frozen that were frozen then. So another is built; where that
// is the same optimizer's, it goes on with the slots that it has. Slots that it makes anew want Session.Init.
func (g *Graph) Unfreeze(nodes ...*gorgonia.Node) {
	nodes, ok := g.toFreeze("Unfreeze", nodes)
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range nodes {
		delete(g.frozen, n)
	}
	if !slices.ContainsFunc(g.collections[GlobalVariables], func(v *gorgonia.Node) bool { return g.frozen[v] }) {
		clear(g.frozen) // nodes that stood for the variables beneath them
	}
	g.revise()
}

// Frozen returns the variables that are frozen, in order of construction.
func (g *Graph) Frozen() gorgonia.Nodes {
	return slices.DeleteFunc(g.Variables(), func(v *gorgonia.Node) bool { return !g.isFrozen(v) })
}

// toFreeze returns nodes and the variables that they depend on, without slots; not ok is a build error.
func (g *Graph) toFreeze(op string, nodes gorgonia.Nodes) (all gorgonia.Nodes, ok bool) {
	s := g.Scope()
	for _, n := range nodes {
		if err := s.mine(n); err != nil {
			s.Fail(op, nil, Spec{Dtype: g.cfg.Dtype}, err)
			return nil, false
		}
		if IsBad(n) {
			return nil, false
		}
		if !g.IsVariable(n) {
			all = append(all, n)
		}
	}
	beneath := g.ancestors(nodes)
	for _, v := range g.Variables() {
		if beneath[v] && !g.IsSlot(v) {
			all = append(all, v)
		}
	}
	return all, true
}

func (g *Graph) isFrozen(v *gorgonia.Node) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.frozen[v]
}

// trains returns the variables that train ops update, each with the first that does.
func (g *Graph) trains() map[*gorgonia.Node]*gorgonia.Node {
	trains := map[*gorgonia.Node]*gorgonia.Node{}
	for _, step := range g.Collection(TrainOp) {
		for _, v := range g.written(step) {
			if trains[v] == nil {
				trains[v] = step
			}
		}
	}
	return trains
}

// pins makes the constants that frozen layers read in place of their flags.
func (g *Graph) pins() {
	if g.pinned[0] == nil {
		s := g.Scope().NameScope("frozen")
		g.pinned = [2]*gorgonia.Node{Const(s.As("false"), false), Const(s.As("true"), true)}
	}
}

// pin returns the constant of a value.
func (g *Graph) pin(value bool) *gorgonia.Node {
	if value {
		return g.pinned[1]
	}
	return g.pinned[0]
}
