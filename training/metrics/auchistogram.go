package metrics

import (
	"cmp"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/metric"
)

// AUCHistogram is AUC of probabilities in bounded memory: it counts them in equal
// bins of [0, 1] and takes those of one bin as ties. It is exact when no bin holds a positive and a
// negative example of different scores; otherwise it is off by at most half the fraction of pairs that
// share a bin. tf.metrics.auc is alike, with 200 thresholds.
type AUCHistogram struct {
	Bins int // default 10000; fixed by the first Update

	counts []int64 // negatives, then positives
}

// bins makes the bins at the first call.
func (a *AUCHistogram) bins() (int, error) {
	bins := cmp.Or(a.Bins, 10000)
	if bins < 2 || bins > 1<<24 {
		return 0, errors.Errorf("Bins is %d; want 2 to 2^24", bins)
	}
	if a.counts == nil {
		a.counts = make([]int64, 2*bins)
	}
	if len(a.counts) != 2*bins {
		return 0, errors.Errorf("Bins is %d after examples in %d bins", bins, len(a.counts)/2)
	}
	return bins, nil
}

// Update implements Metric; the predictions are probabilities of label 1, in [0, 1].
func (a *AUCHistogram) Update(labels, probabilities tensor.Tensor) error {
	bins, err := a.bins()
	if err != nil {
		return err
	}
	positive, p, err := zeroOne(labels, probabilities)
	if err != nil {
		return err
	}
	for i, v := range p {
		if v < 0 || v > 1 {
			return errors.Errorf("probability %d is %v; want a number in [0, 1] (AUC takes logits)", i, v)
		}
	}
	for i, v := range p {
		bin := min(bins-1, int(v*float64(bins)))
		if positive[i] {
			bin += bins
		}
		a.counts[bin]++
	}
	return nil
}

// Value returns the area, NaN unless there are examples of both labels.
func (a *AUCHistogram) Value() float64 {
	var area metric.Area
	bins := len(a.counts) / 2
	for i := 0; i < bins; i++ {
		area.Add(a.counts[bins+i], a.counts[i])
	}
	return area.Value()
}

// Reset implements Metric.
func (a *AUCHistogram) Reset() { a.counts = nil }

// Merge adds the examples of another histogram of as many bins.
func (a *AUCHistogram) Merge(other *AUCHistogram) error {
	if _, err := a.bins(); err != nil {
		return err
	}
	if _, err := other.bins(); err != nil {
		return err
	}
	if len(a.counts) != len(other.counts) {
		return errors.Errorf("the other histogram has %d bins, this one %d", len(other.counts)/2, len(a.counts)/2)
	}
	for i, c := range other.counts {
		a.counts[i] += c
	}
	return nil
}

// MarshalBinary implements Metric.
func (a *AUCHistogram) MarshalBinary() ([]byte, error) {
	if _, err := a.bins(); err != nil {
		return nil, err
	}
	return saveArrays("auchistogram", a.counts)
}

// UnmarshalBinary implements Metric; the state must be of as many bins.
func (a *AUCHistogram) UnmarshalBinary(data []byte) error {
	if _, err := a.bins(); err != nil {
		return err
	}
	return loadCounts(data, "auchistogram", a.counts)
}
