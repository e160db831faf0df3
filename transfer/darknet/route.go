package darknet

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// route is [route]: layers joined along their channels, or of each the part number group of so many equal ones.
type route struct {
	layers        []int
	groups, group int
}

func readRoute(o options) layer {
	l := route{o.integers("layers"), o.count("groups", 1, 1), o.count("group_id", 0, 0)}
	if _, ok := o.find("layers"); !ok {
		o.problems.wrong(o.where("[route] has no layers; want numbers of layers"))
	}
	if p, ok := o.find("group_id"); ok && l.group >= l.groups {
		o.invalid(p, "a number below groups")
	}
	return l
}

func (l route) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	var parts gorgonia.Nodes
	for _, index := range l.layers {
		from, err := b.at(index)
		if err != nil {
			return b.fail(s, x, "[route]: %v", err)
		}
		part := b.image(s, from.Node)
		if l.groups > 1 {
			sp := graph.SpecOf(part)
			width := sp.Shape[3] / l.groups
			if width == 0 || width*l.groups != sp.Shape[3] {
				return b.fail(s, x, "[route]: %s is %v; want channels that are a multiple of groups=%d", from.Name, sp, l.groups)
			}
			part = ops.Slice(s, part, []int{0, 0, 0, l.group * width}, []int{-1, -1, -1, width})
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return ops.Concat(s, 3, parts...)
}

// shortcut is [shortcut]: an earlier layer added to x, then an activation.
type shortcut struct {
	from       int
	activation ops.Activation
}

func readShortcut(o options) layer {
	o.refuse("weights_type", "weights_normalization", "assisted_excitation")
	for _, key := range []string{"alpha", "beta"} {
		if o.number(key, 1) != 1 {
			p, _ := o.find(key)
			o.problems.lacks(key+"="+p.Value+" of ["+o.Name+"]", p.Line)
		}
	}
	from := o.integers("from")
	if p, ok := o.find("from"); !ok {
		o.problems.wrong(o.where("[shortcut] has no from; want the number of a layer"))
	} else if len(from) > 1 {
		o.problems.lacks("several layers in from of ["+o.Name+"]", p.Line)
	}
	if len(from) == 0 {
		from = []int{-1}
	}
	return shortcut{from[0], o.activation("linear")}
}

func (l shortcut) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	from, err := b.at(l.from)
	if err != nil {
		return b.fail(s, x, "[shortcut]: %v", err)
	}
	x = b.image(s, x)
	y := b.image(s, from.Node)
	if !graph.SpecOf(x).Shape.Eq(graph.SpecOf(y).Shape) {
		if y = l.fit(s, y, graph.SpecOf(x).Shape); y == nil {
			return b.fail(s, x, "[shortcut]: %s is %v, which cannot be added to %v; want its height and width, or the same multiple of both",
				from.Name, graph.SpecOf(from.Node), graph.SpecOf(x))
		}
	}
	return activate(s, ops.Add(s, x, y), l.activation)
}

// fit gives y the shape as Darknet does: of a larger image every second pixel, or third, and of the channels those
// that both have. It returns nil where that cannot be.
func (l shortcut) fit(s *graph.Scope, y *gorgonia.Node, shape []int) *gorgonia.Node {
	have := graph.SpecOf(y).Shape
	if have[1] != shape[1] || have[2] != shape[2] {
		if min(have[1], have[2], shape[1], shape[2]) < 1 {
			return nil
		}
		k := have[1] / shape[1]
		if k < 1 || k != have[2]/shape[2] {
			return nil
		}
		y = ops.StridedSlice(s, y, []int{0, 0, 0}, []int{ops.Open, shape[1] * k, shape[2] * k}, []int{1, k, k})
	}
	switch more := shape[3] - have[3]; {
	case more > 0:
		y = ops.Pad(s, y, [][2]int{{}, {}, {}, {0, more}}, 0)
	case more < 0:
		y = ops.Slice(s, y, []int{0, 0, 0, 0}, []int{-1, -1, -1, shape[3]})
	}
	return y
}
