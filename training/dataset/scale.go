package dataset

import (
	"math"

	"github.com/pkg/errors"
)

// Scale returns the set with X*factor + offset in place of X: Scale(2, -1) takes
// pixels from 0..1 to -1..1. X must be float32.
func (s *Set) Scale(factor, offset float64) (*Set, error) {
	x, data, err := s.floats()
	if err != nil {
		return nil, s.wrap(err, "Scale")
	}
	out := make(vec[float32], len(data))
	for i, v := range data {
		out[i] = float32(float64(v)*factor + offset)
	}
	return s.with(x.tensor(out, x.n), s.Y), nil
}

// Standardizer brings features to mean 0 and standard deviation 1. Its numbers
// come from the training set, and every other set is treated with the same ones:
//
//	z, err := dataset.NewStandardizer(train)
//	train, err = z.Apply(train)
//	test, err = z.Apply(test)
type Standardizer struct {
	Mean []float64 // of each feature, in the order of an example's elements
	Std  []float64 // population standard deviation; 1 for a feature that is constant
}

// NewStandardizer computes the mean and the standard deviation of each feature
// over the examples of train (divisor n). A constant feature, such as a pixel
// that is always 0, gets Std 1, so that Apply only centres it. X must be float32
// and finite.
func NewStandardizer(train *Set) (*Standardizer, error) {
	x, data, err := train.floats()
	if err != nil {
		return nil, train.wrap(err, "NewStandardizer")
	}
	z := &Standardizer{Mean: make([]float64, x.width), Std: make([]float64, x.width)}
	constant := make([]bool, x.width)
	for j := range constant {
		constant[j] = true
	}
	for i := 0; i < x.n; i++ {
		for j, v := range data[i*x.width : (i+1)*x.width] {
			z.Mean[j] += float64(v)
			constant[j] = constant[j] && v == data[j]
		}
	}
	for j := range z.Mean {
		z.Mean[j] /= float64(x.n)
	}
	for i := 0; i < x.n; i++ {
		for j, v := range data[i*x.width : (i+1)*x.width] {
			d := float64(v) - z.Mean[j]
			z.Std[j] += d * d
		}
	}
	for j := range z.Std {
		z.Std[j] = math.Sqrt(z.Std[j] / float64(x.n))
		if math.IsNaN(z.Std[j]) || math.IsInf(z.Std[j], 0) {
			return nil, train.wrap(errors.Errorf("feature %d holds NaN or an infinity; drop or fill those examples", j), "NewStandardizer")
		}
		if constant[j] || z.Std[j] == 0 {
			z.Std[j] = 1
		}
	}
	return z, nil
}

// Apply returns the set with (X - Mean) / Std in place of X. Its examples must
// have as many elements as those the Standardizer was made from.
func (z *Standardizer) Apply(s *Set) (*Set, error) {
	x, data, err := s.floats()
	if err != nil {
		return nil, s.wrap(err, "Standardizer.Apply")
	}
	if z == nil || len(z.Mean) != x.width || len(z.Std) != x.width {
		have := 0
		if z != nil {
			have = len(z.Mean)
		}
		return nil, s.wrap(errors.Errorf("the Standardizer was made for examples of %d elements, these have %d", have, x.width), "Standardizer.Apply")
	}
	out := make(vec[float32], len(data))
	for i := range out {
		j := i % x.width
		out[i] = float32((float64(data[i]) - z.Mean[j]) / z.Std[j])
	}
	return s.with(x.tensor(out, x.n), s.Y), nil
}

// floats reads X where it must be float32.
func (s *Set) floats() (rows, []float32, error) {
	x, _, err := s.rows()
	if err != nil {
		return x, nil, err
	}
	data, ok := x.data.raw().([]float32)
	if !ok {
		return x, nil, errors.Errorf("X: wanted float32, came %v", s.X.Dtype())
	}
	return x, data, nil
}
