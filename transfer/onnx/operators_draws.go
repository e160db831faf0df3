package onnx

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Draws are as our ops make them: by the graph's seed, whatever seed the model names, since that is of another generator.

// drawnDtype is that of the attribute, or otherwise.
func (c *call) drawnDtype(otherwise tensor.Dtype) (tensor.Dtype, error) {
	if _, ok := c.Attributes["dtype"]; !ok {
		return otherwise, nil
	}
	dt, ok := dtypes[int64(c.int("dtype", 0))].Working()
	if !ok {
		return dt, errors.Errorf("it draws numbers of the data type %d", c.int("dtype", 0))
	}
	return dt, nil
}

// draw makes numbers of a distribution that has the given attributes, of a shape that is an attribute, or the input's.
func draw(first, second string, otherwise float64, f func(s *graph.Scope, a, b float64, cfg ops.RandomConfig, shape ...int) *gorgonia.Node, like bool) operator {
	return func(c *call) ([]*value, error) {
		shape, dt := c.list("shape"), tensor.Float32
		if like {
			x, err := c.x(0)
			if err != nil {
				return nil, err
			}
			if shape = graph.SpecOf(x).Shape; !graph.SpecOf(x).Known() {
				return nil, errors.Errorf("it draws numbers of the shape %v; want one that is known when the graph is built", shape)
			}
			if graph.SpecOf(x).IsFloat() {
				dt = graph.SpecOf(x).Dtype
			}
		}
		dt, err := c.drawnDtype(dt)
		if err != nil {
			return nil, err
		}
		return one(f(c.s, c.float(first, 0), c.float(second, otherwise), ops.RandomConfig{Dtype: dt}, shape...)), nil
	}
}

func bernoulli(c *call) ([]*value, error) {
	p, err := c.x(0)
	if err != nil {
		return nil, err
	}
	dt, err := c.drawnDtype(graph.SpecOf(p).Dtype)
	if err != nil {
		return nil, err
	}
	return one(ops.Bernoulli(c.s, p, ops.RandomConfig{Dtype: dt})), nil
}

// multinomial draws classes by the logarithms of their weights.
func multinomial(c *call) ([]*value, error) {
	logits, err := c.x(0)
	if err != nil {
		return nil, err
	}
	dt, err := c.drawnDtype(tensor.Int32)
	if err != nil {
		return nil, err
	}
	return one(ops.Categorical(c.s, logits, c.int("sample_size", 1), ops.RandomConfig{Dtype: dt})), nil
}

// windowOf weighs a piece of a signal: a sum of cosines over its length.
func windowOf(factors ...float64) operator {
	return func(c *call) ([]*value, error) {
		n, err := c.integers(0)
		if err != nil {
			return nil, err
		}
		if len(n) != 1 || n[0] < 1 || n[0] > mostPixels {
			return nil, errors.Errorf("its size is %v; want one number of 1 to %d", n, mostPixels)
		}
		over := n[0]
		if c.int("periodic", 1) == 0 {
			over--
		}
		v := make([]float64, n[0])
		for i := range v {
			for k, a := range factors {
				v[i] += a * math.Cos(2*math.Pi*float64(k*i)/float64(max(over, 1)))
			}
		}
		dt, ok := dtypes[int64(c.int("output_datatype", 1))].Working()
		if !ok {
			return nil, errors.Errorf("its data type is %d; want a number", c.int("output_datatype", 1))
		}
		return one(ops.Cast(c.s, graph.Const(c.s, tensor.New(tensor.WithShape(n[0]), tensor.WithBacking(v))), dt)), nil
	}
}

// eyeLike is 1 on a diagonal of a matrix of the input's shape.
func eyeLike(c *call) ([]*value, error) {
	x, err := c.x(0)
	if err != nil {
		return nil, err
	}
	sp := graph.SpecOf(x)
	if sp.Rank() != 2 || !sp.Known() {
		return nil, errors.Errorf("x is %v; want a matrix whose shape is known when the graph is built", sp)
	}
	dt, err := c.drawnDtype(sp.Dtype)
	if err != nil {
		return nil, err
	}
	k := c.int("k", 0)
	rows, columns := sp.Shape[0], sp.Shape[1]
	if k <= -rows || k >= columns {
		return one(ops.Zeros(c.s, dt, rows, columns)), nil
	}
	// A larger unit matrix, of which the part lies |k| to the side.
	whole := ops.Eye(c.s, dt, rows+max(k, 0), columns+max(-k, 0))
	return one(ops.Slice(c.s, whole, []int{max(k, 0), max(-k, 0)}, []int{rows, columns})), nil
}
