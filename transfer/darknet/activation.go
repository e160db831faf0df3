package darknet

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// activations are those of Darknet's activations.h that are known; a nil one does nothing.
var activations = map[string]ops.Activation{
	"linear":   nil,
	"leaky":    ops.LeakyReLUWith(0.1),
	"relu":     ops.ReLU,
	"relu6":    ops.ReLU6,
	"relie":    ops.LeakyReLUWith(0.01),
	"ramp":     ramp,
	"logistic": ops.Sigmoid,
	"loggy":    loggy,
	"tanh":     ops.Tanh,
	"hardtan":  ops.HardTanhWith(-1, 1),
	"elu":      ops.ELUWith(1),
	"selu":     ops.SELU,
	"swish":    ops.SiLU,
	"mish":     ops.Mish,
}

// ramp is x + .1*x where x > 0 and .1*x elsewhere.
func ramp(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.Add(s, ops.ReLU(s, x), ops.Scale(s, x, 0.1))
}

// loggy is 2/(1 + exp(-x)) - 1.
func loggy(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.Tanh(s, ops.Scale(s, x, 0.5))
}

// activation reads the option of that name.
func (o options) activation(otherwise string) ops.Activation {
	name := o.word("activation", otherwise)
	a, ok := activations[name]
	if !ok {
		p, _ := o.find("activation")
		o.problems.lacks("activation="+name, p.Line)
	}
	return a
}

// activationLayer is [activation].
type activationLayer struct{ activation ops.Activation }

func readActivation(o options) layer { return activationLayer{o.activation("linear")} }

func (l activationLayer) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return activate(s, x, l.activation)
}

func activate(s *graph.Scope, x *gorgonia.Node, a ops.Activation) *gorgonia.Node {
	if a == nil {
		return x
	}
	return a(s, x)
}
