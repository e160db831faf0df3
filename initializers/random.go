package initializers

import (
	"fmt"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// RandomUniform draws uniformly from [lo, hi): tf.random_uniform_initializer.
// lo may equal hi.
func RandomUniform(lo, hi float64) graph.Initializer { return randomUniform{lo, hi} }

type randomUniform struct{ lo, hi float64 }

// String is the call that makes it.
func (i randomUniform) String() string { return fmt.Sprintf("RandomUniform(%v, %v)", i.lo, i.hi) }

// Initialize implements graph.Initializer.
func (i randomUniform) Initialize(v *graph.Initial) error {
	if !(i.lo <= i.hi) || !finite(i.hi-i.lo) {
		return errors.Errorf("RandomUniform draws from [%v, %v); want finite limits, the lower one first", i.lo, i.hi)
	}
	return v.Uniform(i.lo, i.hi)
}

// RandomNormal draws from the normal distribution:
// tf.random_normal_initializer. A standard deviation of 0 gives the mean.
func RandomNormal(mean, stddev float64) graph.Initializer { return randomNormal{mean, stddev} }

type randomNormal struct{ mean, stddev float64 }

// String is the call that makes it.
func (i randomNormal) String() string { return fmt.Sprintf("RandomNormal(%v, %v)", i.mean, i.stddev) }

// Initialize implements graph.Initializer.
func (i randomNormal) Initialize(v *graph.Initial) error {
	if err := checkNormal("RandomNormal", i.mean, i.stddev); err != nil {
		return err
	}
	return v.Normal(i.mean, i.stddev)
}

// TruncatedNormal draws from the normal distribution conditioned on values
// within two standard deviations of the mean: tf.truncated_normal_initializer.
// stddev is that before the cut; .8796 of it remains.
func TruncatedNormal(mean, stddev float64) graph.Initializer { return truncatedNormal{mean, stddev} }

type truncatedNormal struct{ mean, stddev float64 }

// String is the call that makes it.
func (i truncatedNormal) String() string {
	return fmt.Sprintf("TruncatedNormal(%v, %v)", i.mean, i.stddev)
}

// Initialize implements graph.Initializer.
func (i truncatedNormal) Initialize(v *graph.Initial) error {
	if err := checkNormal("TruncatedNormal", i.mean, i.stddev); err != nil {
		return err
	}
	return v.TruncatedNormal(i.mean, i.stddev)
}

func checkNormal(name string, mean, stddev float64) error {
	if !(stddev >= 0) || !finite(stddev) || !finite(mean) {
		return errors.Errorf("%s has mean %v and standard deviation %v; want finite numbers, the second not negative", name, mean, stddev)
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
