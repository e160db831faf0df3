package metrics

import (
	"cmp"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/metric"
	"github.com/plexaura/plexaura/ops"
)

// ClassScore is what Precision, Recall and F1 have in common. Update takes labels and
// predictions as Accuracy does; of two classes, float predictions of the shape of the labels are
// probabilities of class 1 as well.
type ClassScore struct {
	Classes   int         // default 2; fixed by the first Update
	Average   ops.Average // default ops.AverageBinary, the score of class 1 of two
	Threshold float64     // the probability above which class 1 is predicted, in [0, 1); default 0.5, graph.Zero for zero

	counts ConfusionMatrix
}

// matrix returns the counts, made for the number of classes at the first call.
func (c *ClassScore) matrix() (*ConfusionMatrix, error) {
	classes := cmp.Or(c.Classes, 2)
	if err := metric.Check(c.Average, classes); err != nil {
		return nil, err
	}
	if c.counts.Classes() == 0 {
		c.counts = ConfusionMatrix{ClassNumbers(classes), make([]int64, classes*classes)}
	}
	if c.counts.Classes() != classes {
		return nil, errors.Errorf("Classes is %d after examples of %d classes", classes, c.counts.Classes())
	}
	return &c.counts, nil
}

// Update implements Metric.
func (c *ClassScore) Update(labels, predictions tensor.Tensor) error {
	m, err := c.matrix()
	if err != nil {
		return err
	}
	if m.Classes() != 2 || !isFloat(predictions) || !sameRank(labels, predictions) {
		return m.Update(labels, predictions)
	}
	_, p, err := pairs(labels, predictions)
	if err != nil {
		return err
	}
	y, _, err := integers("labels", labels)
	if err != nil {
		return err
	}
	threshold := cmp.Or(c.Threshold, 0.5)
	if !(threshold >= 0 && threshold < 1) {
		return errors.Errorf("Threshold is %v; want a probability in [0, 1)", c.Threshold)
	}
	predicted := make([]int64, len(p))
	for i, v := range p {
		if v > threshold {
			predicted[i] = 1
		}
	}
	return m.add(y, predicted)
}

// Add adds one example.
func (c *ClassScore) Add(label, predicted int) error {
	m, err := c.matrix()
	if err != nil {
		return err
	}
	return m.Add(label, predicted)
}

// value returns the average score, NaN of no example.
func (c *ClassScore) value(s metric.Score) float64 {
	m, err := c.matrix()
	if err != nil || math.IsNaN(m.Accuracy()) {
		return math.NaN()
	}
	hits, predicted, actual := m.margins()
	return s.Over(c.Average, hits, predicted, actual)
}

// Reset implements Metric.
func (c *ClassScore) Reset() { c.counts = ConfusionMatrix{} }

// MarshalBinary implements Metric; the settings are not part of the state.
func (c *ClassScore) MarshalBinary() ([]byte, error) {
	m, err := c.matrix()
	if err != nil {
		return nil, err
	}
	return m.MarshalBinary()
}

// UnmarshalBinary implements Metric; the state must be of as many classes.
func (c *ClassScore) UnmarshalBinary(data []byte) error {
	m, err := c.matrix()
	if err != nil {
		return err
	}
	return m.UnmarshalBinary(data)
}

// Merge adds the examples of another score.
func (c *ClassScore) Merge(other *ClassScore) error {
	m, err := c.matrix()
	if err != nil {
		return err
	}
	o, err := other.matrix()
	if err != nil {
		return err
	}
	return m.Merge(o)
}

// perClass returns the score of each class.
func (c *ClassScore) perClass(s metric.Score) []float64 {
	m, err := c.matrix()
	if err != nil {
		return nil
	}
	return m.scores(s)
}

// Precision is the fraction of the examples predicted to be of a class that are;
// ops.Precision says more. scikit-learn's precision_score; tf.metrics.precision.
//
//	precision := metrics.Precision{ClassScore: metrics.ClassScore{Classes: 10, Average: ops.AverageMacro}}
type Precision struct{ ClassScore }

// Value returns the average precision, NaN of no example; 0/0 counts as 0.
func (p *Precision) Value() float64 { return p.value(metric.Precision) }

// PerClass returns the precision of each class; 0/0 counts as 0.
func (p *Precision) PerClass() []float64 { return p.perClass(metric.Precision) }

// Recall is the fraction of the examples of a class that are predicted to be of
// it. scikit-learn's recall_score; tf.metrics.recall.
type Recall struct{ ClassScore }

// Value returns the average recall, NaN of no example; 0/0 counts as 0.
func (r *Recall) Value() float64 { return r.value(metric.Recall) }

// PerClass returns the recall of each class; 0/0 counts as 0.
func (r *Recall) PerClass() []float64 { return r.perClass(metric.Recall) }

// F1 is the harmonic mean of Precision and Recall. scikit-learn's f1_score.
type F1 struct{ ClassScore }

// Value returns the average of the scores of the classes, NaN of no example; 0/0 counts as 0.
func (f *F1) Value() float64 { return f.value(metric.F1) }

// PerClass returns the score of each class; 0/0 counts as 0.
func (f *F1) PerClass() []float64 { return f.perClass(metric.F1) }
