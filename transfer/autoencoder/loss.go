package autoencoder

import (
	"context"
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// Loss says how far a reconstruction is from what it is one of.
type Loss int

const (
	// SquaredError is the mean of (y - x)^2 over all values.
	SquaredError Loss = iota
	// CrossEntropy is that of the values as probabilities, x of 0 to 1 and y = sigmoid(logits): the mean of -x*log(y) - (1-x)*log(1-y) over all values.
	CrossEntropy
)

// String is the loss's name.
func (l Loss) String() string {
	switch l {
	case SquaredError:
		return "SquaredError"
	case CrossEntropy:
		return "CrossEntropy"
	}
	return fmt.Sprintf("Loss(%d)", int(l))
}

// known returns an error for a Loss that is none of these.
func (l Loss) known() error {
	if l != SquaredError && l != CrossEntropy {
		return errors.Errorf("Loss is %v; want autoencoder.SquaredError or autoencoder.CrossEntropy", l)
	}
	return nil
}

// of is the mean loss of a batch: y is the reconstruction, or its logits.
func (l Loss) of(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
	if l == CrossEntropy {
		return ops.Mean(s, ops.SigmoidCrossEntropy(s, x, y))
	}
	return ops.MeanSquaredError(s, x, y)
}

// ofExample is the loss summed over the values of an example and averaged over the batch, as a negative log-likelihood in nats: of Bernoulli
// variables, or of normal ones with variance 1, less a constant.
func (l Loss) ofExample(s *graph.Scope, x, y *gorgonia.Node) *gorgonia.Node {
	each := ops.Flatten(s, y)
	if l == CrossEntropy {
		each = ops.SigmoidCrossEntropy(s, ops.Flatten(s, x), each)
	} else {
		each = ops.Scale(s, ops.SquaredError(s, ops.Flatten(s, x), each), 0.5)
	}
	return ops.Mean(s, ops.Sum(s, each, 1))
}

// check reads all examples before a training: CrossEntropy wants values of 0 to 1.
func (l Loss) check(ctx context.Context, _ *graph.Session, examples dataset.Source) error {
	if l == CrossEntropy {
		return pretrain.Check(ctx, examples, 0, 1)
	}
	return pretrain.Check(ctx, examples, -math.MaxFloat64, math.MaxFloat64)
}
