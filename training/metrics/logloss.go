package metrics

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// LogLoss is the mean cross-entropy of predicted probabilities. Update takes labels 0 and 1 and
// probabilities of label 1 of the same shape, float32 or float64, or labels [...] and a probability
// for each class [..., classes]. Probabilities are kept 1e-15 away from 0 and 1, so that a wrong
// certainty costs 34.5 and not infinity. scikit-learn's log_loss; ops.LogLoss of the loss functions
// adds an epsilon instead.
type LogLoss struct{ meanLoss }

// Update implements Metric.
func (l *LogLoss) Update(labels, probabilities tensor.Tensor) error {
	var right []float64 // the probability of what is true
	if sameRank(labels, probabilities) {
		positive, p, err := zeroOne(labels, probabilities)
		if err != nil {
			return err
		}
		right = p
		if err := checkProbabilities(p); err != nil {
			return err
		}
		for i, yes := range positive {
			if !yes {
				right[i] = 1 - p[i]
			}
		}
	} else {
		y, p, classes, err := rows(labels, probabilities)
		if err != nil {
			return err
		}
		if err := checkProbabilities(p); err != nil {
			return err
		}
		for i, label := range y {
			right = append(right, p[i*classes+int(label)])
		}
	}
	for i, p := range right {
		right[i] = -math.Log(min(max(p, 1e-15), 1-1e-15))
	}
	l.mean.addAll(right)
	return nil
}

// Merge adds the examples of another one.
func (l *LogLoss) Merge(other *LogLoss) { l.mean.Merge(&other.mean) }

func checkProbabilities(p []float64) error {
	for i, v := range p {
		if v < 0 || v > 1 {
			return errors.Errorf("probability %d is %v; want a number in [0, 1] (ops.Softmax and ops.Sigmoid make them of logits)", i, v)
		}
	}
	return nil
}
