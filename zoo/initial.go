package zoo

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
)

// heFanOut draws kernels by He's rule for the way back, normally and untruncated: what torchvision's
// kaiming_normal_(mode="fan_out", nonlinearity="relu") draws.
func heFanOut() graph.Initializer {
	return initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: 2, Mode: initializers.FanOut, Distribution: initializers.NormalDistribution})
}

// uniformFanIn draws kernels uniformly from -1/sqrt(fan-in) to that: PyTorch's default.
func uniformFanIn() graph.Initializer {
	return initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: 1. / 3, Distribution: initializers.UniformDistribution})
}
