package metrics

import (
	"encoding/binary"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/metric"
)

// ConfusionMatrix counts how often each class was taken for each. NewConfusionMatrix makes one.
// Update takes labels and predictions as Accuracy does. It shows itself as a table in a notebook.
// scikit-learn's confusion_matrix; tf.confusion_matrix.
type ConfusionMatrix struct {
	names  []string
	counts []int64 // [true][predicted]
}

// NewConfusionMatrix returns the matrix of classes that are numbered in the order of their
// names; it wants one or more. ClassNumbers names classes by their numbers.
func NewConfusionMatrix(names ...string) (*ConfusionMatrix, error) {
	if len(names) == 0 {
		return nil, errors.New("a confusion matrix wants the names of its classes; metrics.ClassNumbers(10)... makes names of numbers")
	}
	return &ConfusionMatrix{append([]string(nil), names...), make([]int64, len(names)*len(names))}, nil
}

// Classes returns the number of classes.
func (m *ConfusionMatrix) Classes() int { return len(m.names) }

// Names returns the names of the classes.
func (m *ConfusionMatrix) Names() []string { return append([]string(nil), m.names...) }

// Update implements Metric.
func (m *ConfusionMatrix) Update(labels, predictions tensor.Tensor) error {
	y, p, err := classesOf(labels, predictions)
	if err != nil {
		return err
	}
	return m.add(y, p)
}

func (m *ConfusionMatrix) add(y, p []int64) error {
	if err := checkRange("label", y, m.Classes()); err != nil {
		return err
	}
	if err := checkRange("prediction", p, m.Classes()); err != nil {
		return err
	}
	for i := range y {
		m.counts[int(y[i])*m.Classes()+int(p[i])]++
	}
	return nil
}

// Add adds one example.
func (m *ConfusionMatrix) Add(label, predicted int) error {
	return m.add([]int64{int64(label)}, []int64{int64(predicted)})
}

// Counts returns a copy of the counts, by true class and then by predicted class, as plots.ConfusionMatrix takes them.
func (m *ConfusionMatrix) Counts() [][]int {
	rows := make([][]int, m.Classes())
	for i := range rows {
		rows[i] = make([]int, m.Classes())
		for k, c := range m.row(i) {
			rows[i][k] = int(c)
		}
	}
	return rows
}

func (m *ConfusionMatrix) row(i int) []int64 { return m.counts[i*m.Classes() : (i+1)*m.Classes()] }

// margins returns, for each class, how many examples were rightly predicted to be of it, how many were
// predicted so, and how many are.
func (m *ConfusionMatrix) margins() (hits, predicted, actual []int64) {
	n := m.Classes()
	hits, predicted, actual = make([]int64, n), make([]int64, n), make([]int64, n)
	for i := range hits {
		for k, c := range m.row(i) {
			predicted[k] += c
			actual[i] += c
		}
		hits[i] = m.row(i)[i]
	}
	return hits, predicted, actual
}

// Accuracy returns the fraction of examples on the diagonal, NaN of no example.
func (m *ConfusionMatrix) Accuracy() float64 {
	var s share
	hits, _, actual := m.margins()
	for i := range hits {
		s.merge(share{hits[i], actual[i]})
	}
	return s.value()
}

// Value is Accuracy.
func (m *ConfusionMatrix) Value() float64 { return m.Accuracy() }

// Precision returns for each class the fraction of the examples predicted to be of it that are; 0/0
// counts as 0.
func (m *ConfusionMatrix) Precision() []float64 { return m.scores(metric.Precision) }

// Recall returns for each class the fraction of its examples that were predicted to be of it; 0/0
// counts as 0.
func (m *ConfusionMatrix) Recall() []float64 { return m.scores(metric.Recall) }

// F1 returns for each class the harmonic mean of its precision and recall; 0/0 counts as 0.
func (m *ConfusionMatrix) F1() []float64 { return m.scores(metric.F1) }

func (m *ConfusionMatrix) scores(s metric.Score) []float64 {
	hits, predicted, actual := m.margins()
	out := make([]float64, len(hits))
	for i := range out {
		out[i] = s.Of(hits[i], predicted[i], actual[i])
	}
	return out
}

// Reset implements Metric.
func (m *ConfusionMatrix) Reset() { clear(m.counts) }

// Merge adds the counts of another matrix of as many classes.
func (m *ConfusionMatrix) Merge(other *ConfusionMatrix) error {
	if other.Classes() != m.Classes() {
		return errors.Errorf("the other confusion matrix has %d classes, this one %d", other.Classes(), m.Classes())
	}
	for i, c := range other.counts {
		m.counts[i] += c
	}
	return nil
}

// MarshalBinary implements Metric; the names are not part of the state.
func (m *ConfusionMatrix) MarshalBinary() ([]byte, error) { return saveArrays("confusion", m.counts) }

// UnmarshalBinary implements Metric; the state must be of as many classes.
func (m *ConfusionMatrix) UnmarshalBinary(data []byte) error {
	return loadCounts(data, "confusion", m.counts)
}

// loadCounts reads as many counts as there are.
func loadCounts(data []byte, kind string, counts []int64) error {
	body, err := arrays(data, kind, 8)
	if err != nil {
		return err
	}
	if len(body) != 8*len(counts) {
		return errors.Errorf("the state has %d counts; want %d", len(body)/8, len(counts))
	}
	for i := range counts {
		counts[i] = int64(binary.LittleEndian.Uint64(body[8*i:]))
	}
	return nil
}
