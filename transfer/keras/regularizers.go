package keras

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// regularizer reads a loss of weights, nil for none. Those that there are not are listed among what is ignored: they matter in training only.
func (o *options) regularizer(key string) ops.Regularizer {
	name, c := o.named(key)
	var r ops.Regularizer
	switch lettersOf(name) {
	case "":
		return nil
	case "l1":
		r = ops.L1(c.number("l1", c.number("l", 0.01)))
	case "l2":
		r = ops.L2(2 * c.number("l2", c.number("l", 0.01))) // Keras' has no half
	case "l1l2":
		otherwise := 0.0
		if c.fields == nil {
			otherwise = 0.01
		}
		r = ops.L1L2(c.number("l1", otherwise), 2*c.number("l2", otherwise))
	}
	if r == nil || c.err != nil {
		o.ignore(key, name, c.err)
		return nil
	}
	return r
}

// constraint reads what weights are kept to, nil for nothing.
func (o *options) constraint(key string) graph.Constraint {
	name, c := o.named(key)
	axes := c.integers("axis")
	if axes == nil {
		axes = []int{0}
	}
	var constraint graph.Constraint
	switch lettersOf(name) {
	case "":
		return nil
	case "maxnorm":
		constraint = ops.MaxNorm(c.number("max_value", 2), axes...)
	case "minmaxnorm":
		constraint = ops.MinMaxNorm(c.number("min_value", 0), c.number("max_value", 1), c.number("rate", 1), axes...)
	case "nonneg":
		constraint = ops.NonNeg()
	case "unitnorm":
		constraint = ops.UnitNorm(axes...)
	}
	if constraint == nil || c.err != nil {
		o.ignore(key, name, c.err)
		return nil
	}
	return constraint
}

// ignore lists what training alone would need, with what is wrong with it, nil where it is merely not supported.
func (o *options) ignore(key, name string, wrong error) {
	what := key + " " + name
	if wrong != nil {
		what += ", " + wrong.Error()
	}
	if o.take(findingBytes+int64(len(what))) == nil {
		o.ignored = append(o.ignored, what)
	}
}

// named reads an object that is its class and config, or the name of the class alone.
func (o *options) named(key string) (name string, c *options) {
	c = o.within(nil)
	if !o.has(key) || o.decode(o.fields[key], &name) == nil {
		return name, c
	}
	var f object
	if o.decode(o.fields[key], &f) != nil || len(f.Config) > 0 && c.decodeFields(f.Config) != nil {
		return string(o.fields[key][:min(100, len(o.fields[key]))]), c
	}
	return f.Class, c
}
