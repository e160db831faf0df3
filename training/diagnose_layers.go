package training

import (
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// layer is a product of data with trainable weights and what follows it up to
// the activation, as found in a graph.
type layer struct {
	name    string
	kernels gorgonia.Nodes // trainable variables of rank 2 or more in the product's weights
	product *gorgonia.Node
	data    *gorgonia.Node // what is multiplied by the weights
	pre     *gorgonia.Node // what enters the activation
	act     *gorgonia.Node // what leaves it; pre where there is none
	kind    activation
	level   int  // how many products lie before it, at most
	hidden  bool // another layer follows
	norm    *batchNorm
}

// batchNorm is a batch normalisation in a layer.
type batchNorm struct {
	x              *gorgonia.Node // what it normalises
	mean, variance *gorgonia.Node // the moving statistics; nil where they are no variables
}

// anatomy is what is found of the layers that a loss depends on.
type anatomy struct {
	g         *graph.Graph
	order     gorgonia.Nodes // the loss's ancestors, inputs first
	consumers map[*gorgonia.Node]gorgonia.Nodes
	join      map[*gorgonia.Node]*gorgonia.Node // the next node that all ways to the loss pass
	depth     map[*gorgonia.Node]int            // of a node in the tree of joins
	data      map[*gorgonia.Node]bool           // depends on what is not a variable or a scalar
	weights   map[*gorgonia.Node]gorgonia.Nodes // kernels that a node made of variables alone depends on
	products  map[*gorgonia.Node]bool
	layers    []*layer
	flags     map[*gorgonia.Node]bool // scalar bools that switch batch norm or noise on
	switches  map[*gorgonia.Node]bool // the Merges that they switch
}

// dissect finds the layers between the inputs and the loss. A layer is known by
// its product: an op, ours, a user's or Gorgonia's, whose one input is made of
// trainable variables of rank 2 or more alone and whose other input is not. So
// hand-made layers, shared towers, tied and factorised weights are found as
// well, and nothing needs to be registered.
func dissect(g *graph.Graph, loss *gorgonia.Node) *anatomy {
	a := &anatomy{
		g:         g,
		consumers: map[*gorgonia.Node]gorgonia.Nodes{},
		join:      map[*gorgonia.Node]*gorgonia.Node{},
		depth:     map[*gorgonia.Node]int{},
		data:      map[*gorgonia.Node]bool{},
		weights:   map[*gorgonia.Node]gorgonia.Nodes{},
		products:  map[*gorgonia.Node]bool{},
		flags:     map[*gorgonia.Node]bool{},
		switches:  map[*gorgonia.Node]bool{},
	}
	a.sort(loss)
	a.findJoins()
	a.findProducts()
	a.findLevels()
	for _, l := range a.layers {
		a.follow(l)
	}
	a.findFlags()
	a.nameLayers()
	return a
}

// findProducts finds the layers' products.
func (a *anatomy) findProducts() {
	for _, n := range a.order {
		in := a.g.InputsOf(n)
		switch {
		case a.g.IsVariable(n):
			if graph.SpecOf(n).Rank() >= 2 && graph.SpecOf(n).IsFloat() && isTrainable(a.g, n) {
				a.weights[n] = gorgonia.Nodes{n}
			}
			continue
		case len(in) == 0:
			a.data[n] = graph.SpecOf(n).Rank() > 0
			continue
		}
		if def, ok := a.g.OpOf(n); ok && def.Draws {
			a.data[n] = true
		}
		var kernels gorgonia.Nodes
		var data *gorgonia.Node
		for _, x := range in {
			a.data[n] = a.data[n] || a.data[x]
			kernels = append(kernels, a.weights[x]...)
			if a.weights[x] == nil && a.data[x] && graph.SpecOf(x).Rank() > 0 && data == nil {
				data = x
			}
		}
		switch {
		case len(kernels) > 0 && data != nil && !elementwise(a.opName(n)):
			a.products[n] = true
			a.layers = append(a.layers, &layer{product: n, data: data, kernels: distinct(kernels), pre: n, act: n})
		case len(kernels) > 0 && !a.data[n] && graph.SpecOf(n).Rank() >= 2:
			a.weights[n] = distinct(kernels)
		}
	}
}

func isTrainable(g *graph.Graph, v *gorgonia.Node) bool { return slices.Contains(g.Trainable(), v) }

func distinct(nodes gorgonia.Nodes) gorgonia.Nodes {
	var out gorgonia.Nodes
	for _, n := range nodes {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// findLevels counts the products before each product.
func (a *anatomy) findLevels() {
	level := map[*gorgonia.Node]int{} // products at or before a node
	leads := map[*gorgonia.Node]bool{}
	byProduct := map[*gorgonia.Node]*layer{}
	for _, l := range a.layers {
		byProduct[l.product] = l
	}
	for _, n := range a.order {
		for _, in := range a.g.InputsOf(n) {
			level[n] = max(level[n], level[in])
		}
		if l := byProduct[n]; l != nil {
			l.level = level[n]
			level[n]++
		}
	}
	for i := len(a.order) - 1; i >= 0; i-- {
		n := a.order[i]
		for _, c := range a.consumers[n] {
			leads[n] = leads[n] || leads[c] || a.products[c]
		}
		if l := byProduct[n]; l != nil {
			l.hidden = leads[n]
		}
	}
}

// nameLayers names a layer after its kernel: hidden1 for hidden1/kernel; after its
// product as well where several layers share one.
func (a *anatomy) nameLayers() {
	count := map[string]int{}
	for _, l := range a.layers {
		l.name = a.g.NameOf(l.kernels[0])
		if i := strings.LastIndex(l.name, "/"); i > 0 {
			l.name = l.name[:i]
		}
		count[l.name]++
	}
	for _, l := range a.layers {
		if count[l.name] > 1 {
			l.name = fmt.Sprintf("%s (%s)", l.name, a.g.NameOf(l.product))
		}
	}
}

// opName returns the kind of a node's op, ours or Gorgonia's; "" for inputs.
func (a *anatomy) opName(n *gorgonia.Node) string {
	if def, ok := a.g.OpOf(n); ok {
		return def.Name
	}
	if n.Op() == nil {
		return ""
	}
	return n.Op().String()
}
