package training

import "github.com/pkg/errors"

// momentParameters reads Beta1, Beta2 and Epsilon of a config.
func momentParameters(err *error, beta1, beta2, epsilon, otherwise float64) adamParameters {
	p := adamParameters{beta1: orDefault(beta1, 0.9), beta2: orDefault(beta2, 0.999), epsilon: orDefault(epsilon, otherwise)}
	fraction(err, "Beta1", p.beta1)
	fraction(err, "Beta2", p.beta2)
	if !(p.epsilon > 0) && *err == nil {
		*err = errors.Errorf("Epsilon is %v; want a positive number", p.epsilon)
	}
	return p
}
