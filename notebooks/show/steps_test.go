package show

import "testing"

// TestSteps keeps the means of many steps in few points.
func TestSteps(t *testing.T) {
	var s steps
	const n = 10_000
	for i := 1; i <= n; i++ {
		s.add(i, float64(i))
	}
	at, values := s.points()
	if len(at) > maxPoints || len(at) < maxPoints/2 || len(values) != len(at) || at[len(at)-1] != n {
		t.Fatalf("%d points to %v", len(at), at[len(at)-1])
	}
	before := 0.0
	for i, end := range at {
		if want := (before + 1 + end) / 2; values[i] != want { // the mean of before+1, ..., end
			t.Fatalf("point %d at %v is %v, want %v", i, end, values[i], want)
		}
		before = end
	}
}
