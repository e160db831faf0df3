package metrics

import (
	"cmp"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// TopK is the fraction of examples whose label is among the K classes of the greatest logits.
// Update takes labels [...], int, int32, int64, uint8 or bool, and logits [..., classes], float32
// or float64. As in ops.InTopK, fewer than K logits may be greater than the label's, so that of
// classes tied at the boundary all count as in, and a label whose logit is infinite is out.
// tf.keras.metrics.top_k_categorical_accuracy.
type TopK struct {
	K int // 1 or more; default 5

	hits share
}

// Update implements Metric.
func (k *TopK) Update(labels, logits tensor.Tensor) error {
	n := cmp.Or(k.K, 5)
	if n < 0 {
		return errors.Errorf("K is %d; want 1 or more", n)
	}
	y, x, classes, err := rows(labels, logits)
	if err != nil {
		return err
	}
	for i, label := range y {
		row := x[i*classes : (i+1)*classes]
		greater := 0
		for _, v := range row {
			if v > row[label] {
				greater++
			}
		}
		k.hits.add(greater < n && !math.IsInf(row[label], 0))
	}
	return nil
}

// Value returns the fraction, NaN of no example.
func (k *TopK) Value() float64 { return k.hits.value() }

// Reset implements Metric.
func (k *TopK) Reset() { k.hits = share{} }

// Merge adds the examples of another one, which has the same K.
func (k *TopK) Merge(other *TopK) { k.hits.merge(other.hits) }

// MarshalBinary implements Metric; K is not part of the state.
func (k *TopK) MarshalBinary() ([]byte, error) { return k.hits.save("topk") }

// UnmarshalBinary implements Metric.
func (k *TopK) UnmarshalBinary(data []byte) error { return k.hits.load(data, "topk") }
