package dataset

import (
	"reflect"
	"runtime"
	"slices"
	"testing"
)

// A Transform that calls t.Fatal ends the goroutine that it runs in. That is an
// error of its example, as a panic is; nobody waits for ever.
func TestGoexitOfATransform(t *testing.T) {
	before := runtime.NumGoroutine()
	bad := []int{4, 5, 9} // not example 0, which Next itself looks at
	exit := func(e *Example) error {
		if slices.Contains(bad, e.Index) {
			runtime.Goexit()
		}
		return nil
	}
	for _, workers := range []int{1, 2, 3} {
		cfg := BatchesConfig{Source: &counting{n: 10}, Map: []Transform{exit}, BatchSize: 3, NoShuffle: true, Workers: workers, Epochs: 2}
		b := Batches(cfg)
		if !b.Next() || b.Next() {
			t.Errorf("Workers %d: wanted one batch, came %d", workers, b.Step())
		}
		wantError(t, b.Err(), "dataset: Batches", "example 4", "runtime.Goexit", "return an error")

		cfg.SkipErrors = true
		b = Batches(cfg)
		var sizes []int
		for b.Next() {
			sizes = append(sizes, b.X().Shape()[0])
		}
		if want := []int{3, 1, 3, 3, 1, 3}; b.Err() != nil || !reflect.DeepEqual(sizes, want) {
			t.Errorf("Workers %d: batches of %v, want %v; %v", workers, sizes, want, b.Err())
		}
		n, first := b.Skipped()
		if n != 6 {
			t.Errorf("Workers %d: %d skipped, want 6", workers, n)
		}
		wantError(t, first[2], "example 9", "runtime.Goexit")
	}
	wantGoroutines(t, before)
}

func TestGoexitOfABatchTransform(t *testing.T) {
	before := runtime.NumGoroutine()
	exit := func(b *Batch) error {
		if b.Step == 2 {
			runtime.Goexit()
		}
		return nil
	}
	for _, workers := range []int{1, 3} {
		b := Batches(BatchesConfig{Source: &counting{n: 10}, MapBatch: []BatchTransform{exit}, BatchSize: 3, Workers: workers, Epochs: -1})
		for b.Next() {
		}
		if b.Step() != 2 {
			t.Errorf("Workers %d: %d batches, want 2", workers, b.Step())
		}
		wantError(t, b.Err(), "dataset: Batches", "MapBatch of epoch 0, step 2", "runtime.Goexit")
	}
	wantGoroutines(t, before)
}
