package metric

import (
	"math"
	"slices"
)

// AUC returns the area under the ROC curve: the probability that a positive example has a
// higher score than a negative one, where ties count half (Mann & Whitney). It is NaN when there are
// only examples of one kind, or a score is NaN. order has room for as many
// indices.
func AUC(positive func(i int) bool, score func(i int) float64, order []int) float64 {
	for i := range order {
		order[i] = i
		if math.IsNaN(score(i)) {
			return math.NaN()
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		switch x, y := score(a), score(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	var area Area
	for lo := 0; lo < len(order); {
		var yes, no int64
		hi := lo
		for ; hi < len(order) && score(order[hi]) == score(order[lo]); hi++ {
			if positive(order[hi]) {
				yes++
			} else {
				no++
			}
		}
		area.Add(yes, no)
		lo = hi
	}
	return area.Value()
}

// Area adds up the area under the ROC curve from the lowest score to the highest.
type Area struct {
	positives, negatives int64
	above                float64 // pairs in which the positive has the higher score
}

// Add takes the examples of the next score.
func (a *Area) Add(positives, negatives int64) {
	a.above += float64(positives) * (float64(a.negatives) + float64(negatives)/2)
	a.positives += positives
	a.negatives += negatives
}

// Value returns the area, NaN where it is not defined.
func (a *Area) Value() float64 { return a.above / (float64(a.positives) * float64(a.negatives)) }
