package autoencoder

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Corruption spoils a batch, float32 or float64 [batch, ...], anew in every Run; what it draws follows from the graph's seed. The input of a
// denoising autoencoder is spoilt so, and it is to reconstruct what was there before (Vincent, Larochelle, Lajoie, Bengio and Manzagol, "Stacked
// denoising autoencoders", 2010).
type Corruption func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node

// Masking sets each value to 0 with a probability, at least 0 and below 1, and leaves the others as they are.
func Masking(share float64) Corruption {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.Scale(s, ops.Dropout(s, x, share, always(s)), 1-share) // without what Dropout multiplies by
	}
}

// Gaussian adds to each value a number from the normal distribution with mean 0 and this standard deviation.
func Gaussian(stddev float64) Corruption {
	return func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.GaussianNoise(s, x, stddev, always(s))
	}
}

// always is a training flag that is on.
func always(s *graph.Scope) *gorgonia.Node { return graph.Const(s, true) }
