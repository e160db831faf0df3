package metrics_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/metrics"
)

// The values are those of tf.keras.metrics.BinaryAccuracy's documentation and definition: the mean of (p > threshold) == y.
func TestBinaryAccuracy(t *testing.T) {
	y, p := []int64{1, 1, 0, 0}, []float64{0.98, 1, 0, 0.6}
	for name, c := range map[string]struct {
		labels, predictions tensor.Tensor
		threshold, want     float64
	}{
		"vectors":         {vector(y, 4), vector(p, 4), 0, 0.75},
		"columns":         {vector(y, 4, 1), vector(p, 4, 1), 0, 0.75},
		"mixed":           {vector(y, 4), vector(p, 4, 1), 0, 0.75},
		"mixed the other": {vector([]float32{1, 1, 0, 0}, 4, 1), vector([]float32{0.98, 1, 0, 0.6}, 4), 0, 0.75},
		"matrices":        {vector([]bool{true, true, false, false}, 2, 2), vector(p, 2, 2), 0, 0.75},
		"threshold":       {vector(y, 4), vector(p, 4), 0.7, 1},
		"logits":          {vector(y, 4), vector([]float64{0.2, -1, 0, -3}, 4), graph.Zero, 0.75},
		"at 0.5":          {vector(y, 4), vector([]float64{0.5, 0.5, 0.5, 0.5}, 4), 0, 0.5},
	} {
		a := &metrics.BinaryAccuracy{Threshold: c.threshold}
		update(t, a, c.labels, c.predictions)
		state, err := a.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var b, both metrics.BinaryAccuracy
		if err := b.UnmarshalBinary(state); err != nil {
			t.Fatal(err)
		}
		both.Merge(a)
		if a.Value() != c.want || b.Value() != c.want || both.Value() != c.want {
			t.Errorf("%s: %v, restored %v, merged %v; want %v", name, a.Value(), b.Value(), both.Value(), c.want)
		}
		if a.Reset(); !math.IsNaN(a.Value()) || a.Threshold != c.threshold {
			t.Errorf("%s: %+v after Reset", name, a)
		}
	}
}
