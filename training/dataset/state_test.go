package dataset

import (
	"encoding"
	"reflect"
	"strings"
	"testing"
)

var _ interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
} = (*BatchIterator)(nil)

// An iterator that goes on from the state of another delivers what that one would
// have, from every step of two epochs.
func TestResumeAtEveryStep(t *testing.T) {
	s := toy(23, 3)
	weights := make([]float64, 23)
	for i := range weights {
		weights[i] = float64(i)
	}
	for name, cfg := range map[string]BatchesConfig{
		"gathered": {X: s.X, Y: s.Y},
		"piped":    {X: s.X, Y: s.Y, Map: []Transform{jitter}, MapBatch: []BatchTransform{shifted}, Prefetch: 3, Workers: 2},
		"caller":   {X: s.X, Y: s.Y, Map: []Transform{jitter}, Workers: -1},
		"skipping": {Source: badAt(23, 3, 4, 8, 17), SkipErrors: true, Map: []Transform{jitter}},
		"weighted": {X: s.X, Y: s.Y, Map: []Transform{jitter}, Weights: weights},
		"epochs":   {X: s.X, Y: s.Y, Map: []Transform{jitter}, Epochs: 2},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.BatchSize, cfg.Seed = 4, 9
			// two epochs, with Reset between them where Next stops there
			rest := func(b *BatchIterator) (batches []string) {
				defer b.Close()
				for b.Epoch() < 2 {
					batches = append(batches, run(t, b)...)
					if cfg.Epochs > 0 {
						break
					}
					b.Reset()
				}
				return batches
			}
			want := rest(Batches(cfg))
			if len(want) < 11 {
				t.Fatalf("%d batches", len(want))
			}
			for taken := range len(want) + 1 {
				a := Batches(cfg)
				for range taken {
					if !a.Next() {
						a.Reset()
						a.Next()
					}
				}
				data, err := a.MarshalBinary()
				if err != nil {
					t.Fatal(err)
				}
				a.Close()
				b := Batches(cfg)
				b.Next() // what it did before does not matter
				if err := b.UnmarshalBinary(data); err != nil {
					t.Fatal(err)
				}
				if again, _ := b.MarshalBinary(); string(again) != string(data) {
					t.Errorf("the state went from %s to %s", data, again)
				}
				if got := rest(b); !reflect.DeepEqual(got, want[taken:]) && len(got)+len(want[taken:]) > 0 {
					t.Errorf("after %d batches: went on with %v, want %v", taken, got, want[taken:])
				}
			}
		})
	}
}

func TestStateOfAnother(t *testing.T) {
	s := toy(10, 2)
	base := BatchesConfig{X: s.X, BatchSize: 4, Seed: 1}
	a := Batches(base)
	a.Next()
	a.Next()
	data, err := a.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"epoch":0,"step":2,"examples":10,"batch_size":4,"seed":1,"shuffle":true}`; string(data) != want {
		t.Errorf("state %s, want %s", data, want)
	}
	for name, tt := range map[string]struct {
		change func(*BatchesConfig)
		want   []string
	}{
		"examples": {func(c *BatchesConfig) { c.X = toy(9, 2).X }, []string{"examples 10", "has 9"}},
		"size":     {func(c *BatchesConfig) { c.BatchSize = 5 }, []string{"BatchSize 4", "has 5"}},
		"seed":     {func(c *BatchesConfig) { c.Seed = 2 }, []string{"Seed 1", "has 2"}},
		"shuffle":  {func(c *BatchesConfig) { c.NoShuffle = true }, []string{"shuffle true", "has false"}},
		"weights":  {func(c *BatchesConfig) { c.Weights = BalancedWeights(s.Labels()) }, []string{"Weights", "0"}},
	} {
		cfg := base
		tt.change(&cfg)
		b := Batches(cfg)
		b.Next()
		err := b.UnmarshalBinary(data)
		wantError(t, err, append(tt.want, "dataset: UnmarshalBinary")...)
		if b.Epoch() != 0 || b.Step() != 1 || b.X() == nil {
			t.Errorf("%s: a refused state moved the iterator to step %d", name, b.Step())
		}
	}
	for _, damaged := range []string{
		"", "x", "null", "[]", string(data[:20]),
		strings.Replace(string(data), `"step":2`, `"step":9`, 1), strings.Replace(string(data), `"epoch":0`, `"epoch":-1`, 1),
	} {
		wantError(t, Batches(base).UnmarshalBinary([]byte(damaged)), "dataset: UnmarshalBinary")
	}
}

// What is made ahead is not part of the state.
func TestStateCountsDeliveredBatches(t *testing.T) {
	b := Batches(BatchesConfig{Source: &counting{n: 40}, BatchSize: 2, Prefetch: 10})
	defer b.Close()
	for step := range 5 {
		data, err := b.MarshalBinary()
		if err != nil || !strings.Contains(string(data), `"epoch":0,"step":`+string(rune('0'+step))+",") {
			t.Errorf("after %d batches: %s, %v", step, data, err)
		}
		b.Next()
	}
}
