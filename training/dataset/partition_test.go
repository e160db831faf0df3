package dataset

import (
	"fmt"
	"reflect"
	"sort"
	"testing"
)

// wantDivision fails unless the parts hold every toy example of n once; it returns
// the numbers of each class (of three) in each part.
func wantDivision(t *testing.T, n int, parts ...Source) (counts [][3]int) {
	t.Helper()
	var all []int
	for _, part := range parts {
		places, labels := readAll(t, part)
		var c [3]int
		for i, p := range places {
			if labels[i] != int64(p%3) {
				t.Errorf("example %d has label %d", p, labels[i])
			}
			c[p%3]++
		}
		all, counts = append(all, places...), append(counts, c)
	}
	sort.Ints(all)
	if !reflect.DeepEqual(all, between(0, n)) {
		t.Errorf("the parts hold %v", all)
	}
	return counts
}

// wantSame fails unless a view and a set hold the same examples in the same order.
func wantSame(t *testing.T, view Source, set *Set) {
	t.Helper()
	places, labels := readAll(t, view)
	if setPlaces, setLabels := readAll(t, set); !reflect.DeepEqual(places, setPlaces) || !reflect.DeepEqual(labels, setLabels) {
		t.Errorf("the source gives %v, the set %v", places, setPlaces)
	}
	if set.Name != "toy" || len(set.Classes) != 3 {
		t.Errorf("%v lost its name or classes", set)
	}
}

func TestPartition(t *testing.T) {
	s := toy(100, 3) // 34, 33 and 33 of the classes
	for name, tt := range map[string]struct {
		cfg    PartitionConfig
		counts [3]int
	}{
		"default":    {PartitionConfig{}, [3]int{70, 10, 20}},
		"fractions":  {PartitionConfig{Validation: .255, Test: .3, Seed: 4}, [3]int{44, 26, 30}},
		"stratified": {PartitionConfig{Stratified: true}, [3]int{70, 10, 20}},
	} {
		t.Run(name, func(t *testing.T) {
			train, validation, test, err := s.Partition(tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			counts := wantDivision(t, 100, train, validation, test)
			if got := [3]int{train.Len(), validation.Len(), test.Len()}; got != tt.counts {
				t.Errorf("parts of %v, want %v", got, tt.counts)
			}
			// 20 of (34, 33, 33) are 6.8, 6.6, 6.6; 10 of what is left (27, 26, 27) are 3.375, 3.25, 3.375.
			if want := [][3]int{{23, 23, 24}, {4, 3, 3}, {7, 7, 6}}; tt.cfg.Stratified && !reflect.DeepEqual(counts, want) {
				t.Errorf("classes of the parts %v, want %v", counts, want)
			}
			a, b, c, err := Partition(Map(s), tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			wantSame(t, a, train)
			wantSame(t, b, validation)
			wantSame(t, c, test)
		})
	}
}

func TestPartitionErrors(t *testing.T) {
	s := toy(10, 3)
	for _, tt := range []struct {
		src  Source
		cfg  PartitionConfig
		want string
	}{
		{s, PartitionConfig{Test: 1}, "below 1"},
		{s, PartitionConfig{Test: .5, Validation: .5}, "below 1"},
		{s, PartitionConfig{Test: -.5}, "above 0"},
		{s, PartitionConfig{Validation: .01}, "10 examples leave a part empty"},
		{s, PartitionConfig{Validation: .49, Test: .5}, "part empty"},
		{&counting{n: 10}, PartitionConfig{Stratified: true}, "Labelled"},
		{&counting{}, PartitionConfig{}, "0 examples"},
		{nil, PartitionConfig{}, "source is nil"},
	} {
		_, _, _, err := Partition(tt.src, tt.cfg)
		wantError(t, err, "dataset: Partition", tt.want)
	}
	_, _, _, err := (&Set{X: s.X}).Partition(PartitionConfig{Stratified: true})
	wantError(t, err, "dataset: Partition", "no labels")
}

func TestSplitOfASource(t *testing.T) {
	s := toy(31, 3)
	for _, cfg := range []SplitConfig{{}, {Count: 5, Stratified: true}, {NoShuffle: true}} {
		rest, held, err := s.Split(cfg)
		if err != nil {
			t.Fatal(err)
		}
		a, b, err := Split(s, cfg)
		if err != nil {
			t.Fatal(err)
		}
		wantDivision(t, 31, a, b)
		wantSame(t, a, rest)
		wantSame(t, b, held)
	}
	_, _, err := Split(&counting{n: 10}, SplitConfig{Stratified: true})
	wantError(t, err, "dataset: Split", "Labelled")
}

func TestKFold(t *testing.T) {
	for _, n := range []int{5, 23, 60} {
		s := toy(n, 3)
		for _, cfg := range []KFoldConfig{
			{}, {Folds: 2, Seed: 3}, {Folds: n}, {Stratified: true, Folds: 4},
			{NoShuffle: true, Folds: 3}, {NoShuffle: true, Stratified: true, Folds: 3},
		} {
			t.Run(fmt.Sprintf("%d examples %+v", n, cfg), func(t *testing.T) {
				k := cfg.Folds
				if k == 0 {
					k = 5
				}
				var folds []Source
				for i := range k {
					train, validation, err := s.KFold(cfg, i)
					if err != nil {
						t.Fatal(err)
					}
					wantDivision(t, n, train, validation)
					a, b, err := KFold(Map(s), cfg, i)
					if err != nil {
						t.Fatal(err)
					}
					wantSame(t, a, train)
					wantSame(t, b, validation)
					folds = append(folds, validation)
				}
				counts := wantDivision(t, n, folds...) // every example once
				for i, f := range folds {
					if f.Len() != n/k && f.Len() != n/k+1 {
						t.Errorf("fold %d has %d of %d examples", i, f.Len(), n)
					}
				}
				for c := range 3 {
					lo, hi := n, 0
					for _, f := range counts {
						lo, hi = min(lo, f[c]), max(hi, f[c])
					}
					if cfg.Stratified && hi-lo > 1 {
						t.Errorf("class %d has from %d to %d examples in a fold", c, lo, hi)
					}
				}
			})
		}
	}
	train, validation, err := toy(5, 1).KFold(KFoldConfig{Folds: 2, NoShuffle: true}, 0)
	wantPlaces(t, train, err, 3, 4)
	wantPlaces(t, validation, err, 0, 1, 2)
}

func TestKFoldErrors(t *testing.T) {
	s := toy(10, 3)
	for _, tt := range []struct {
		cfg  KFoldConfig
		i    int
		want string
	}{
		{KFoldConfig{Folds: 1}, 0, "2 to the number of examples, 10"},
		{KFoldConfig{Folds: 11}, 0, "came 11"},
		{KFoldConfig{}, 5, "0 to 4, came 5"},
		{KFoldConfig{}, -1, "came -1"},
	} {
		_, _, err := s.KFold(tt.cfg, tt.i)
		wantError(t, err, `dataset: KFold of "toy"`, tt.want)
	}
	_, _, err := KFold(&counting{n: 10}, KFoldConfig{Stratified: true}, 0)
	wantError(t, err, "dataset: KFold", "Labelled")
	_, _, err = KFold(&counting{n: 4}, KFoldConfig{}, 0)
	wantError(t, err, "Folds", "4")
}
