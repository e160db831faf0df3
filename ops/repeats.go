package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// repeats says how often x is repeated: along each axis the axis as a whole,
// and every single element. A list that is too short goes on with ones.
type repeats struct {
	name  string
	attrs map[string]interface{}
	tiles []int
	each  []int
}

func (r repeats) apply(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  r.name,
		Attrs: r.attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[0].Shape.Clone()}
			if n := max(len(r.tiles), len(r.each)); n > out.Rank() {
				return out, errors.Errorf("x is %v; there are %d numbers of repetitions, more than it has axes", in[0], n)
			}
			for a, d := range out.Shape {
				n := entry(r.tiles, a, 1) * entry(r.each, a, 1)
				if n < 0 {
					return out, errors.Errorf("axis %d is repeated %d times; want 0 or more", a, n)
				}
				if n == 0 {
					out.Shape[a] = 0
				} else if d >= 0 {
					out.Shape[a] = d * n
				}
			}
			return out, nil
		},
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) {
			x := b.In[0].Shape
			var strides []int
			for _, own := range rowMajor(x) {
				strides = append(strides, 0, own, 0)
			}
			return newLayout(r.parts(x), strides)
		}),
		Alias: aliasWhenEqualSize,
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(r.back(s, grad, in[0]))
		},
	}, x)
}

// parts is the shape of the result with three axes for each of x: which tile,
// which element, which of its repetitions.
func (r repeats) parts(x tensor.Shape) tensor.Shape {
	shape := tensor.Shape{}
	for a, d := range x {
		shape = append(shape, entry(r.tiles, a, 1), d, entry(r.each, a, 1))
	}
	return shape
}

// back adds grad up over the repetitions of the elements of x, of which only
// the shape is used.
func (r repeats) back(s *graph.Scope, grad, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  r.name + "Grad",
		Attrs: r.attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}, nil
		},
		ShapeOnly: []int{1},
		Alias:     aliasWhenEqualSize,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			parts := r.parts(b.Out.Shape)
			reduced := make([]bool, len(parts))
			for i := range reduced {
				reduced[i] = i%3 != 1
			}
			// A sum over the axes of grad with the repetitions set apart.
			apart := *b
			apart.In = []graph.Spec{{Dtype: b.In[0].Dtype, Shape: parts}}
			kernel, err := sums(reduced).first(&apart)
			in := b.In
			*b = apart
			b.In = in
			return kernel, err
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{r.apply(s, grad), nil}
		},
	}, grad, x)
}
