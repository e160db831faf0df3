package finetune

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/training/dataset"
)

// standardize gives the head the mean and the variance of each feature over the training pictures. Features of networks differ in size a hundredfold; so
// one learning rate suits all.
func (t *Tuning) standardize(features dataset.Source) error {
	mean, variance, err := moments(features)
	if err != nil {
		return err
	}
	return t.Session.SetValues(map[*gorgonia.Node]interface{}{t.mean: mean, t.variance: variance})
}

// moments are the mean and the population variance of each element of the examples (Welford, "Note on a method for
// calculating corrected sums of squares and products", 1962).
func moments(src dataset.Source) (mean, variance []float32, err error) {
	var e dataset.Example
	var m, s []float64
	for e.Index = range src.Len() {
		if err := src.Read(&e); err != nil {
			return nil, nil, err
		}
		if m == nil {
			m, s = make([]float64, len(e.X)), make([]float64, len(e.X))
		}
		if len(e.X) != len(m) {
			return nil, nil, errors.Errorf("example %d has %d features, those before it %d", e.Index, len(e.X), len(m))
		}
		for i, v := range e.X {
			d := float64(v) - m[i]
			m[i] += d / float64(e.Index+1)
			s[i] += d * (float64(v) - m[i])
		}
	}
	mean, variance = make([]float32, len(m)), make([]float32, len(m))
	for i := range m {
		mean[i], variance[i] = float32(m[i]), float32(s[i]/float64(src.Len()))
	}
	return mean, variance, nil
}
