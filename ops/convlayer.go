package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// convLayer is what the layers that convolve have in common: variables beside a
// convolution, a bias, an activation.
type convLayer struct {
	name        string
	format      DataFormat
	filters     int // channels that come out
	bias        graph.Initializer
	noBias      bool
	activation  Activation
	regularizer Regularizer
	constraint  graph.Constraint
}

// build makes the layer for x, of so many axes. spatial are the sizes of the kernel and
// problem what is wrong with the config; convolve computes the result from x with the
// channels last, of which there are in.
func (l convLayer) build(s *graph.Scope, x *gorgonia.Node, rank int, size []int, problem error,
	convolve func(s *graph.Scope, x *gorgonia.Node, in int) *gorgonia.Node) *gorgonia.Node {
	if x == nil {
		return s.Failf(l.name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	fail := func(err error) *gorgonia.Node {
		return s.Fail(l.name, gorgonia.Nodes{x}, graph.Spec{Dtype: sp.Dtype, Shape: unknownShape(rank)}, err)
	}
	if problem == nil {
		problem = l.format.check()
	}
	if problem != nil {
		return fail(problem)
	}
	if l.filters < 1 {
		return fail(errors.Errorf("filters is %d; want a positive number", l.filters))
	}
	for _, d := range size {
		if d < 1 {
			return fail(errors.Errorf("the size of the kernel is %v; want positive numbers", size))
		}
	}
	if sp.Rank() != rank {
		return fail(errors.Errorf("x is %v; want %s (ops.Reshape and ops.ExpandDims add axes)", sp, l.format.layout(rank)))
	}
	if err := floats.check(sp); err != nil {
		return fail(errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", sp))
	}
	in := sp.Shape[l.format.channelAxis(rank)]
	switch {
	case graph.IsBad(x):
		return fail(errors.New("x could not be built"))
	case in < 0:
		return fail(errors.Errorf("x is %v; the number of channels must be known, because it is that of the kernel", sp))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		y := convolve(s, l.format.toLast(s, x), in)
		if !l.noBias {
			if l.bias == nil {
				l.bias = initializers.Zeros()
			}
			bias := graph.Variable(s, "bias", tensor.Shape{l.filters}, graph.VariableConfig{Dtype: sp.Dtype, Initializer: l.bias})
			y = BiasAdd(s, y, bias)
		}
		y = l.format.fromLast(s, y)
		if l.activation != nil {
			y = l.activation(s, y)
		}
		return y
	})
}

// kernel makes the variable of a kernel.
func (l convLayer) kernel(s *graph.Scope, name string, dtype tensor.Dtype, init graph.Initializer, shape ...int) *gorgonia.Node {
	if init == nil {
		init = initializers.GlorotUniform()
	}
	return regularized(s, name, l.regularizer, func() *gorgonia.Node {
		return graph.Variable(s, name, tensor.Shape(shape), graph.VariableConfig{Dtype: dtype, Initializer: init, Constraint: l.constraint})
	})
}

// unknownShape is a shape of which only the number of axes is known.
func unknownShape(rank int) tensor.Shape {
	shape := make(tensor.Shape, rank)
	for a := range shape {
		shape[a] = graph.Unknown
	}
	return shape
}
