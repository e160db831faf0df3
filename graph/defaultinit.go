package graph

import "math"

// defaultInitializer is what a Variable without an Initializer gets, as
// TensorFlow's get_variable does: Glorot uniform for floats, zeros otherwise.
type defaultInitializer struct{}

func (defaultInitializer) Initialize(v *Initial) error {
	if !isFloat(v.Out.dtype) {
		return nil // Out holds zeros
	}
	in, out := Fans(v.Out.shape)
	limit := math.Sqrt(6 / math.Max(1, float64(in+out)))
	return v.Uniform(-limit, limit)
}

// String says what it does.
func (defaultInitializer) String() string { return "default (GlorotUniform for floats)" }
