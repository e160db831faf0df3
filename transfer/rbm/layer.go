package rbm

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// Layer is a Config as a layer of a pretrain.Stack: a stack of them is a deep belief net (Hinton, Osindero and Teh, "A fast learning algorithm for
// deep belief nets", 2006). A layer gives the probabilities of its hidden units, which are the data of the machine above; its way back are those of
// the visible units.
//
//	stack, err := pretrain.Build(s, x, rbm.Layer{Hidden: 500, LearningRate: 0.05}, rbm.Layer{Hidden: 250, LearningRate: 0.05})
//
// Before the first step all examples are read, as Check does. An Optimizer is one of the layer's own: two layers that share one share its counts.
type Layer Config

// Build implements pretrain.Layer.
func (l Layer) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	r := New(s, x, Config(l))
	if err := s.Graph().Err(); err != nil {
		return nil, err
	}
	return &pretrain.Built{
		Output:     r.Features,
		Error:      r.ReconstructionError,
		FreeEnergy: r.MeanFreeEnergy,
		Step:       r.Step,
		Begin:      l.check,
		Encode:     r.Hidden,
		Decode:     r.Visible,
	}, nil
}

// check is Check; of a Set in float64, which is no Source of its values, it is what there is of it for both dtypes.
func (l Layer) check(ctx context.Context, _ *graph.Session, examples dataset.Source) error {
	if set, ok := examples.(*dataset.Set); ok && set != nil && set.X != nil && set.X.Dtype() == tensor.Float64 {
		low, high := Config(l).Visible.limits()
		return pretrain.Check(ctx, examples, low, high)
	}
	_, err := check(ctx, examples, l.Visible)
	return errors.WithMessage(err, "rbm: Check")
}

// limits are the least and the largest value that a unit may have.
func (u Units) limits() (low, high float64) {
	if u == Gaussian {
		return -math.MaxFloat64, math.MaxFloat64
	}
	return 0, 1
}
