package metrics

import (
	"math"

	"github.com/pkg/errors"
)

// Mean is the mean of numbers, such as the losses of batches weighted by their
// sizes. Unlike the others it has no labels: Add takes its numbers. tf.metrics.mean.
type Mean struct{ sum, weights float64 }

// Add adds a number.
func (m *Mean) Add(value float64) error { return m.AddWeighted(value, 1) }

// AddWeighted adds a number that counts as much as its weight says: 0 or more. A
// NaN, or an infinite weight, is an error.
func (m *Mean) AddWeighted(value, weight float64) error {
	if math.IsNaN(value) {
		return errors.New("the value is NaN")
	}
	if !(weight >= 0) || math.IsInf(weight, 1) {
		return errors.Errorf("the weight is %v; want a finite number, 0 or more", weight)
	}
	if weight > 0 {
		m.sum, m.weights = m.sum+value*weight, m.weights+weight
	}
	return nil
}

// Value returns the mean, NaN of nothing.
func (m *Mean) Value() float64 { return m.sum / m.weights }

// Reset forgets all numbers.
func (m *Mean) Reset() { *m = Mean{} }

// Merge adds the numbers of another mean.
func (m *Mean) Merge(other *Mean) { m.sum, m.weights = m.sum+other.sum, m.weights+other.weights }

// MarshalBinary returns the state.
func (m *Mean) MarshalBinary() ([]byte, error) { return save("mean", m.sum, m.weights) }

// UnmarshalBinary takes up the state that MarshalBinary returned.
func (m *Mean) UnmarshalBinary(data []byte) error {
	var next Mean
	if err := load(data, "mean", &next.sum, &next.weights); err != nil {
		return err
	}
	*m = next
	return nil
}

// addAll adds numbers that the caller has checked.
func (m *Mean) addAll(values []float64) {
	for _, v := range values {
		m.sum += v
	}
	m.weights += float64(len(values))
}
