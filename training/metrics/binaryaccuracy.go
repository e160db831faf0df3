package metrics

import (
	"cmp"
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// BinaryAccuracy is the fraction of examples whose class, of two, was predicted. Update takes
// labels 0 or 1 of any dtype and float32 or float64 predictions of class 1, either of them [n] or
// [n, 1], or both of one shape [...]. Class 1 is predicted above Threshold.
// tf.keras.metrics.BinaryAccuracy.
type BinaryAccuracy struct {
	// Threshold is above what class 1 is predicted; default 0.5, of probabilities; graph.Zero for
	// zero, of logits.
	Threshold float64

	hits share
}

// Update implements Metric.
func (a *BinaryAccuracy) Update(labels, predictions tensor.Tensor) error {
	p, shape, err := floats("predictions", predictions)
	if err != nil {
		return err
	}
	y, of, err := numbers("labels", labels)
	if err != nil {
		return err
	}
	if !slices.Equal(withoutColumn(of), withoutColumn(shape)) {
		return errors.Errorf("the labels have shape %v, the predictions %v; want one shape, or [n] and [n, 1] (Accuracy takes [n, classes])", of, shape)
	}
	threshold := cmp.Or(a.Threshold, 0.5)
	if math.IsNaN(threshold) || math.IsInf(threshold, 0) {
		return errors.Errorf("Threshold is %v; want a number", a.Threshold)
	}
	for i, v := range y {
		if v != 0 && v != 1 {
			return errors.Errorf("label %d is %v; want 0 or 1", i, v)
		}
	}
	for i, v := range y {
		a.hits.add(p[i] > threshold == (v == 1))
	}
	return nil
}

// withoutColumn is the shape [n] of [n, 1].
func withoutColumn(shape tensor.Shape) tensor.Shape {
	if len(shape) == 2 && shape[1] == 1 {
		return shape[:1]
	}
	return shape
}

// Value returns the accuracy, NaN of no example.
func (a *BinaryAccuracy) Value() float64 { return a.hits.value() }

// Reset implements Metric.
func (a *BinaryAccuracy) Reset() { a.hits = share{} }

// Merge adds the examples of another accuracy.
func (a *BinaryAccuracy) Merge(other *BinaryAccuracy) { a.hits.merge(other.hits) }

// MarshalBinary implements Metric; Threshold is not part of the state.
func (a *BinaryAccuracy) MarshalBinary() ([]byte, error) { return a.hits.save("binary_accuracy") }

// UnmarshalBinary implements Metric.
func (a *BinaryAccuracy) UnmarshalBinary(data []byte) error {
	return a.hits.load(data, "binary_accuracy")
}
