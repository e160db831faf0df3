package darknet

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// dropout is [dropout].
type dropout struct{ probability float64 }

func readDropout(o options) layer {
	o.refuse("dropblock", "dropblock_size_rel", "dropblock_size_abs")
	l := dropout{o.number("probability", 0.5)}
	if p, ok := o.find("probability"); ok && !(l.probability >= 0 && l.probability < 1) {
		o.invalid(p, "a number from 0 up and below 1")
	}
	return l
}

func (l dropout) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	if b.training == nil {
		return x
	}
	return ops.Dropout(s, x, l.probability, b.training)
}

// softmax is [softmax], over all numbers of an image or, where spatial is set, over the channels of each pixel.
type softmax struct {
	temperature float64
	spatial     bool
}

func readSoftmax(o options) layer {
	o.refuse("tree")
	if groups := o.count("groups", 1, 1); groups != 1 {
		p, _ := o.find("groups")
		o.problems.lacks("groups="+p.Value+" of ["+o.Name+"]", p.Line)
	}
	l := softmax{o.number("temperature", 1), o.flag("spatial")}
	if p, ok := o.find("temperature"); ok && !(l.temperature > 0) {
		o.invalid(p, "a positive number")
	}
	return l
}

func (l softmax) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	if !l.spatial {
		x = b.vector(s, x)
	}
	if l.temperature != 1 {
		x = ops.Scale(s, x, 1/l.temperature)
	}
	return ops.Softmax(s, x)
}

// cost is [cost], which matters in training only.
type cost struct{}

func readCost(o options) layer { return cost{} }

func (cost) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return x }
