package keras

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// A mask, bool [batch, length], says which elements of sequences count. Masking and Embedding make it, recurrent layers leave out the others, and
// layers that see each element by itself pass it on. Layers that Keras does not give masks to drop it.

// passing are layers that pass the mask of their input on.
var passing = []string{"Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2", "Dense", "Dropout", "ELU",
	"GaussianDropout", "GaussianNoise", "LayerNormalization", "LeakyReLU", "PReLU", "ReLU", "SpatialDropout1D", "ThresholdedReLU", "TimeDistributed", "UnitNormalization"}

// reading are layers other than recurrent ones that compute something else of what is masked.
var reading = []string{"Add", "Average", "Concatenate", "GlobalAveragePooling1D", "Maximum", "Minimum", "Multiply", "Softmax", "Subtract"}

// mask notes the mask of a value, if it has one.
func (im *importer) mask(x, mask *gorgonia.Node) {
	if mask != nil {
		im.masks[x] = mask
	}
}

// passMask passes the masks of a layer's inputs on to its outputs, or refuses them.
func (im *importer) passMask(class string, in, out gorgonia.Nodes) error {
	for _, x := range in {
		switch mask := im.masks[x]; {
		case mask == nil:
		case slices.Contains(reading, class):
			return errors.New("it is called with a masked sequence, which is not supported here")
		case slices.Contains(passing, class):
			im.mask(out[0], mask)
		}
	}
	return nil
}

// readMasking leaves out elements of a sequence that have the value mask_value everywhere, which become zero.
func readMasking(o *options) build {
	value := o.number("mask_value", 0)
	return single(func(c *call, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := rank(x, 3); err != nil {
			return nil, err
		}
		counts := ops.NotEqual(c.s, x, graph.ConstOf(c.s, x.Dtype(), value))
		y := ops.Mul(c.s, x, ops.Cast(c.s, ops.AnyKeep(c.s, counts, -1), graph.SpecOf(x).Dtype))
		c.im.mask(y, ops.Any(c.s, counts, -1))
		return y, nil
	})
}

// stepsOf takes a mask apart, into [batch, 1] for each step; nil is no mask.
func (c *call) stepsOf(mask *gorgonia.Node, backwards bool) gorgonia.Nodes {
	if mask == nil {
		return nil
	}
	steps := ops.Unstack(c.s, ops.ExpandDims(c.s, mask, 2), 1)
	if backwards {
		slices.Reverse(steps)
	}
	return steps
}
