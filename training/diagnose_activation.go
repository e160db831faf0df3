package training

import (
	"math"
	"strings"

	"gorgonia.org/gorgonia"
)

// activation says what is known of a layer's nonlinearity.
type activation struct {
	name string               // "" for none
	flat func(y float64) bool // whether a unit with output y is saturated; nil where that means nothing
}

func (k activation) known() bool { return k.name != "" }

// flatShare is the share of the steepest slope below which a unit counts as
// saturated.
const flatShare = 0.1

// saturating are the activations with two flat ends (ReLU6: one beside that of
// ReLU), by the names of their ops. The slope is told from the output.
var saturating = map[string]func(y float64) bool{
	"sigmoid":      func(y float64) bool { return 4*y*(1-y) < flatShare },
	"tanh":         func(y float64) bool { return 1-y*y < flatShare },
	"softsign":     func(y float64) bool { d := 1 - math.Abs(y); return d*d < flatShare },
	"hard_sigmoid": func(y float64) bool { return y <= 0 || y >= 1 },
	"hard_tanh":    func(y float64) bool { return y <= -1 || y >= 1 },
	"relu6":        func(y float64) bool { return y >= 6 },
}

// unbounded are the other activations.
var unbounded = map[string]bool{
	"relu": true, "leaky_relu": true, "prelu": true, "rrelu": true, "elu": true, "selu": true, "celu": true, "gelu": true, "silu": true, "swish": true,
	"mish": true, "hard_swish": true, "softplus": true, "log_sigmoid": true, "threshold": true, "glu": true, "cube": true,
}

// activationOf returns what is known of n as an activation; the zero value where
// it is none.
func (a *anatomy) activationOf(n *gorgonia.Node) activation {
	name := strings.ToLower(a.opName(n))
	k := activation{name: name, flat: saturating[name]}
	if k.flat == nil && !unbounded[name] {
		return activation{}
	}
	def, _ := a.g.OpOf(n)
	lo, isLo := def.Attrs["lo"].(float64)
	hi, isHi := def.Attrs["hi"].(float64)
	if name == "hard_tanh" && isLo && isHi {
		k.flat = func(y float64) bool { return y <= lo || y >= hi }
	}
	return k
}

// elementwise tells whether an op with a learned operand of rank 2 is no layer
// for all that: a learned position, a slope or a scale.
func elementwise(name string) bool {
	switch name {
	case "Add", "Sub", "Mul", "Div", "BiasAdd", "Maximum", "Minimum", "Where", "Pow", "SquaredDifference", "LayerNorm",
		"prelu", "rrelu", "Concat", "Stack", "Merge", "Switch":
		return true
	}
	return isNativeArithmetic(name)
}

// isNativeArithmetic tells whether a Gorgonia op is an elementwise operation on
// two operands, which it names as "+ false" (Add) or "⊙ false".
func isNativeArithmetic(name string) bool {
	return strings.HasSuffix(name, " false") || strings.HasSuffix(name, " true")
}

// passes tells whether an op between a product and its activation leaves the
// layer the same layer: a bias, another shape of the same elements, noise.
func (a *anatomy) passes(n *gorgonia.Node) bool {
	if def, ok := a.g.OpOf(n); ok && def.Alias != nil {
		return true
	}
	name := a.opName(n)
	switch name {
	case "BiasAdd", "Add", "Merge", "Cast", "Transpose", "LayerNorm":
		return true
	}
	return strings.HasPrefix(name, "+ ") || strings.HasPrefix(name, "Reshape") || strings.HasPrefix(name, "Broadcast")
}
