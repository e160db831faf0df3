package ops

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// span is what is taken along one axis: count elements, step apart, from one
// on. A count may be unknown while the graph is built.
type span struct{ from, step, count int }

// whole is the span of all of an axis.
func whole(size int) span { return span{0, 1, size} }

// strided takes a span of every axis of x.
type strided struct {
	name  string
	attrs map[string]interface{}
	spans func(x graph.Spec) ([]span, error)
	drop  []int // axes that disappear, whose count is 1
}

func (p strided) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, p.def(), x)
}

func (p strided) def() graph.OpDef {
	return graph.OpDef{
		Name:  p.name,
		Attrs: p.attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[0].Shape}
			spans, err := p.spans(in[0])
			if err != nil {
				return out, err
			}
			dropped := make([]bool, len(spans))
			for _, a := range p.drop {
				dropped[a] = true
			}
			out.Shape = reducedShape(counts(spans), dropped, false)
			return out, nil
		},
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) { return p.layout(b.In[0]) }),
		Alias: func(in []graph.Spec, out graph.Spec) int {
			spans, err := p.spans(in[0])
			if err != nil {
				return -1
			}
			for a, sp := range spans {
				if d := in[0].Shape[a]; d < 0 || sp.count != d || d > 1 && (sp.from != 0 || sp.step != 1) {
					return -1
				}
			}
			return 0
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(p.back(s, grad, in[0]))
		},
	}
}

// back puts grad at the places that p takes, into zeros of the shape of x, of
// which nothing else is used.
func (p strided) back(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	plan := func(b *graph.Binding) (*layout, error) { return p.layout(b.In[1]) }
	return graph.Apply(s, graph.OpDef{
		Name:  p.name + "Grad",
		Attrs: p.attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}, nil
		},
		ShapeOnly: []int{1},
		Kernel:    bySize{pushAs[uint8](plan), pushAs[uint32](plan), pushAs[uint64](plan)}.first,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{p.apply(s, grad), nil}
		},
	}, grad, x)
}

// layout walks what is taken of x.
func (p strided) layout(x graph.Spec) (*layout, error) {
	spans, err := p.spans(x)
	if err != nil {
		return nil, err
	}
	strides := rowMajor(x.Shape)
	first := 0
	for a, sp := range spans {
		first += sp.from * strides[a]
		strides[a] *= sp.step
	}
	l, err := newLayout(counts(spans), strides)
	if err != nil {
		return nil, err
	}
	l.base[0] = first
	return l, nil
}

// counts is the shape of what the spans take.
func counts(spans []span) tensor.Shape {
	shape := make(tensor.Shape, len(spans))
	for a, sp := range spans {
		shape[a] = sp.count
	}
	return shape
}

// alongAxis makes the rule of an op that takes a span of one axis and the whole
// of the others.
func alongAxis(axis int, take func(x graph.Spec, axis int) (span, error)) func(x graph.Spec) ([]span, error) {
	return func(x graph.Spec) ([]span, error) {
		a, err := axisOf(axis, x.Rank())
		if err != nil {
			return nil, err
		}
		spans := make([]span, x.Rank())
		for k, d := range x.Shape {
			spans[k] = whole(d)
		}
		spans[a], err = take(x, a)
		return spans, err
	}
}
