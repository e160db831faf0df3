package ops_test

import (
	"math"
	"sort"
	"testing"
)

// follows is the test of Kolmogorov and Smirnov, at a level of one in a
// thousand: the sample must look drawn from the distribution function cdf.
func follows(t *testing.T, sample []float64, cdf func(x float64) float64) {
	t.Helper()
	x := append([]float64(nil), sample...)
	sort.Float64s(x)
	n := float64(len(x))
	distance := 0.0
	for i, v := range x {
		p := cdf(v)
		distance = max(distance, p-float64(i)/n, float64(i+1)/n-p)
	}
	if limit := 1.95 / math.Sqrt(n); !(distance < limit) {
		t.Errorf("the sample is %v away from the distribution; want less than %v", distance, limit)
	}
}

// frequent is Pearson's chi-square test, at a level of about one in ten
// thousand: the counts must look drawn with these probabilities. What has
// probability 0 must not be counted.
func frequent(t *testing.T, counts []int, probabilities []float64) {
	t.Helper()
	n := 0
	for _, c := range counts {
		n += c
	}
	square, free := 0.0, -1.0
	for k, p := range probabilities {
		if p == 0 {
			if counts[k] > 0 {
				t.Errorf("class %d has probability 0 and was drawn %d times", k, counts[k])
			}
			continue
		}
		want := p * float64(n)
		square += (float64(counts[k]) - want) * (float64(counts[k]) - want) / want
		free++
	}
	// Wilson and Hilferty: the cube root of chi-square is nearly normal.
	if free == 0 {
		return
	}
	z := (math.Cbrt(square/free) - 1 + 2/(9*free)) / math.Sqrt(2/(9*free))
	if !(z < 3.72) {
		t.Errorf("counts %v for probabilities %v: chi-square is %v with %v degrees of freedom", counts, probabilities, square, free)
	}
}

// counted counts whole numbers below n.
func counted(x []float64, n int) []int {
	counts := make([]int, n)
	for _, v := range x {
		counts[int(v)]++
	}
	return counts
}
