package dataset

import (
	"math"
	"reflect"
	"sort"
	"testing"

	"gorgonia.org/tensor"
)

// epoch is what an iterator delivers until Next is false: sizes and the first
// feature of each example of a toy set, divided by 10.
func epoch(t *testing.T, b *BatchIterator) (sizes, order []int) {
	t.Helper()
	for b.Next() {
		x, y := b.X().Data().([]float32), b.Y().Data().([]int64)
		n := b.X().Shape()[0]
		if len(x) != 2*n || len(y) != n || !b.Y().Shape().Eq(tensor.Shape{n}) {
			t.Fatalf("batch X %v, Y %v with %d and %d elements", b.X().Shape(), b.Y().Shape(), len(x), len(y))
		}
		sizes = append(sizes, n)
		for i := 0; i < n; i++ {
			p := int(x[2*i]) / 10
			if x[2*i+1] != x[2*i]+1 || y[i] != int64(p%3) {
				t.Fatalf("example %v with label %d is torn", x[2*i:2*i+2], y[i])
			}
			order = append(order, p)
		}
	}
	if b.X() != nil || b.Y() != nil {
		t.Error("X or Y after the end of the epoch")
	}
	return sizes, order
}

func batchesOf(n int, cfg BatchesConfig) *BatchIterator {
	s := toy(n, 3)
	cfg.X, cfg.Y = s.X, s.Y
	return Batches(cfg)
}

func TestBatches(t *testing.T) {
	for name, tt := range map[string]struct {
		n     int
		cfg   BatchesConfig
		sizes []int
	}{
		"even":           {6, BatchesConfig{BatchSize: 3}, []int{3, 3}},
		"remainder":      {7, BatchesConfig{BatchSize: 3}, []int{3, 3, 1}},
		"dropped":        {7, BatchesConfig{BatchSize: 3, DropRemainder: true}, []int{3, 3}},
		"one batch":      {7, BatchesConfig{BatchSize: math.MaxInt}, []int{7}},
		"exactly one":    {7, BatchesConfig{BatchSize: 7, DropRemainder: true}, []int{7}},
		"single":         {3, BatchesConfig{BatchSize: 1}, []int{1, 1, 1}},
		"one example":    {1, BatchesConfig{}, []int{1}},
		"default":        {70, BatchesConfig{}, []int{32, 32, 6}},
		"in order":       {7, BatchesConfig{BatchSize: 3, NoShuffle: true}, []int{3, 3, 1}},
		"from epoch two": {7, BatchesConfig{BatchSize: 3, Epoch: 2}, []int{3, 3, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			b := batchesOf(tt.n, tt.cfg)
			if b.Err() != nil {
				t.Fatal(b.Err())
			}
			if b.Steps() != len(tt.sizes) || b.Len() != tt.n {
				t.Errorf("%d steps of %d examples", b.Steps(), b.Len())
			}
			for e := tt.cfg.Epoch; e < tt.cfg.Epoch+3; e++ {
				if b.Epoch() != e || b.Step() != 0 {
					t.Errorf("at epoch %d, step %d, want epoch %d", b.Epoch(), b.Step(), e)
				}
				sizes, order := epoch(t, b)
				if !reflect.DeepEqual(sizes, tt.sizes) {
					t.Errorf("batches of %v, want %v", sizes, tt.sizes)
				}
				if tt.cfg.NoShuffle && !sort.IntsAreSorted(order) {
					t.Errorf("NoShuffle came as %v", order)
				}
				sort.Ints(order)
				for i := 1; i < len(order); i++ {
					if order[i] == order[i-1] {
						t.Errorf("example %d twice in an epoch", order[i])
					}
				}
				if !tt.cfg.DropRemainder && len(order) != tt.n {
					t.Errorf("%d of %d examples", len(order), tt.n)
				}
				b.Reset()
			}
		})
	}
}

// The order is part of what a seed promises: it must not change with a release.
// The values are those of testdata/shuffle.py.
func TestShuffleIsPinned(t *testing.T) {
	for _, tt := range []struct {
		seed   int64
		stream int
		want   []int
	}{
		{0, 0, []int{8, 6, 5, 4, 7, 2, 0, 9, 3, 1}},
		{0, 1, []int{3, 1, 5, 6, 9, 0, 4, 2, 8, 7}},
		{42, 0, []int{9, 6, 7, 8, 2, 4, 1, 5, 0, 3}},
		{-1, 7, []int{8, 6, 0, 9, 7, 1, 2, 4, 3, 5}},
	} {
		got := make([]int, 10)
		permute(got, tt.seed, tt.stream)
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("seed %d, epoch %d: %v, want %v", tt.seed, tt.stream, got, tt.want)
		}
	}
}

// Every example must come to every place equally often; chi-square over seeds and
// over the epochs of one seed.
func TestShuffleIsUniform(t *testing.T) {
	const n, runs = 8, 8000
	for name, at := range map[string]func(i int) (int64, int){
		"seeds":  func(i int) (int64, int) { return int64(i), 0 },
		"epochs": func(i int) (int64, int) { return 1, i },
	} {
		var count [n][n]int
		idx := make([]int, n)
		for i := 0; i < runs; i++ {
			seed, e := at(i)
			permute(idx, seed, e)
			for place, p := range idx {
				count[place][p]++
			}
		}
		chi := 0.0
		for _, row := range count {
			for _, c := range row {
				d := float64(c) - runs/n
				chi += d * d / (runs / n)
			}
		}
		// 49 degrees of freedom: 95 is passed once in 10,000 fair shuffles.
		if chi > 95 {
			t.Errorf("%s: chi-square %.1f", name, chi)
		}
	}
}

