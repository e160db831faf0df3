package cache

import (
	"context"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// walk finds what is computed for nodes in a Run with some feeds.
type walk struct {
	ctx   context.Context
	sess  *graph.Session
	g     *graph.Graph
	x     *gorgonia.Node
	feeds graph.Feeds

	order gorgonia.Nodes               // what is needed, inputs before what is computed from them
	seen  map[*gorgonia.Node]bool      // the value tells whether X is below the node
	preds map[*gorgonia.Node]predicate // of branches
}

// predicate is what is known of the predicate of a branch.
type predicate struct{ decided, value bool }

// needed walks from the nodes down to X and the feeds. That something of it cannot be cached is an error that says why.
func needed(ctx context.Context, sess *graph.Session, cfg Config) (*walk, error) {
	w := &walk{ctx: ctx, sess: sess, g: sess.Graph(), x: cfg.X, feeds: cfg.Feeds, seen: map[*gorgonia.Node]bool{}, preds: map[*gorgonia.Node]predicate{}}
	for _, n := range cfg.Nodes {
		if err := w.visit(n); err != nil {
			return nil, errors.WithMessage(err, w.g.NameOf(n))
		}
		if !w.seen[n] {
			return nil, errors.Errorf("%s does not depend on X, %s", w.g.NameOf(n), w.g.NameOf(cfg.X))
		}
	}
	return w, nil
}

// variables returns those whose values are needed.
func (w *walk) variables() gorgonia.Nodes {
	return slices.DeleteFunc(slices.Clone(w.order), func(n *gorgonia.Node) bool {
		_, fed := w.feeds[n]
		return fed || !w.g.IsVariable(n)
	})
}

func (w *walk) visit(n *gorgonia.Node) error {
	if _, ok := w.seen[n]; ok {
		return nil
	}
	w.seen[n] = n == w.x
	if _, fed := w.feeds[n]; !fed && n != w.x {
		d := w.g.Describe(n)
		if err := w.below(n, d); err != nil {
			return err
		}
		if err := w.cacheable(n); err != nil {
			return err
		}
	}
	w.order = append(w.order, n)
	return nil
}

// below visits what a node is computed from.
func (w *walk) below(n *gorgonia.Node, d graph.Description) error {
	inputs := append(d.Inputs, d.Control...)
	if d.Producer != nil {
		inputs = append(inputs, d.Producer)
	}
	for _, in := range inputs {
		taken, err := w.taken(in)
		if err != nil {
			return err
		}
		if !taken {
			continue
		}
		if err := w.visit(in); err != nil {
			return err
		}
		w.seen[n] = w.seen[n] || w.seen[in]
	}
	return nil
}

// taken tells whether a node may be computed: that none of the branches that it stands in is known not to be taken.
func (w *walk) taken(n *gorgonia.Node) (bool, error) {
	for _, b := range w.g.Describe(n).Branches {
		p, err := w.predicate(b.Pred)
		if err != nil {
			return false, err
		}
		if p.decided && p.value != b.Taken {
			return false, nil
		}
	}
	return true, nil
}

// predicate computes the predicate of a branch unless it depends on the example.
func (w *walk) predicate(n *gorgonia.Node) (predicate, error) {
	if p, ok := w.preds[n]; ok {
		return p, nil
	}
	if err := w.visit(n); err != nil {
		return predicate{}, err
	}
	p := predicate{}
	if !w.seen[n] {
		out, err := w.sess.RunContext(w.ctx, w.feeds, n)
		if err != nil {
			return p, errors.WithMessagef(err, "%s says which branch is taken; set it in Feeds", w.g.NameOf(n))
		}
		p = predicate{decided: true, value: out.Bools(0)[0]}
	}
	w.preds[n] = p
	return p, nil
}

// cacheable says why the value of a node is not the same in every Run.
func (w *walk) cacheable(n *gorgonia.Node) error {
	def, ok := w.g.OpOf(n)
	switch {
	case !ok:
		return nil
	case def.Draws:
		return errors.Errorf("it cannot be cached, since %s draws random numbers in every Run%s", w.g.NameOf(n), w.hint())
	case len(def.Assigns)+len(def.Updates) > 0:
		return errors.Errorf("it cannot be cached, since %s, which runs before it, writes a variable", w.g.NameOf(n))
	}
	return nil
}

// hint names the flags that hold, as is the case with a training flag that was forgotten.
func (w *walk) hint() string {
	var names []string
	for n, p := range w.preds {
		if p.decided && p.value {
			names = append(names, w.g.NameOf(n))
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "; " + strings.Join(names, " and ") + " is true: if that says that the net is being trained, set it false in Feeds, or freeze the layers"
}
