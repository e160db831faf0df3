package initializers

import "github.com/plexaura/plexaura/graph"

// He draws from a normal of variance 2/fanIn, cut off at two standard
// deviations: He, Zhang, Ren and Sun (2015). It suits ReLU, its variants and
// ELU. tf.keras.initializers.he_normal; torch.nn.init.kaiming_normal_ has the
// same variance without the cut.
//
// tf.variance_scaling_initializer() is not He but LeCun: its scale is 1.
func He() graph.Initializer { return VarianceScaling(VarianceScalingConfig{Scale: 2}) }

// HeUniform draws uniformly from [-limit, limit), limit = sqrt(6/fanIn):
// tf.keras.initializers.he_uniform and torch.nn.init.kaiming_uniform_.
func HeUniform() graph.Initializer {
	return VarianceScaling(VarianceScalingConfig{Scale: 2, Distribution: UniformDistribution})
}
