package keras

import (
	"encoding/json"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// regularizer reads a loss of weights, nil for none. Those that there are not are listed among what is ignored: they matter in training only.
func (o *options) regularizer(key string) ops.Regularizer {
	name, c := o.named(key)
	switch lettersOf(name) {
	case "":
		return nil
	case "l1":
		return ops.L1(c.number("l1", c.number("l", 0.01)))
	case "l2":
		return ops.L2(2 * c.number("l2", c.number("l", 0.01))) // Keras' has no half
	case "l1l2":
		otherwise := 0.0
		if c.fields == nil {
			otherwise = 0.01
		}
		return ops.L1L2(c.number("l1", otherwise), 2*c.number("l2", otherwise))
	}
	o.ignore(key, name)
	return nil
}

// constraint reads what weights are kept to, nil for nothing.
func (o *options) constraint(key string) graph.Constraint {
	name, c := o.named(key)
	axes := c.integers("axis")
	if axes == nil {
		axes = []int{0}
	}
	switch lettersOf(name) {
	case "":
		return nil
	case "maxnorm":
		return ops.MaxNorm(c.number("max_value", 2), axes...)
	case "minmaxnorm":
		return ops.MinMaxNorm(c.number("min_value", 0), c.number("max_value", 1), c.number("rate", 1), axes...)
	case "nonneg":
		return ops.NonNeg()
	case "unitnorm":
		return ops.UnitNorm(axes...)
	}
	o.ignore(key, name)
	return nil
}

func (o *options) ignore(key, name string) { o.ignored = append(o.ignored, key+" "+name) }

// named reads an object that is its class and config, or the name of the class alone.
func (o *options) named(key string) (name string, c *options) {
	c = o.within(nil)
	if !o.has(key) || json.Unmarshal(o.fields[key], &name) == nil {
		return name, c
	}
	var f object
	if json.Unmarshal(o.fields[key], &f) != nil || len(f.Config) > 0 && json.Unmarshal(f.Config, &c.fields) != nil {
		return string(o.fields[key][:min(100, len(o.fields[key]))]), c
	}
	return f.Class, c
}
