package training

import (
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// slots holds the variables that an optimizer keeps.
type slots struct {
	of   map[slotKey]*gorgonia.Node
	kept gorgonia.Nodes // in order of creation
}

// slotKey says which slot: of a variable, or of a graph when it is shared by
// all variables (v is nil).
type slotKey struct {
	g    *graph.Graph
	v    *gorgonia.Node
	name string
}

// Slot implements Optimizer.
func (k *slots) Slot(v *gorgonia.Node, name string) *gorgonia.Node {
	for key, slot := range k.of {
		if key.v == v && v != nil && strings.TrimPrefix(key.g.NameOf(slot), key.g.NameOf(v)+"/") == name {
			return slot
		}
	}
	return nil
}

// Variables implements Optimizer.
func (k *slots) Variables() gorgonia.Nodes { return append(gorgonia.Nodes(nil), k.kept...) }

// slot makes, or finds, the slot of v that the optimizer knows as key.
func (k *slots) slot(s *graph.Scope, v *gorgonia.Node, key, name string, init graph.Initializer) *gorgonia.Node {
	return k.own(slotKey{s.Graph(), v, key}, func() *gorgonia.Node {
		return graph.Slot(s, v, name, graph.SpecOf(v).Shape, init)
	})
}

// counter makes, or finds, the int64 scalar that starts at 0 and is shared by
// all variables of a graph.
func (k *slots) counter(g *graph.Graph, name string) *gorgonia.Node {
	return k.own(slotKey{g, nil, name}, func() *gorgonia.Node {
		return graph.Variable(g.Scope(), freeName(g, name), tensor.Shape{}, graph.VariableConfig{
			Dtype: tensor.Int64, Initializer: filled(0), NotTrainable: true,
		})
	})
}

// own finds a variable that the optimizer keeps, or makes it. One that the
// graph has forgotten (Scope.Fresh, a failed cell) is made anew.
func (k *slots) own(key slotKey, variable func() *gorgonia.Node) *gorgonia.Node {
	if have := k.of[key]; have != nil {
		if known(key.g, have) {
			return have
		}
		k.kept = slices.DeleteFunc(k.kept, func(n *gorgonia.Node) bool { return n == have })
	}
	if k.of == nil {
		k.of = map[slotKey]*gorgonia.Node{}
	}
	made := variable()
	if !graph.IsBad(made) {
		k.of[key] = made
		k.kept = append(k.kept, made)
	}
	return made
}

// known tells whether a graph has not forgotten a variable.
func known(g *graph.Graph, v *gorgonia.Node) bool {
	n, ok := g.Lookup(g.NameOf(v))
	return ok && n == v
}

// freeName returns name, or name_1, name_2, ... until the graph has none like it.
func freeName(g *graph.Graph, name string) string {
	free := name
	for i := 1; ; i++ {
		if _, taken := g.Lookup(free); !taken {
			return free
		}
		free = fmt.Sprintf("%s_%d", name, i)
	}
}
