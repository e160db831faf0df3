package dataset

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// What transforms draw and what Weights draw is part of what a seed promises. The
// values are those of testdata/streams.py.
func TestStreamsArePinned(t *testing.T) {
	var pcg rand.PCG
	for _, tt := range []struct {
		seed           int64
		epoch, i       int
		example, batch uint64
	}{
		{0, 0, 0, 0xcbdefd5eddab84d4, 0x72792f376a167118},
		{0, 0, 1, 0x62e72800ac3c5f72, 0x8c6a89b3c43c51b},
		{0, 1, 0, 0x612c9913c0d03c56, 0xed7db08ff3fbe23d},
		{-1, 7, 3, 0xc0ef450feacaf557, 0xfc7ab5d647e379d8},
	} {
		seedStream(&pcg, tt.seed, exampleStream, tt.epoch, tt.i)
		example := pcg.Uint64()
		seedStream(&pcg, tt.seed, batchStream, tt.epoch, tt.i)
		if b := pcg.Uint64(); example != tt.example || b != tt.batch {
			t.Errorf("%+v: %#x and %#x", tt, example, b)
		}
	}
	for _, tt := range []struct {
		seed  int64
		epoch int
		want  []int
	}{
		{0, 0, []int{3, 3, 6, 6, 3, 2, 3, 6}},
		{0, 1, []int{3, 3, 0, 3, 3, 6, 3, 3}},
		{5, 2, []int{2, 3, 3, 2, 3, 3, 0, 6}},
	} {
		o, err := newOrder(8, &BatchesConfig{Seed: tt.seed, Weights: []float64{1, 0, 2, 5, 0, 1, 3, 0}})
		if err != nil {
			t.Fatal(err)
		}
		if got := o.of(tt.epoch); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("seed %d, epoch %d: %v, want %v", tt.seed, tt.epoch, got, tt.want)
		}
	}
}

// The numbers that Read and Transforms get are the pinned ones.
func TestRandIsTheStream(t *testing.T) {
	var pcg rand.PCG
	check := func(what string, got uint64, purpose uint64, epoch, i int) {
		seedStream(&pcg, 6, purpose, epoch, i)
		if want := pcg.Uint64(); got != want {
			t.Errorf("%s %d of epoch %d drew %#x, want %#x", what, i, epoch, got, want)
		}
	}
	b := Batches(BatchesConfig{X: toy(5, 2).X, BatchSize: 2, Seed: 6, Epochs: 2, Workers: -1,
		Map:      []Transform{func(e *Example) error { check("example", e.Rand.Uint64(), exampleStream, e.Epoch, e.Index); return nil }},
		MapBatch: []BatchTransform{func(b *Batch) error { check("batch", b.Rand.Uint64(), batchStream, b.Epoch, b.Step); return nil }},
	})
	if got := run(t, b); len(got) != 6 {
		t.Errorf("%d batches", len(got))
	}
}

// Examples come in proportion to their weights; chi-square with one seed.
func TestWeights(t *testing.T) {
	weights := []float64{1, 2, 3, 4, 0}
	const epochs = 2000
	o, err := newOrder(5, &BatchesConfig{Weights: weights, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	var count [5]float64
	for e := range epochs {
		for _, p := range o.of(e) {
			count[p]++
		}
	}
	chi := 0.0
	for i, w := range weights[:4] {
		expected := w / 10 * 5 * epochs
		chi += (count[i] - expected) * (count[i] - expected) / expected
	}
	// 3 degrees of freedom: 21.1 is passed once in 10,000 draws.
	if chi > 21.1 || count[4] != 0 {
		t.Errorf("counts %v: chi-square %.1f", count, chi)
	}
}

// An example that is drawn twice is augmented in two ways.
func TestWeightsAugment(t *testing.T) {
	s := toy(8, 2)
	weights := make([]float64, 8)
	weights[3] = 1
	b := Batches(BatchesConfig{X: s.X, Y: s.Y, BatchSize: 3, Weights: weights, Map: []Transform{jitter}})
	seen := map[float32]bool{}
	for b.Next() {
		for i, x := range b.X().Data().([]float32) {
			if i%2 == 0 && x != 30 {
				t.Errorf("example %v came, want 30", x)
			} else if i%2 == 1 {
				seen[x] = true
			}
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d values of 8 draws, %v", len(seen), b.Err())
	}
}

func TestBalancedWeights(t *testing.T) {
	got := BalancedWeights([]int64{4, 0, 4, 4, 4})
	if !reflect.DeepEqual(got, []float64{.25, 1, .25, .25, .25}) {
		t.Errorf("%v", got)
	}
}

func TestWeightErrors(t *testing.T) {
	s := toy(3, 2)
	for name, tt := range map[string]struct {
		cfg  BatchesConfig
		want string
	}{
		"number":   {BatchesConfig{Weights: []float64{1}}, "3 examples, came 1"},
		"empty":    {BatchesConfig{Weights: []float64{}}, "came 0"},
		"negative": {BatchesConfig{Weights: []float64{1, -1, 1}}, "example 1"},
		"NaN":      {BatchesConfig{Weights: []float64{1, 1, math.NaN()}}, "NaN for example 2"},
		"infinite": {BatchesConfig{Weights: []float64{1, 1, math.Inf(1)}}, "+Inf"},
		"zero":     {BatchesConfig{Weights: []float64{0, 0, 0}}, "above 0"},
		"ordered":  {BatchesConfig{Weights: []float64{1, 1, 1}, NoShuffle: true}, "NoShuffle"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.cfg.X = s.X
			wantError(t, Batches(tt.cfg).Err(), tt.want)
		})
	}
}
