package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// BroadcastLike repeats x to the shape of like, as NumPy broadcasts. Only the
// shape of like is used; when it is that of x the result is x itself. The
// elementwise ops broadcast on their own, without the copy that this makes.
//
// Any dtype. The gradient is grad, summed to the shape of x.
//
// TF: tf.broadcast_to. PyTorch: Tensor.expand_as. Dtypes: any. Gradient: yes.
func BroadcastLike(s *graph.Scope, x, like *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "BroadcastLike",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 2 {
				return graph.Spec{}, errors.Errorf("takes two inputs, but %d came", len(in))
			}
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}
			if !broadcastsTo(in[0].Shape, in[1].Shape) {
				return out, errors.Errorf("x is %v, which cannot be repeated to the shape of %v: aligned at the last axis, its sizes must be equal or 1", in[0], in[1])
			}
			return out, nil
		},
		ShapeOnly: []int{1},
		Alias:     aliasWhenEqualSize,
		Kernel: pullWith(func(b *graph.Binding) (*layout, error) {
			return broadcastLayout(b.Out.Shape, b.In[0])
		}),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{SumTo(s, grad, in[0]), nil}
		},
	}, x, like)
}

// broadcastsTo tells whether an array of shape in may be repeated to shape out.
func broadcastsTo(in, out tensor.Shape) bool {
	shift := len(out) - len(in)
	if shift < 0 {
		return false
	}
	for i, d := range in {
		if e := out[shift+i]; d != e && d != 1 && d >= 0 && e >= 0 {
			return false
		}
	}
	return true
}

// spread undoes a reduction of like: it repeats x along the given axes of like,
// which x lacks, or has with size 1 when kept. As the gradient of a mean it
// divides by the number of repetitions, when divide is set.
func spread(s *graph.Scope, x, like *gorgonia.Node, axes []int, kept, divide bool) *gorgonia.Node {
	name := "Spread"
	if divide {
		name = "SpreadMean"
	}
	def := graph.OpDef{
		Name:  name,
		Attrs: map[string]interface{}{"axes": axes, "keep_dims": kept},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[1].Shape}
			reduced, err := reducedAxes(axes, in[1].Rank())
			if err != nil {
				return out, err
			}
			if want := reducedShape(in[1].Shape, reduced, kept); !graph.Compatible(in[0].Shape, want) {
				return out, errors.Errorf("x is %v; want shape %v", in[0], want)
			}
			return out, nil
		},
		ShapeOnly: []int{1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			if divide {
				return gorgonia.Nodes{mean(s, grad, axes, kept), nil}
			}
			return gorgonia.Nodes{sum(s, grad, axes, kept), nil}
		},
	}
	plan := func(b *graph.Binding) (*layout, error) {
		reduced, err := reducedAxes(axes, len(b.Out.Shape))
		if err != nil {
			return nil, err
		}
		strides := make([]int, len(reduced))
		own := rowMajor(reducedShape(b.Out.Shape, reduced, false))
		for a := range strides {
			if !reduced[a] {
				strides[a], own = own[0], own[1:]
			}
		}
		return newLayout(b.Out.Shape, strides)
	}
	if divide {
		def.Kernel = byDtype{f32: spreadQuotient[float32](plan), f64: spreadQuotient[float64](plan)}.first
	} else {
		def.Kernel = pullWith(plan)
		def.Alias = aliasWhenEqualSize
	}
	return graph.Apply(s, def, x, like)
}

// spreadQuotient repeats x, divided by the number of repetitions.
func spreadQuotient[T float](plan func(b *graph.Binding) (*layout, error)) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := plan(b)
		if err != nil {
			return nil, err
		}
		n := sizeOf(b.In[0].Shape)
		if n == 0 || l.rows == 0 {
			return pull[T](l), nil
		}
		count := T(sizeOf(b.Out.Shape) / n)
		quotients := b.Scratch(b.Out.Dtype, n)
		repeat := pullFrom[T](l, func(c *graph.Call) []T { return elements[T](c.Scratch[quotients]) })
		return func(c *graph.Call) error {
			q := elements[T](c.Scratch[quotients])
			for i, v := range elements[T](c.In[0]) {
				q[i] = v / count
			}
			return repeat(c)
		}, nil
	}
}
