package training

import (
	"cmp"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// rate is a learning rate: a number, or a node that wins over it.
type rate struct {
	value  float64
	node   *gorgonia.Node
	factor float64 // multiplies either
}

// inputs returns the inputs of an update op, the node of the rate last.
func (r rate) inputs(inputs ...*gorgonia.Node) gorgonia.Nodes {
	if r.node != nil {
		inputs = append(inputs, r.node)
	}
	return inputs
}

// in returns the rate of this call; in stands at the end of the inputs.
func (r rate) in(c *graph.Call) float64 {
	if r.node == nil {
		return r.factor * r.value
	}
	return r.factor * scalar(c.In[len(c.In)-1])
}

// attrs returns the op's attributes: the rate, if it is a number, and others.
func (r rate) attrs(others map[string]interface{}) map[string]interface{} {
	attrs := map[string]interface{}{}
	if r.node == nil {
		attrs["learning_rate"] = r.factor * r.value
	} else if r.factor != 1 {
		attrs["multiplier"] = r.factor
	}
	for k, v := range others {
		attrs[k] = v
	}
	return attrs
}

func (r rate) check(g *graph.Graph) error {
	switch {
	case r.node == nil && !(r.value >= 0 && !math.IsInf(r.value, 1)):
		return errors.Errorf("LearningRate is %v; want a positive number", r.value)
	case r.node == nil || graph.IsBad(r.node):
		return nil
	case r.node.Graph() != g.Expr():
		return errors.New("Schedule belongs to another graph")
	}
	if sp := graph.SpecOf(r.node); !sp.IsFloat() || sp.Rank() != 0 {
		return errors.Errorf("Schedule %s is %v; want a scalar of float32 or float64 (ops.Cast converts)", g.NameOf(r.node), sp)
	}
	return nil
}

// scalar reads a float32 or float64 scalar.
func scalar(a *graph.Array) float64 {
	if a.Dtype() == tensor.Float32 {
		return float64(a.Float32s()[0])
	}
	return a.Float64s()[0]
}

// orDefault reads a number of a config: zero means the default, graph.Zero zero.
func orDefault(x, otherwise float64) float64 {
	if x == graph.Zero {
		return 0
	}
	return cmp.Or(x, otherwise)
}

// required reads a number that has no default: zero must be said as graph.Zero.
func required(err *error, field string, x float64) float64 {
	if x == 0 && *err == nil {
		*err = errors.Errorf("%s is 0, which is what it is when left out; set it, to graph.Zero if it is meant to be zero", field)
	}
	return orDefault(x, 0)
}

// fraction reports a number outside [0, 1).
func fraction(err *error, field string, x float64) {
	if !(x >= 0 && x < 1) && *err == nil {
		*err = errors.Errorf("%s is %v; want a number in [0, 1)", field, x)
	}
}

// nonNegative reports a number below zero, an infinite one and NaN.
func nonNegative(err *error, field string, x float64) {
	if !(x >= 0 && !math.IsInf(x, 1)) && *err == nil {
		*err = errors.Errorf("%s is %v; want a positive number or zero", field, x)
	}
}

// positive reports a number that is not above zero, an infinite one and NaN.
func positive(err *error, field string, x float64) {
	if !(x > 0 && !math.IsInf(x, 1)) && *err == nil {
		*err = errors.Errorf("%s is %v; want a positive number", field, x)
	}
}
