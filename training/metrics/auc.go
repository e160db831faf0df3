package metrics

import (
	"encoding/binary"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/metric"
)

// AUC is the area under the ROC curve: the probability that an example of label 1 has a higher
// score than one of label 0, where ties count half. Update takes labels 0 and 1, int, int32, int64,
// uint8 or bool, and scores of the same shape, float32 or float64: logits or probabilities. It
// keeps all scores, 9 bytes each, and so is exact; AUCHistogram needs bounded memory.
// scikit-learn's roc_auc_score.
type AUC struct {
	scores   []float64
	positive []bool
}

// Update implements Metric.
func (a *AUC) Update(labels, scores tensor.Tensor) error {
	positive, p, err := zeroOne(labels, scores)
	if err != nil {
		return err
	}
	a.scores, a.positive = append(a.scores, p...), append(a.positive, positive...)
	return nil
}

// Add adds one example. A NaN score is an error.
func (a *AUC) Add(positive bool, score float64) error {
	if math.IsNaN(score) {
		return errors.New("the score is NaN")
	}
	a.scores, a.positive = append(a.scores, score), append(a.positive, positive)
	return nil
}

// zeroOne reads labels 0 and 1 and scores.
func zeroOne(labels, scores tensor.Tensor) ([]bool, []float64, error) {
	y, p, err := pairs(labels, scores)
	if err != nil {
		return nil, nil, err
	}
	positive := make([]bool, len(y))
	for i, v := range y {
		if v != 0 && v != 1 {
			return nil, nil, errors.Errorf("label %d is %v; want 0 or 1", i, v)
		}
		positive[i] = v == 1
	}
	return positive, p, nil
}

// Value returns the area, NaN unless there are examples of both labels.
func (a *AUC) Value() float64 {
	return metric.AUC(func(i int) bool { return a.positive[i] }, func(i int) float64 { return a.scores[i] }, make([]int, len(a.scores)))
}

// Reset implements Metric; the memory is kept.
func (a *AUC) Reset() { a.scores, a.positive = a.scores[:0], a.positive[:0] }

// Merge adds the examples of another one.
func (a *AUC) Merge(other *AUC) {
	a.scores, a.positive = append(a.scores, other.scores...), append(a.positive, other.positive...)
}

// MarshalBinary implements Metric: it writes all scores.
func (a *AUC) MarshalBinary() ([]byte, error) { return saveArrays("auc", a.scores, a.positive) }

// UnmarshalBinary implements Metric.
func (a *AUC) UnmarshalBinary(data []byte) error {
	body, err := arrays(data, "auc", 9)
	if err != nil {
		return err
	}
	n := len(body) / 9
	next := AUC{make([]float64, n), make([]bool, n)}
	for i := range next.scores {
		next.scores[i] = math.Float64frombits(binary.LittleEndian.Uint64(body[8*i:]))
		next.positive[i] = body[8*n+i] != 0
	}
	*a = next
	return nil
}
