package training

import (
	"cmp"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// wrapper is what optimizers share that add something to another's step: the
// gradients are those of the inner one.
type wrapper struct {
	name  string // of its ops and slots
	inner Optimizer
	err   error // what is wrong with the config
	apply func(s *graph.Scope, grads []GradVar) *gorgonia.Node

	slots
}

// wrap takes over what all wrappers have; otherwise is the name where none is
// given, and everyRun says that the inner optimizer must make a step in each.
func (w *wrapper) wrap(inner Optimizer, name, otherwise string, everyRun bool, apply func(s *graph.Scope, grads []GradVar) *gorgonia.Node) {
	w.inner, w.name, w.apply = inner, cmp.Or(name, otherwise), apply
	switch {
	case inner == nil:
		w.err = errors.New("the inner optimizer is nil")
	case everyRun && accumulates(inner):
		w.err = errors.Errorf("the inner optimizer, a %T, does not make a step in every Run; wrap the other way round: Accumulate(%s(...), ...)", inner, otherwise)
	}
}

// ComputeGradients implements Optimizer.
func (w *wrapper) ComputeGradients(s *graph.Scope, loss *gorgonia.Node, vars gorgonia.Nodes) []GradVar {
	if w.inner == nil {
		return make([]GradVar, len(vars)) // ApplyGradients reports it
	}
	return w.inner.ComputeGradients(s, loss, vars)
}

// ApplyGradients implements Optimizer.
func (w *wrapper) ApplyGradients(s *graph.Scope, grads []GradVar) *gorgonia.Node {
	err := w.err
	if err == nil {
		err = checkGradients(s.Graph(), grads)
	}
	if err != nil {
		return s.Fail(w.name, nil, graph.Spec{Dtype: tensor.Bool}, err)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node { return w.apply(s, grads) })
}

// Minimize implements Optimizer.
func (w *wrapper) Minimize(s *graph.Scope, loss *gorgonia.Node, vars gorgonia.Nodes) *gorgonia.Node {
	return w.ApplyGradients(s, w.ComputeGradients(s, loss, vars))
}

// Slot implements Optimizer: it knows the inner optimizer's slots as well.
func (w *wrapper) Slot(v *gorgonia.Node, name string) *gorgonia.Node {
	if slot := w.slots.Slot(v, name); slot != nil || w.inner == nil {
		return slot
	}
	return w.inner.Slot(v, name)
}

// Variables implements Optimizer: those of the inner optimizer come first.
func (w *wrapper) Variables() gorgonia.Nodes {
	if w.inner == nil {
		return nil
	}
	return append(w.inner.Variables(), w.kept...)
}

// step builds the inner optimizer's step as a part of this one's, which takes
// its place among the train ops.
func (w *wrapper) step(s *graph.Scope, grads []GradVar) *gorgonia.Node {
	g := s.Graph()
	before := g.Collection(graph.TrainOp)
	step := w.inner.ApplyGradients(s, grads)
	for _, n := range g.Collection(graph.TrainOp) {
		if !slices.Contains(before, n) {
			g.RemoveFromCollection(graph.TrainOp, n)
		}
	}
	return step
}

// based is an optimizer of this package, or one that wraps or embeds it.
type based interface{ base() *optimizer }

func (o *optimizer) base() *optimizer { return o }

func (w *wrapper) base() *optimizer {
	if inner, ok := w.inner.(based); ok {
		return inner.base()
	}
	return nil
}

// accumulates tells whether an optimizer, or one that it wraps, makes a step in
// some Runs only.
func accumulates(o Optimizer) bool {
	a, ok := o.(interface{ accumulates() bool })
	return ok && a.accumulates()
}

func (w *wrapper) accumulates() bool { return accumulates(w.inner) }
