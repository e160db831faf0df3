package pretrain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
)

// Stack is a stack of layers that stands in a graph: a feed-forward network with named endpoints.
type Stack struct {
	x      *gorgonia.Node
	layers []*level
}

// level is a layer of a stack.
type level struct {
	name  string // of its scope, such as layer1
	scope *graph.Scope
	x     *gorgonia.Node
	out   *gorgonia.Node // Output by its name
	step  *gorgonia.Node // nil before the first step is built
	*Built
}

// Build builds layers upon each other on x, float32 or float64 [batch, ...], each in the scope s.Sub("layer1"), s.Sub("layer2") and so on. What each
// gives is called layer1/output, layer2/output, ... in the graph. Nothing is trained: Stack.Pretrain does, or the values of the variables come
// from a file.
func Build(s *graph.Scope, x *gorgonia.Node, layers ...Layer) (*Stack, error) {
	switch {
	case x == nil:
		return nil, errors.New("pretrain: Build: x is nil; want the placeholder of the examples, or a node")
	case len(layers) == 0:
		return nil, errors.New("pretrain: Build: there are no layers; want one or more")
	}
	st := &Stack{x: x}
	for i, layer := range layers {
		l := &level{name: fmt.Sprintf("layer%d", i+1), x: x}
		l.scope = s.Sub(l.name)
		if err := l.build(layer); err != nil {
			return nil, errors.WithMessagef(err, "pretrain: Build: %s", l.name)
		}
		st.layers = append(st.layers, l)
		x = l.out
	}
	return st, nil
}

func (l *level) build(layer Layer) error {
	g := l.scope.Graph()
	if layer == nil {
		return errors.New("the layer is nil")
	}
	if err := g.Err(); err != nil {
		return err
	}
	steps := g.Collection(graph.TrainOp)
	b, err := layer.Build(l.scope, l.x)
	for _, n := range g.Collection(graph.TrainOp) {
		if !slices.Contains(steps, n) { // Pretrain enters it while it trains; until then the layer may be frozen
			g.RemoveFromCollection(graph.TrainOp, n)
		}
	}
	switch {
	case err != nil:
		return err
	case g.Err() != nil:
		return g.Err()
	case b == nil || b.Output == nil || b.Error == nil || b.Step == nil:
		return errors.Errorf("%T built no Output, Error or Step; all three are wanted", layer)
	}
	l.Built = b
	l.out = graph.Name(l.scope, "output", b.Output)
	all := l.scalars()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if sp := graph.SpecOf(all[name]); sp.Rank() != 0 || !sp.IsFloat() {
			return errors.Errorf("%T: %s is %v; want a scalar float32 or float64", layer, name, sp)
		}
	}
	return g.Err()
}

const (
	lossName           = "loss"
	reconstructionName = "reconstruction"
	freeEnergyName     = "free_energy"
)

// scalars are what is recorded of a batch, by name.
func (l *level) scalars() map[string]*gorgonia.Node {
	all := map[string]*gorgonia.Node{reconstructionName: l.Error}
	if l.Loss != nil {
		all[lossName] = l.Loss
	}
	if l.FreeEnergy != nil {
		all[freeEnergyName] = l.FreeEnergy
	}
	maps.Copy(all, l.Metrics)
	return all
}

// nodes are all that the layer is computed and trained for.
func (l *level) nodes() gorgonia.Nodes {
	all := gorgonia.Nodes{l.out}
	for _, n := range l.scalars() {
		all = append(all, n)
	}
	return all
}

// variables are those of the layer and of nothing below it, in order of construction.
func (l *level) variables() gorgonia.Nodes {
	g := l.scope.Graph()
	below := transfer.VariablesOf(g, l.x)
	return slices.DeleteFunc(transfer.VariablesOf(g, l.nodes()...), func(v *gorgonia.Node) bool { return slices.Contains(below, v) })
}

// Input is what the stack stands on; nil of a nil stack.
func (st *Stack) Input() *gorgonia.Node {
	if st == nil {
		return nil
	}
	return st.x
}

// Output is what the highest layer gives; nil of a nil stack.
func (st *Stack) Output() *gorgonia.Node {
	if st.empty() {
		return nil
	}
	return st.layers[len(st.layers)-1].out
}

func (st *Stack) empty() bool { return st == nil || len(st.layers) == 0 }

var errEmpty = errors.New("the stack has no layers; want one that Build made")

// Names are those of the endpoints, from below: layer1, layer2, ...
func (st *Stack) Names() []string {
	if st == nil {
		return nil
	}
	var names []string
	for _, l := range st.layers {
		names = append(names, l.name)
	}
	return names
}

// Endpoint is what a layer gives, by its name; nil where there is none of that name.
func (st *Stack) Endpoint(name string) *gorgonia.Node {
	if l := st.level(name); l != nil {
		return l.out
	}
	return nil
}

// Layer is what a layer built, by the name of its endpoint; nil where there is none of that name.
func (st *Stack) Layer(name string) *Built {
	if l := st.level(name); l != nil {
		return l.Built
	}
	return nil
}

// level is the layer of that name, or nil.
func (st *Stack) level(name string) *level {
	if st == nil {
		return nil
	}
	for _, l := range st.layers {
		if l.name == name {
			return l
		}
	}
	return nil
}

// Encode builds the output of the stack for another input, x, by the variables of the stack. The nodes are made in s, beneath the names of their
// layers. A layer that cannot be built for another input is a build error.
func (st *Stack) Encode(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	if st.empty() {
		return s.Fail("Encode", gorgonia.Nodes{x}, graph.SpecOf(x), errEmpty)
	}
	for _, l := range st.layers {
		if l.Built.Encode == nil {
			return s.Failf("Encode", gorgonia.Nodes{x}, "%s has no Encode", l.name)
		}
		if x = l.Built.Encode(s.NameScope(l.name), x); graph.IsBad(x) {
			return x
		}
	}
	return x
}

// Decode goes the way back through all layers: from h, in the form of Output, to a value in the form of the input, by the variables of the stack.
// With Output as h it is a deep autoencoder. The nodes are made in s, beneath the names of their layers. A layer that has no way back is a build
// error.
func (st *Stack) Decode(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
	if st.empty() {
		return s.Fail("Decode", gorgonia.Nodes{h}, graph.SpecOf(h), errEmpty)
	}
	for i := len(st.layers) - 1; i >= 0; i-- {
		l := st.layers[i]
		if l.Built.Decode == nil {
			return s.Failf("Decode", gorgonia.Nodes{h}, "%s has no way back", l.name)
		}
		if h = l.Built.Decode(s.NameScope(l.name), h); graph.IsBad(h) {
			return h
		}
	}
	return h
}

// Variables are those of all layers, from below, what serves the reconstruction among them. What optimizers keep is not.
func (st *Stack) Variables() gorgonia.Nodes {
	if st == nil {
		return nil
	}
	var all gorgonia.Nodes
	for _, l := range st.layers {
		all = append(all, l.variables()...)
	}
	return all
}

// String has a line a layer: its name and what it makes of what.
func (st *Stack) String() string {
	if st.empty() {
		return "no stack"
	}
	var lines []string
	for _, l := range st.layers {
		lines = append(lines, fmt.Sprintf("%s: %v -> %v", l.name, graph.SpecOf(l.x), graph.SpecOf(l.out)))
	}
	return strings.Join(lines, "\n")
}

// SimpleRender shows the stack in a notebook.
func (st *Stack) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": st.String()}
}
