package training

import (
	"cmp"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// settings is what the configs of all optimizers have.
type settings struct {
	name         string
	learningRate float64
	schedule     *gorgonia.Node
	globalStep   *gorgonia.Node
	multipliers  []Multiplier
}

// Multiplier multiplies the learning rate of the variables whose name a pattern
// matches, as in graph.Graph.Variables: {"hidden1/.*", 0.1}
// trains the first layer ten times slower. Of several that match a variable,
// the first counts. Caffe's lr_mult; PyTorch's parameter groups.
type Multiplier struct {
	Pattern string  // a pattern that matches no variable is an error
	Factor  float64 // positive; graph.Zero for zero, which keeps the variables as they are
}

// start takes over what all configs have; otherwise is the name where none is
// given.
func (o *optimizer) start(otherwise string, cfg settings) {
	o.name = cmp.Or(cfg.name, otherwise)
	o.rate.node, o.rate.factor, o.globalStep = cfg.schedule, 1, cfg.globalStep
	if cfg.schedule == nil {
		o.rate.value = required(&o.err, "LearningRate", cfg.learningRate)
	}
	o.multipliers = append([]Multiplier(nil), cfg.multipliers...)
	for i := range o.multipliers {
		m := &o.multipliers[i]
		field := "the Factor of Multiplier " + m.Pattern
		m.Factor = required(&o.err, field, m.Factor)
		nonNegative(&o.err, field, m.Factor)
	}
}

// rateFor returns the learning rate of a variable.
func (o *optimizer) rateFor(v *gorgonia.Node) rate {
	r := o.rate
	if factor, ok := o.factors[v]; ok {
		r.factor = factor
	}
	return r
}

// match finds the factors of the variables of a graph, for rateFor, and those
// that do not decay.
func (o *optimizer) match(g *graph.Graph) (err error) {
	if o.constant, err = notDecaying(g, o.noDecay); err != nil {
		return err
	}
	o.factors = map[*gorgonia.Node]float64{}
	for _, m := range o.multipliers {
		vars, err := g.Select(graph.GlobalVariables, m.Pattern)
		if err != nil {
			return errors.WithMessage(err, "Multipliers")
		}
		for _, v := range vars {
			if _, before := o.factors[v]; !before {
				o.factors[v] = m.Factor
			}
		}
	}
	return nil
}
