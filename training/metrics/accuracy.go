package metrics

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Accuracy is the fraction of examples whose class was predicted. Update takes
// labels [...], int, int32, int64, uint8 or bool, and either the classes that were predicted, of the
// same shape, or a logit or probability for each class [..., classes], float32 or float64, of which the
// first greatest counts; for one for each example see BinaryAccuracy. tf.metrics.accuracy; scikit-learn's accuracy_score.
type Accuracy struct{ hits share }

// Update implements Metric.
func (a *Accuracy) Update(labels, predictions tensor.Tensor) error {
	y, p, err := classesOf(labels, predictions)
	if err != nil && oneEach(labels, predictions) {
		return errors.Errorf("%v (BinaryAccuracy takes one probability or logit for each example)", err)
	}
	if err != nil {
		return err
	}
	for i := range y {
		a.hits.add(y[i] == p[i])
	}
	return nil
}

// oneEach tells whether there is one float for each label.
func oneEach(labels, predictions tensor.Tensor) bool {
	return isFloat(predictions) && (sameRank(labels, predictions) || predictions.Dims() > 0 && predictions.Shape()[predictions.Dims()-1] == 1)
}

// Add adds one example.
func (a *Accuracy) Add(label, predicted int) { a.hits.add(label == predicted) }

// Value returns the accuracy, NaN of no example.
func (a *Accuracy) Value() float64 { return a.hits.value() }

// Reset implements Metric.
func (a *Accuracy) Reset() { *a = Accuracy{} }

// Merge adds the examples of another accuracy.
func (a *Accuracy) Merge(other *Accuracy) { a.hits.merge(other.hits) }

// MarshalBinary implements Metric.
func (a *Accuracy) MarshalBinary() ([]byte, error) { return a.hits.save("accuracy") }

// UnmarshalBinary implements Metric.
func (a *Accuracy) UnmarshalBinary(data []byte) error { return a.hits.load(data, "accuracy") }

// share counts how many of all examples are right.
type share struct{ right, all int64 }

func (s *share) add(right bool) {
	if right {
		s.right++
	}
	s.all++
}

func (s *share) value() float64 { return float64(s.right) / float64(s.all) }

func (s *share) merge(other share) { s.right, s.all = s.right+other.right, s.all+other.all }

func (s *share) save(kind string) ([]byte, error) { return save(kind, s.right, s.all) }

func (s *share) load(data []byte, kind string) error {
	var next share
	if err := load(data, kind, &next.right, &next.all); err != nil {
		return err
	}
	*s = next
	return nil
}
