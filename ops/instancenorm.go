package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// InstanceNormConfig configures InstanceNorm. The zero value is that of
// tf.contrib.layers.instance_norm.
type InstanceNormConfig struct {
	// Epsilon is added to the variance: default 1e-6, not negative.
	// torch.nn.InstanceNorm2d has 1e-5.
	Epsilon float64

	// NoCenter leaves beta out and NoScale gamma; torch.nn.InstanceNorm2d, unless
	// affine=True, has neither.
	NoCenter, NoScale bool

	Gamma graph.Initializer // default ones
	Beta  graph.Initializer // default zeros

	// NotTrainable keeps gamma and beta out of TrainableVariables.
	NotTrainable bool

	DataFormat DataFormat // default ChannelsLast
}

// InstanceNorm normalises each channel of each example by its own mean and
// variance, then scales it by gamma and shifts it by beta: Ulyanov, Vedaldi and
// Lempitsky (2016). It is GroupNorm with a group for each channel; shapes, variables
// and gradients are the same.
//
// TF: tf.contrib.layers.instance_norm. PyTorch: torch.nn.InstanceNorm2d. Dtypes: float. Gradient: yes.
func InstanceNorm(s *graph.Scope, x *gorgonia.Node, cfg InstanceNormConfig) *gorgonia.Node {
	return GroupNormConfig{Epsilon: cfg.Epsilon, NoCenter: cfg.NoCenter, NoScale: cfg.NoScale, Gamma: cfg.Gamma, Beta: cfg.Beta,
		NotTrainable: cfg.NotTrainable, DataFormat: cfg.DataFormat}.layer(s, x, "InstanceNorm")
}
