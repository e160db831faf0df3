package metrics

import (
	"gorgonia.org/tensor"
)

// meanLoss is a metric that is the mean of a loss of each element.
type meanLoss struct{ mean Mean }

// update adds a loss of each difference.
func (m *meanLoss) update(labels, predictions tensor.Tensor, loss func(d float64) float64) error {
	y, p, err := pairs(labels, predictions)
	if err != nil {
		return err
	}
	for i := range y {
		p[i] = loss(y[i] - p[i])
	}
	m.mean.addAll(p)
	return nil
}

// Value returns the mean, NaN of no element.
func (m *meanLoss) Value() float64 { return m.mean.Value() }

// Reset implements Metric.
func (m *meanLoss) Reset() { m.mean.Reset() }

// MarshalBinary implements Metric.
func (m *meanLoss) MarshalBinary() ([]byte, error) { return m.mean.MarshalBinary() }

// UnmarshalBinary implements Metric.
func (m *meanLoss) UnmarshalBinary(data []byte) error { return m.mean.UnmarshalBinary(data) }
