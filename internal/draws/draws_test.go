package draws

import (
	"math"
	"testing"
)

// Whoever draws, and whatever was drawn before, the numbers are the same; other places have others.
func TestAt(t *testing.T) {
	a, b := At(1, 2, 3), At(1, 2, 3)
	b.Below(5)
	b = At(1, 2, 3)
	others := []Stream{At(0, 2, 3), At(1, 3, 2), At(1, 2, 4), At(1, 2), At(1, 2, 3, 0)}
	equal := make([]int, len(others))
	for range 100 {
		v := a.Below(1000)
		if w := b.Below(1000); v != w {
			t.Fatalf("the same place gives %d and %d", v, w)
		}
		for k := range others {
			if others[k].Below(1000) == v {
				equal[k]++
			}
		}
	}
	for k, n := range equal {
		if n > 5 { // of 100 at 1 in 1000
			t.Errorf("stream %d has %d of 100 numbers of another place", k, n)
		}
	}
}

// The numbers of a seed are those that they always were: what was trained on them can be trained again.
func TestStable(t *testing.T) {
	s := At(42, 1)
	var got [8]int
	for i := range got {
		got[i] = s.Below(100)
	}
	if want := ([8]int{5, 78, 89, 64, 87, 13, 31, 15}); got != want {
		t.Errorf("the numbers of seed 42, place 1 are %v; they were %v", got, want)
	}
}

// Every number comes as often as any other: chi-squared with 6 degrees of freedom, whose 99.99 % point is 27.9.
func TestBelow(t *testing.T) {
	const n, draws = 7, 70000
	var counts [n]float64
	s := At(7)
	for range draws {
		counts[s.Below(n)]++
	}
	sum := 0.0
	for _, c := range counts {
		sum += math.Pow(c-draws/n, 2) / (draws / n)
	}
	if sum > 27.9 {
		t.Errorf("counts %v are uneven: chi-squared %v", counts, sum)
	}
}

// All sets of 2 of 5 come equally often: chi-squared with 9 degrees of freedom, whose 99.99 % point is 33.7.
func TestDistinct(t *testing.T) {
	const draws = 50000
	counts := map[[2]int]float64{}
	s := At(7)
	for range draws {
		var pair [2]int
		s.Distinct(pair[:], 5)
		if pair[0] == pair[1] || min(pair[0], pair[1]) < 0 || max(pair[0], pair[1]) > 4 {
			t.Fatalf("drew %v of 0 to 4", pair)
		}
		counts[[2]int{min(pair[0], pair[1]), max(pair[0], pair[1])}]++
	}
	sum := 0.0
	for _, c := range counts {
		sum += math.Pow(c-draws/10, 2) / (draws / 10)
	}
	if len(counts) != 10 || sum > 33.7 {
		t.Errorf("counts %v are uneven: chi-squared %v", counts, sum)
	}
	all := make([]int, 4)
	s.Distinct(all, 4)
	seen := map[int]bool{}
	for _, v := range all {
		seen[v] = true
	}
	if len(seen) != 4 {
		t.Errorf("4 of 4 are %v", all)
	}
}
