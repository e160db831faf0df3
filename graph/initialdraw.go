package graph

import (
	"bytes"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/philox"
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
	var drawn []byte
	in := &Initial{
		Name:   ni.name,
		Out:    newArray(ni.spec),
		random: philox.New(philox.Key(g.cfg.Seed, ni.name), 0),
		eval:   func(*gorgonia.Node) (*tensor.Dense, error) { return nil, evaluates },
	}
	in.drew = func(distribution string, a, b float64) {
		d.Distribution, d.A, d.B = distribution, a, b
		drawn = append([]byte(nil), in.Out.bytes()...)
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
	case draws > 1 || !bytes.Equal(drawn, in.Out.bytes()):
		return InitialDraw{}, nil
	}
	return d, nil
}
