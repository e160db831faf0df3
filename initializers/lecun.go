package initializers

import "github.com/plexaura/plexaura/graph"

// LeCunNormal draws from a normal of variance 1/fanIn, cut off at two standard
// deviations: LeCun, Bottou, Orr and Müller (1998). SELU needs it.
// tf.variance_scaling_initializer() and tf.keras.initializers.lecun_normal.
func LeCunNormal() graph.Initializer { return VarianceScaling(VarianceScalingConfig{}) }

// LeCunUniform draws uniformly from [-limit, limit), limit = sqrt(3/fanIn):
// tf.keras.initializers.lecun_uniform.
func LeCunUniform() graph.Initializer {
	return VarianceScaling(VarianceScalingConfig{Distribution: UniformDistribution})
}
