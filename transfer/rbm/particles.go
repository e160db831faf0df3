package rbm

import (
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// firstParticles is the initializer of fantasy particles: each unit 0 or 1 with equal probability, or from the standard normal distribution.
type firstParticles struct{ units Units }

// Initialize implements graph.Initializer.
func (i firstParticles) Initialize(v *graph.Initial) error {
	if i.units == Gaussian {
		return v.Normal(0, 1)
	}
	if err := v.Uniform(0, 1); err != nil {
		return err
	}
	if v.Out.Dtype() == tensor.Float64 {
		toss(v.Out.Float64s())
	} else {
		toss(v.Out.Float32s())
	}
	return nil
}

func toss[T float](x []T) {
	for i, u := range x {
		x[i] = 0
		if u < 0.5 {
			x[i] = 1
		}
	}
}
