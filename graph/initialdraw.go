package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// InitialDraw says how a variable gets its initial value, for those who write graphs down.
type InitialDraw struct {
	// Distribution is "uniform" on [A, B), "normal" or, cut off at two standard deviations,
	// "truncated_normal" of mean A and standard deviation B; "" where the value is not one draw.
	Distribution string
	A, B         float64
	// Value is the value where it is the same each time; nil where it is drawn, or depends on other nodes.
	Value *tensor.Dense
}

// InitialDrawOf finds out how the initializer of a variable works by calling it once: a value that
// it drew and left as it was is a distribution, one without draws is a constant. What is made
// of several draws, such as an orthogonal matrix, or of other nodes (InitialValue) is neither. An
// error is the initializer's.
func (g *Graph) InitialDrawOf(v *gorgonia.Node) (d InitialDraw, err error) {
	ni := g.lookup(v)
	if ni.kind != kindVariable {
		return d, errors.Errorf("%s is not a variable", ni.name)
	}
	defer recoverKernel(&err)
	evaluates := errors.New("it depends on other nodes")
	draws := 0
	in := &Initial{
		Name: ni.name,
		Out:  newArray(ni.spec),
		eval: func(*gorgonia.Node) (*tensor.Dense, error) { return nil, evaluates },
	}
	in.drew = func(distribution string, a, b float64) {
		d.Distribution, d.A, d.B = distribution, a, b
		strew(in.Out, false)
		draws++
	}
	err = ni.variable.initializer.Initialize(in)
	switch {
	case errors.Is(err, evaluates):
		return InitialDraw{}, nil
	case err != nil:
		return InitialDraw{}, errors.Wrapf(err, "initial value of variable %s", ni.name)
	case draws == 0:
		return InitialDraw{Value: tensorOf(in.Out)}, nil
	case draws > 1 || !strew(in.Out, true):
		return InitialDraw{}, nil
	}
	return d, nil
}

// sample are the elements by which InitialDrawOf recognises a draw: all of a small array, so many of a large one.
const sample = 1 << 14

// strew puts numbers from -1/2 to 1/2 into a sample of a, which an initializer does not leave as they are by chance; with check
// set it tells whether it did.
func strew(a *Array, check bool) (same bool) {
	state, step := uint32(1), max(1, a.size/sample)
	for i := 0; i < a.size; i += step {
		state = state*1664525 + 1013904223 // the linear congruential generator of Numerical Recipes
		v := float32(state>>8)/(1<<24) - 0.5
		switch {
		case check && (a.dtype == tensor.Float64 && a.Float64s()[i] != float64(v) || a.dtype == tensor.Float32 && a.Float32s()[i] != v):
			return false
		case check:
		case a.dtype == tensor.Float64:
			a.Float64s()[i] = float64(v)
		default:
			a.Float32s()[i] = v
		}
	}
	return true
}
