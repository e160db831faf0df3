package graph

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/philox"
)

// Initializer gives a variable its initial value.
type Initializer interface {
	// Initialize fills v.Out, which holds zeros.
	Initialize(v *Initial) error
}

// Initial is what an Initializer works with.
type Initial struct {
	Name string // the variable's name
	Out  *Array // the value to fill, of the variable's dtype and shape

	random philox.Stream
	eval   func(n *gorgonia.Node) (*tensor.Dense, error)
	drew   func(distribution string, a, b float64) // is called instead of drawing, where not nil
}

// Eval computes a node of the graph; the variables it depends on are
// initialised first.
func (v *Initial) Eval(n *gorgonia.Node) (*tensor.Dense, error) { return v.eval(n) }

// Uniform fills Out with draws from [lo, hi). The draws of this and the other
// methods depend on the graph's seed, the variable's name, the element's index
// and how often the variable was initialised, and on nothing else.
func (v *Initial) Uniform(lo, hi float64) error {
	return v.draw(philox.FillUniform[float32], philox.FillUniform[float64], "uniform", lo, hi)
}

// Normal fills Out with draws from the normal distribution.
func (v *Initial) Normal(mean, stddev float64) error {
	return v.draw(philox.FillNormal[float32], philox.FillNormal[float64], "normal", mean, stddev)
}

// TruncatedNormal fills Out with draws from the normal distribution cut off at
// two standard deviations from the mean.
func (v *Initial) TruncatedNormal(mean, stddev float64) error {
	return v.draw(philox.FillTruncatedNormal[float32], philox.FillTruncatedNormal[float64], "truncated_normal", mean, stddev)
}

// draw fills Out from a distribution with parameters a and b.
func (v *Initial) draw(f32 filler[float32], f64 filler[float64], distribution string, a, b float64) error {
	switch {
	case !isFloat(v.Out.dtype):
		return errors.Errorf("variable %s is %v; a random initial value needs float32 or float64", v.Name, v.Out.dtype)
	case v.drew != nil:
		v.drew(distribution, a, b)
	case v.Out.dtype == tensor.Float32:
		f32(elements[float32](v.Out), v.random, 0, float32(a), float32(b))
	default:
		f64(elements[float64](v.Out), v.random, 0, a, b)
	}
	return nil
}

// filler is one of package philox's fillers.
type filler[T philox.Float] func(dst []T, s philox.Stream, offset int, a, b T)

// valueOf initialises a variable with a fixed value.
type valueOf struct{ value *Array }

func (i valueOf) Initialize(v *Initial) error {
	v.Out.copyFrom(i.value)
	return nil
}

// InitializerOf returns what gives a variable its initial value, and nil for any other node.
func (g *Graph) InitializerOf(v *gorgonia.Node) Initializer {
	if ni := g.lookup(v); ni.kind == kindVariable {
		return ni.variable.initializer
	}
	return nil
}

// InitialValue returns an initializer that evaluates a node, which may depend
// on other variables: those are initialised first.
func InitialValue(n *gorgonia.Node) Initializer { return nodeInitializer{n} }

type nodeInitializer struct{ node *gorgonia.Node }

// String names the node.
func (i nodeInitializer) String() string {
	if g := Of(i.node); g != nil {
		return "InitialValue(" + g.NameOf(i.node) + ")"
	}
	return "InitialValue"
}

func (i nodeInitializer) Initialize(v *Initial) error {
	t, err := v.Eval(i.node)
	if err != nil {
		return err
	}
	a := arrayOf(t)
	if a.dtype != v.Out.dtype || !slices.Equal(a.shape, v.Out.shape) {
		return errors.Errorf("the initial value is %v; want %v", Spec{a.dtype, a.shape}, Spec{v.Out.dtype, v.Out.shape})
	}
	v.Out.copyFrom(a)
	return nil
}
