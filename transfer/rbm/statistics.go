package rbm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/training/dataset"
)

// Statistics is what Check finds of data.
type Statistics struct {
	Examples int
	Mean     []float64 // of each feature
	Std      []float64 // population standard deviation of each feature
	Constant []int     // the features that have one value in all examples

	units Units
}

// Gaussian units have variance 1; what a standardised training set's validation data may differ by is far below these.
const (
	mostMean          = 0.5
	leastStd, mostStd = 0.5, 2
)

// Check reads every example of src once and tells whether visible units of a kind can learn it: an error names an example or a feature and says what
// is wrong. An example has one value a unit, in any shape.
//
//   - For Bernoulli units every value is from 0 to 1: 0, 1, or a probability, such as a grey level. Constant features (the corners of pictures) are
//     allowed, but not all of them.
//   - For Gaussian units every value is finite, and every feature standardised: its mean within 0.5 of 0, its standard deviation between 0.5 and 2. So
//     a constant feature, whose variance is 0, is an error.
func Check(src dataset.Source, units Units) (*Statistics, error) {
	st, err := check(context.Background(), src, units)
	return st, errors.WithMessage(err, "rbm: Check")
}

// check is Check that ends with ctx.
func check(ctx context.Context, src dataset.Source, units Units) (*Statistics, error) {
	if err := units.check(); err != nil {
		return nil, err
	}
	if src == nil {
		return nil, errors.New("the source is nil; want examples, such as a *dataset.Set")
	}
	n := src.Len()
	if n < 1 {
		return nil, errors.New("the source has no examples")
	}
	st := &Statistics{Examples: n, units: units}
	e := dataset.Example{Label: -1, Rand: rand.New(rand.NewPCG(0, 0))}
	var first []float32
	var varies []bool
	for i := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.Index, e.X, e.Shape = i, e.X[:0], e.Shape[:0]
		if err := src.Read(&e); err != nil {
			return nil, errors.WithMessagef(err, "example %d", i)
		}
		if i == 0 {
			if len(e.X) == 0 {
				return nil, errors.New("example 0 has no values")
			}
			first = append(first, e.X...)
			st.Mean, st.Std, varies = make([]float64, len(first)), make([]float64, len(first)), make([]bool, len(first))
		}
		if len(e.X) != len(first) {
			return nil, errors.Errorf("example %d has %d values, example 0 has %d; want one for each visible unit", i, len(e.X), len(first))
		}
		for j, v := range e.X {
			x := float64(v)
			if !units.takes(x) {
				return nil, errors.Errorf("example %d has %v at feature %d: %s", i, v, j, units.wants())
			}
			varies[j] = varies[j] || v != first[j]
			d := x - st.Mean[j] // Welford 1962; Std holds sums of squares so far
			st.Mean[j] += d / float64(i+1)
			st.Std[j] += d * (x - st.Mean[j])
		}
	}
	for j := range st.Std {
		st.Std[j] = math.Sqrt(st.Std[j] / float64(n))
		if !varies[j] {
			st.Constant = append(st.Constant, j)
		}
	}
	return st, st.judge()
}

func (st *Statistics) judge() error {
	switch {
	case len(st.Constant) == len(st.Mean):
		return errors.Errorf("all %d features are constant over %d examples: there is nothing to learn", len(st.Mean), st.Examples)
	case st.units != Gaussian:
		return nil
	case len(st.Constant) > 0:
		j := st.Constant[0]
		return errors.Errorf("%d of %d features are constant, such as feature %d, which is always %v; Gaussian units have variance 1: leave such features "+
			"out", len(st.Constant), len(st.Mean), j, st.Mean[j])
	}
	for j, mean := range st.Mean {
		if std := st.Std[j]; math.Abs(mean) > mostMean || std < leastStd || std > mostStd {
			return errors.Errorf("feature %d has mean %.4g and standard deviation %.4g; Gaussian units want 0 and 1: standardise the data "+
				"(dataset.NewStandardizer)", j, mean, std)
		}
	}
	return nil
}

// VisibleBias is an initializer of the visible biases that explains each unit's mean without any hidden unit (Hinton's guide, section 8):
// log(p/(1-p)) for Bernoulli units, where p is (ones + 1) / (examples + 2), so that a unit that is always 0 gets a finite bias; the mean for Gaussian
// ones.
func (st *Statistics) VisibleBias() graph.Initializer {
	bias := append([]float64(nil), st.Mean...)
	if st.units == Bernoulli {
		n := float64(st.Examples)
		for j, mean := range bias {
			bias[j] = math.Log((n*mean + 1) / (n*(1-mean) + 1))
		}
	}
	return initializers.Constant(bias)
}

// String is a line about the data.
func (st *Statistics) String() string {
	if st == nil {
		return "no statistics"
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, m := range st.Mean {
		lo, hi = math.Min(lo, m), math.Max(hi, m)
	}
	return fmt.Sprintf("%d examples for %v units: %d features, of which %d are constant, with means from %.3g to %.3g",
		st.Examples, st.units, len(st.Mean), len(st.Constant), lo, hi)
}

// SimpleRender is what a notebook shows of the statistics.
func (st *Statistics) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": st.String()}
}
