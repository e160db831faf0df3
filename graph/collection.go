package graph

import (
	"slices"
	"sort"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Keys of the standard collections, as tf.GraphKeys names them.
const (
	GlobalVariables        = "variables"
	TrainableVariables     = "trainable_variables"
	LocalVariables         = "local_variables"
	ModelVariables         = "model_variables"
	MovingAverageVariables = "moving_average_variables"
	UpdateOps              = "update_ops"
	Losses                 = "losses"
	RegularizationLosses   = "regularization_losses"
	Summaries              = "summaries"
	GlobalStep             = "global_step"
	TrainOp                = "train_op"
)

// AddToCollection appends nodes to a collection; one that is there already is
// not repeated.
func (g *Graph) AddToCollection(key string, nodes ...*gorgonia.Node) {
	s := g.Scope()
	for _, n := range nodes {
		if err := s.mine(n); err != nil {
			s.Fail("AddToCollection", nil, Spec{Dtype: g.cfg.Dtype}, errors.Wrap(err, key))
			return
		}
		g.lookup(n)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range nodes {
		if !IsBad(n) {
			g.collect(key, n)
		}
	}
}

func (g *Graph) collect(key string, n *gorgonia.Node) {
	for _, have := range g.collections[key] {
		if have == n {
			return
		}
	}
	g.collections[key] = append(g.collections[key], n)
	if key == UpdateOps && len(g.frozen) > 0 {
		g.grown.Store(true)
	}
}

// AddUpdate enters update, an op that must run with every training step, into
// UpdateOps, as the companion of node: UpdatesOf finds it for the losses that
// depend on node, and a Run that is fed an activation above node leaves it out.
func (g *Graph) AddUpdate(node, update *gorgonia.Node) {
	if err := g.Scope().mine(node); err != nil {
		g.Scope().Fail("AddUpdate", nil, Spec{Dtype: g.cfg.Dtype}, err)
		return
	}
	g.AddToCollection(UpdateOps, update)
	if IsBad(node) || IsBad(update) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.companions[update] = node
}

// RemoveFromCollection takes nodes out of a collection.
func (g *Graph) RemoveFromCollection(key string, nodes ...*gorgonia.Node) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range nodes {
		g.collections[key] = without(g.collections[key], n)
	}
}

// Collection returns the nodes of a collection in order of entry; with
// patterns, those whose name one of them matches from its beginning. An empty
// collection is fine, but a pattern that matches nothing is a build error.
func (g *Graph) Collection(key string, patterns ...string) gorgonia.Nodes {
	return g.selected(g.Select(key, patterns...))
}

// Select is Collection that returns what is wrong with a pattern instead of making a
// build error of it, for a caller that knows where the pattern comes from.
func (g *Graph) Select(key string, patterns ...string) (gorgonia.Nodes, error) {
	g.mu.RLock()
	nodes := slices.Clone(g.collections[key])
	g.mu.RUnlock()
	r := g.now()
	if key == UpdateOps {
		r = g.current()
	}
	nodes = slices.DeleteFunc(nodes, func(n *gorgonia.Node) bool { return r.hides(key, n) })
	return g.match("Collection("+key+")", nodes, patterns)
}

// Collections returns the keys in use, sorted.
func (g *Graph) Collections() []string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var keys []string
	for key, nodes := range g.collections {
		if len(nodes) > 0 {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

// Variables returns all variables, or those that a pattern matches: see
// Collection.
func (g *Graph) Variables(patterns ...string) gorgonia.Nodes {
	return g.Collection(GlobalVariables, patterns...)
}

// Trainable returns the trainable variables, or those that a pattern matches.
func (g *Graph) Trainable(patterns ...string) gorgonia.Nodes {
	return g.Collection(TrainableVariables, patterns...)
}

// ModelVariables returns what makes up the model: trainable variables and
// batch-norm statistics, without optimizer slots; or those that a pattern
// matches.
func (g *Graph) ModelVariables(patterns ...string) gorgonia.Nodes {
	return g.Collection(ModelVariables, patterns...)
}

// Operations returns the nodes that are not variables, in order of
// construction, inputs first, or those that a pattern matches.
func (g *Graph) Operations(patterns ...string) gorgonia.Nodes {
	r := g.current()
	g.mu.RLock()
	var nodes gorgonia.Nodes
	for _, ni := range g.inOrder(r) {
		if ni.kind != kindVariable && ni.kind != kindBad {
			nodes = append(nodes, ni.node)
		}
	}
	g.mu.RUnlock()
	return g.selected(g.match("Operations", nodes, patterns))
}

// UpdatesOf returns the update ops that the given nodes depend on: those whose
// companion (AddUpdate) is among their ancestors and, of ops that were only
// added to the collection, those that write a variable among them.
func (g *Graph) UpdatesOf(nodes ...*gorgonia.Node) gorgonia.Nodes {
	for _, n := range nodes {
		if err := g.Scope().mine(n); err != nil {
			g.Scope().Fail("UpdatesOf", nil, Spec{Dtype: g.cfg.Dtype}, err)
			return nil
		}
	}
	updates := g.Collection(UpdateOps) // first, so that it knows what is frozen
	ancestors := g.ancestors(nodes)
	var out gorgonia.Nodes
	for _, u := range updates {
		g.mu.RLock()
		owner := g.companions[u]
		g.mu.RUnlock()
		if owner != nil {
			if ancestors[owner] {
				out = append(out, u)
			}
			continue
		}
		for _, v := range g.written(u) {
			if ancestors[v] {
				out = append(out, u)
				break
			}
		}
	}
	return out
}

// ancestors returns the nodes and all that they depend on through data.
func (g *Graph) ancestors(nodes gorgonia.Nodes) map[*gorgonia.Node]bool {
	seen := map[*gorgonia.Node]bool{}
	stack := append(gorgonia.Nodes(nil), nodes...)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n == nil || seen[n] {
			continue
		}
		seen[n] = true
		ni := g.lookup(n)
		stack = append(stack, ni.in...)
		if ni.producer != nil {
			stack = append(stack, ni.producer)
		}
	}
	return seen
}

// written returns the variables that u, or an op that it groups, writes.
func (g *Graph) written(u *gorgonia.Node) gorgonia.Nodes {
	var out gorgonia.Nodes
	seen := map[*gorgonia.Node]bool{}
	stack := gorgonia.Nodes{u}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		ni := g.lookup(n)
		stack = append(stack, ni.control...)
		stack = append(stack, ni.in...)
		if ni.kind == kindOp {
			for _, i := range append(append([]int(nil), ni.def.Assigns...), ni.def.Updates...) {
				out = append(out, ni.in[i])
			}
		}
	}
	return out
}

// selected makes a build error of an error.
func (g *Graph) selected(nodes gorgonia.Nodes, err error) gorgonia.Nodes {
	if err != nil {
		g.Scope().Fail("select", nil, Spec{Dtype: g.cfg.Dtype}, err)
		return nil
	}
	return nodes
}

// match returns those of the nodes whose name a pattern matches; all without patterns.
func (g *Graph) match(what string, nodes gorgonia.Nodes, patterns []string) (gorgonia.Nodes, error) {
	if len(patterns) == 0 {
		return nodes, nil
	}
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = g.NameOf(n)
	}
	take := make([]bool, len(nodes))
	for _, p := range patterns {
		re, err := pattern(p)
		if err != nil {
			return nil, errors.WithMessage(err, what)
		}
		any := false
		for i := range nodes {
			if re.MatchString(names[i]) {
				take[i], any = true, true
			}
		}
		if !any {
			return nil, errors.Errorf("pattern %q matches nothing in %s%s", p, what, didYouMeanPattern(p, names))
		}
	}
	out := gorgonia.Nodes{}
	for i, n := range nodes {
		if take[i] {
			out = append(out, n)
		}
	}
	return out, nil
}

// variableNames lists the names of all variables. The caller holds mu.
func (g *Graph) variableNames() []string {
	var names []string
	for _, n := range g.collections[GlobalVariables] {
		names = append(names, g.info[n].name)
	}
	return names
}
