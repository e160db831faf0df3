package main

import (
	"math"
	"strings"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{9, 1}, 5},
		{[]float64{5, 1, 100}, 5},
		{[]float64{4, 1, 100, 2}, 3},
	} {
		before := append([]float64(nil), c.values...)
		if got := median(c.values); got != c.want {
			t.Errorf("median(%v) = %v; want %v", before, got, c.want)
		}
		for i := range before {
			if c.values[i] != before[i] {
				t.Errorf("median reordered %v into %v", before, c.values)
				break
			}
		}
	}
	if !math.IsNaN(median(nil)) {
		t.Error("the median of nothing is not NaN")
	}
}

// A round on a slow machine spoils both sides, and not their ratio. The ratio
// of the medians would be 3.
func TestMedianRatio(t *testing.T) {
	ours := []float64{1, 10, 1, 10, 2}
	theirs := []float64{2, 20, 2, 20, 6}
	if got := medianRatio(theirs, ours); got != 2 {
		t.Errorf("got %v; want 2", got)
	}
}

func TestBestSetting(t *testing.T) {
	of := func(name string, times ...float64) side { return side{contender{setting: name}, times} }
	a, b, c := of("a", 5, 1, 5), of("b", 3, 9, 3), of("c", 4, 4, 4)
	if got := best([]side{a, b, c}).setting; got != "b" {
		t.Errorf("the best setting is %s; want b, of the least median", got)
	}
	hopeless, forgotten := of("c", 1.51), 0
	hopeless.forget = func() error { forgotten++; return nil }
	kept, err := promising([]side{of("a", 1.49), of("b", 1), hopeless})
	if err != nil || forgotten != 1 || len(kept) != 2 || kept[0].setting != "a" || kept[1].setting != "b" {
		t.Errorf("kept %v, forgot %d, %v; want a and b kept, c forgotten", kept, forgotten, err)
	}
}

func TestRows(t *testing.T) {
	w := &work{name: "a step"}
	ours := side{times: []float64{1e-3, 2e-3, 4e-3}}
	theirs := [][]side{
		{{contender{setting: "slow"}, []float64{9, 9, 9}}, {contender{setting: "fast"}, []float64{2e-3, 4e-3, 9e-3}}},
		{{times: []float64{1e-3, 2e-3, 4e-3}}},
	}
	got := w.rows(ours, []rival{{name: "P", atLeast: 1.8}, {name: "Q", atLeast: 1.01}}, theirs)
	want := []row{
		{"a step", "2.00 ms", "P (fast)", "4.00 ms", "2.00", "≥ 1.8", "met"},
		{"a step", "2.00 ms", "Q", "2.00 ms", "1.00", "≥ 1.01", "missed"},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d is %q; want %q", i, got[i], want[i])
		}
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{
		1.5: "1.50 s", 0.0123: "12.3 ms", 0.999e-3: "999 µs", 9.996e-6: "10.0 µs", 99.96e-6: "100 µs", 113.5e-9: "114 ns",
	} {
		if got := duration(seconds); got != want {
			t.Errorf("duration(%v) = %s; want %s", seconds, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	tb := table{{work: "µ", ours: "1", ratio: "2.00"}, {work: "long name", ours: "1", verdict: "met"}}
	if err := tb.write(&b); err != nil {
		t.Fatal(err)
	}
	const want = `| Work      | Ours | Peer | Peer's | Ratio | Target |     |
| --------- | ---- | ---- | ------ | ----- | ------ | --- |
| µ         | 1    |      |        | 2.00  |        |     |
| long name | 1    |      |        |       |        | met |
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
