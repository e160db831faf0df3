package metric

import (
	"math"
	"testing"
)

// Of three classes, of which the last is neither predicted nor actual.
func TestAverages(t *testing.T) {
	hits, predicted, actual := []int64{1, 2, 0}, []int64{1, 4, 0}, []int64{3, 2, 0}
	for _, c := range []struct {
		score Score
		by    Average
		want  float64
	}{
		{Precision, Binary, 0.5},
		{Precision, Micro, 0.6},
		{Precision, Macro, 0.75},
		{Precision, Weighted, (3*1 + 2*0.5) / 5.0},
		{Recall, Macro, (1.0/3 + 1) / 2},
		{Recall, Weighted, 0.6},
		{F1, Binary, 2 * 2 / 6.0},
		{F1, Macro, (2*1/4.0 + 2*2/6.0) / 2},
	} {
		if got := c.score.Over(c.by, hits, predicted, actual); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("score %v by average %v is %v; want %v", c.score, c.by, got, c.want)
		}
	}
}
