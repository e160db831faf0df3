package metrics

import (
	"math"

	"gorgonia.org/tensor"
)

// MSE is the mean of (label - prediction)^2 over all elements. Update takes predictions, float32 or
// float64, and labels of the same shape, which may be integers. tf.metrics.mean_squared_error;
// scikit-learn's mean_squared_error.
type MSE struct{ meanLoss }

// Update implements Metric.
func (m *MSE) Update(labels, predictions tensor.Tensor) error {
	return m.update(labels, predictions, square)
}

// Merge adds the elements of another one.
func (m *MSE) Merge(other *MSE) { m.mean.Merge(&other.mean) }

// MAE is the mean of |label - prediction|, otherwise as MSE. tf.metrics.mean_absolute_error; scikit-learn's
// mean_absolute_error.
type MAE struct{ meanLoss }

// Update implements Metric.
func (m *MAE) Update(labels, predictions tensor.Tensor) error {
	return m.update(labels, predictions, math.Abs)
}

// Merge adds the elements of another one.
func (m *MAE) Merge(other *MAE) { m.mean.Merge(&other.mean) }

// RMSE is the square root of MSE, in the units of the labels. tf.metrics.root_mean_squared_error.
type RMSE struct{ meanLoss }

// Update implements Metric.
func (m *RMSE) Update(labels, predictions tensor.Tensor) error {
	return m.update(labels, predictions, square)
}

// Value returns the root of the mean, NaN of no element.
func (m *RMSE) Value() float64 { return math.Sqrt(m.mean.Value()) }

// Merge adds the elements of another one.
func (m *RMSE) Merge(other *RMSE) { m.mean.Merge(&other.mean) }

func square(d float64) float64 { return d * d }
