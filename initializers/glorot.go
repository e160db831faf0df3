package initializers

import "github.com/plexaura/plexaura/graph"

// GlorotUniform draws uniformly from [-limit, limit), limit = sqrt(6/(fanIn +
// fanOut)): Glorot and Bengio (2010), also called Xavier. It suits tanh,
// sigmoid and softmax. tf.glorot_uniform_initializer, the default of
// tf.layers.dense, and torch.nn.init.xavier_uniform_.
func GlorotUniform() graph.Initializer {
	return VarianceScaling(VarianceScalingConfig{Mode: FanAvg, Distribution: UniformDistribution})
}

// GlorotNormal draws from a normal of variance 2/(fanIn + fanOut), cut off at
// two standard deviations: tf.glorot_normal_initializer.
// torch.nn.init.xavier_normal_ has the same variance without the cut.
func GlorotNormal() graph.Initializer {
	return VarianceScaling(VarianceScalingConfig{Mode: FanAvg})
}