func TestOrderFollowsSeedAndEpoch(t *testing.T) {
	order := func(seed int64, e int) []int {
		_, o := epoch(t, batchesOf(50, BatchesConfig{Seed: seed, Epoch: e}))
		return o
	}
	b := batchesOf(50, BatchesConfig{Seed: 5})
	_, first := epoch(t, b)
	b.Reset()
	_, second := epoch(t, b)
	if reflect.DeepEqual(first, second) {
		t.Error("two epochs in the same order")
	}
	if !reflect.DeepEqual(first, order(5, 0)) || !reflect.DeepEqual(second, order(5, 1)) {
		t.Error("the order of an epoch does not follow from seed and epoch alone")
	}
	if reflect.DeepEqual(first, order(6, 0)) {
		t.Error("two seeds, one order")
	}
}

func TestResetInEitherPlace(t *testing.T) {
	before, behind := batchesOf(9, BatchesConfig{BatchSize: 4}), batchesOf(9, BatchesConfig{BatchSize: 4})
	for e := 0; e < 3; e++ {
		before.Reset()
		_, a := epoch(t, before)
		_, b := epoch(t, behind)
		behind.Reset()
		if !reflect.DeepEqual(a, b) {
			t.Errorf("epoch %d: %v with Reset before the loop, %v behind it", e, a, b)
		}
	}
}

func TestSeekResumes(t *testing.T) {
	a := batchesOf(23, BatchesConfig{BatchSize: 4, Seed: 9})
	epoch(t, a)
	a.Reset()
	a.Next()
	a.Next()
	b := batchesOf(23, BatchesConfig{BatchSize: 4, Seed: 9})
	if err := b.Seek(a.Epoch(), a.Step()); err != nil {
		t.Fatal(err)
	}
	_, rest := epoch(t, a)
	_, resumed := epoch(t, b)
	if !reflect.DeepEqual(rest, resumed) || len(rest) != 15 {
		t.Errorf("went on with %v, want %v", resumed, rest)
	}
	if err := b.Seek(0, b.Steps()); err != nil || b.Next() {
		t.Errorf("Seek to the end: %v, or a batch behind it", err)
	}
	wantError(t, b.Seek(0, 7), "0 to 6")
	wantError(t, b.Seek(-1, 0), "-1")
}

func TestBatchesKeepTheirTensors(t *testing.T) {
	b := batchesOf(7, BatchesConfig{BatchSize: 3})
	full, rest := map[tensor.Tensor]bool{}, map[tensor.Tensor]bool{}
	for e := 0; e < 3; e++ {
		for b.Next() {
			if b.X().Shape()[0] == 3 {
				full[b.X()] = true
			} else {
				rest[b.X()] = true
			}
		}
		b.Reset()
	}
	if len(full) != 1 || len(rest) != 1 {
		t.Errorf("%d tensors for full batches and %d for the remainder, want one each", len(full), len(rest))
	}
	allocs := testing.AllocsPerRun(50, func() {
		for b.Next() {
		}
		b.Reset()
	})
	if allocs != 0 {
		t.Errorf("an epoch allocates %v times", allocs)
	}
}

func TestBatchesWithoutLabels(t *testing.T) {
	b := Batches(BatchesConfig{X: toy(4, 2).X})
	if !b.Next() || b.X() == nil || b.Y() != nil {
		t.Errorf("X %v, Y %v, %v", b.X(), b.Y(), b.Err())
	}
}

func TestBatchesErrors(t *testing.T) {
	s := toy(5, 2)
	for name, tt := range map[string]struct {
		cfg  BatchesConfig
		want string
	}{
		"no X":             {BatchesConfig{}, "X"},
		"size":             {BatchesConfig{X: s.X, BatchSize: -1}, "-1"},
		"epoch":            {BatchesConfig{X: s.X, Epoch: -1}, "Epoch"},
		"mismatch":         {BatchesConfig{X: s.X, Y: toy(4, 2).Y}, "(5, 2)"},
		"only a remainder": {BatchesConfig{X: s.X, BatchSize: 6, DropRemainder: true}, "5 examples"},
		"scalar":           {BatchesConfig{X: tensor.New(tensor.FromScalar(1.0))}, "scalar"},
		"nil dense":        {BatchesConfig{X: s.X, Y: (*tensor.Dense)(nil)}, "Y"},
	} {
		t.Run(name, func(t *testing.T) {
			b := Batches(tt.cfg)
			wantError(t, b.Err(), "dataset: Batches", tt.want)
			b.Reset()
			if b.Next() || b.X() != nil || b.Steps() != 0 || b.Seek(0, 0) == nil {
				t.Error("a failed iterator goes on")
			}
		})
	}
}

func BenchmarkBatches(b *testing.B) {
	x := tensor.New(tensor.WithShape(5000, 784), tensor.WithBacking(make([]float32, 5000*784)))
	it := Batches(BatchesConfig{X: x, BatchSize: 50})
	b.SetBytes(50 * 784 * 4)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if !it.Next() {
			it.Reset()
		}
	}
}
