package dataset

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/pkg/errors"
)

// jitter adds a random number to the second feature, so that a batch shows what
// was drawn for its examples as well as their order.
func jitter(e *Example) error {
	e.X[1] += e.Rand.Float32()
	return nil
}

// shifted adds a random number of the batch to all first features.
func shifted(b *Batch) error {
	d := b.Rand.Float32() / 2
	for i := 0; i < len(b.X); i += 2 {
		b.X[i] += d
	}
	return nil
}

// batch is what Next delivered last, in words: position, shape, values, labels.
func batch(b *BatchIterator) string {
	y := any(nil)
	if b.Y() != nil {
		y = b.Y().Data()
	}
	return fmt.Sprint(b.Epoch(), b.Step(), b.X().Shape(), b.X().Data(), y)
}

// run delivers batches until Next is false.
func run(t *testing.T, b *BatchIterator) (batches []string) {
	t.Helper()
	for b.Next() {
		batches = append(batches, batch(b))
	}
	if b.Err() != nil {
		t.Fatal(b.Err())
	}
	return batches
}

// wantGoroutines fails where there are more goroutines than before; those that
// were told to end get a moment to do so.
func wantGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// Workers, Prefetch and GOMAXPROCS change nothing of what comes: not the order,
// not what transforms draw.
func TestPipelineIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	s := toy(23, 3)
	config := func(workers, prefetch int) BatchesConfig {
		return BatchesConfig{X: s.X, Y: s.Y, BatchSize: 4, Seed: 3, Epochs: 3, Workers: workers, Prefetch: prefetch,
			Map: []Transform{jitter}, MapBatch: []BatchTransform{shifted}}
	}
	want := run(t, Batches(config(-1, 0)))
	if len(want) != 18 {
		t.Fatalf("%d batches, want 3 epochs of 6", len(want))
	}
	before := runtime.NumGoroutine()
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for _, workers := range []int{0, 1, 2, 7} {
			for _, prefetch := range []int{-1, 0, 1, 5, 40} {
				cfg := config(workers, prefetch)
				if got := run(t, Batches(cfg)); !reflect.DeepEqual(got, want) {
					t.Errorf("GOMAXPROCS %d, Workers %d, Prefetch %d: %v, want %v", procs, workers, prefetch, got, want)
				}
				// The same as a Source, in the caller's own time.
				cfg.X, cfg.Y, cfg.Source = nil, nil, Map(s, jitter)
				cfg.Map = nil
				b := Batches(cfg)
				for i, w := range want {
					if rand.IntN(3) == 0 {
						runtime.Gosched()
					}
					if !b.Next() || batch(b) != w {
						t.Fatalf("GOMAXPROCS %d, Workers %d, Prefetch %d: batch %d differs, %v", procs, workers, prefetch, i, b.Err())
					}
				}
				if b.Next() {
					t.Error("a batch behind the last")
				}
			}
		}
	}
	wantGoroutines(t, before) // without Close: the runs came to their end
}

// The pipeline has the order of the gathered X and Y.
func TestPipelineHasTheGatheredOrder(t *testing.T) {
	for _, cfg := range []BatchesConfig{
		{BatchSize: 4}, {BatchSize: 4, DropRemainder: true, Seed: 8}, {NoShuffle: true, BatchSize: 5}, {BatchSize: 100, Epoch: 4},
	} {
		gathered := batchesOf(11, cfg)
		cfg.Source = &counting{n: 11}
		piped := Batches(cfg)
		for range 3 {
			wantSizes, want := epoch(t, gathered)
			sizes, order := epoch(t, piped)
			if !reflect.DeepEqual(order, want) || !reflect.DeepEqual(sizes, wantSizes) || len(want) == 0 {
				t.Errorf("%+v: %v in %v, want %v in %v", cfg, order, sizes, want, wantSizes)
			}
			gathered.Reset()
			piped.Reset()
		}
	}
}

// A Set is a Source that needs no pipeline.
func TestBatchesOfASet(t *testing.T) {
	s := toy(9, 3)
	a, b := Batches(BatchesConfig{Source: s, BatchSize: 2}), Batches(BatchesConfig{X: s.X, Y: s.Y, BatchSize: 2})
	if got, want := run(t, a), run(t, b); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if a.pipe != nil {
		t.Error("a pipeline for a set without transforms")
	}
}

func TestRandomNumbersOfEachEpoch(t *testing.T) {
	draws := func(cfg BatchesConfig) []float32 {
		cfg.X, cfg.NoShuffle, cfg.BatchSize = toy(6, 3).X, true, 6
		cfg.Map = []Transform{func(e *Example) error { e.X[0] = e.Rand.Float32(); return nil }}
		b := Batches(cfg)
		defer b.Close()
		if !b.Next() {
			t.Fatal(b.Err())
		}
		return append([]float32(nil), b.X().Data().([]float32)...)
	}
	first := draws(BatchesConfig{})
	if !reflect.DeepEqual(first, draws(BatchesConfig{})) {
		t.Error("the same epoch drew differently")
	}
	for name, other := range map[string][]float32{"epoch": draws(BatchesConfig{Epoch: 1}), "seed": draws(BatchesConfig{Seed: 1})} {
		for i := 0; i < len(first); i += 2 {
			if first[i] == other[i] {
				t.Errorf("example %d drew the same in another %s", i/2, name)
			}
		}
	}
}

func TestEpochs(t *testing.T) {
	s := toy(5, 3)
	for name, pipe := range map[string][]Transform{"gathered": nil, "piped": {jitter}} {
		cfg := BatchesConfig{X: s.X, Y: s.Y, BatchSize: 2, Map: pipe}
		var want []string
		single := Batches(cfg)
		for range 3 {
			want = append(want, run(t, single)...)
			single.Reset()
		}
		cfg.Epochs = 3
		b := Batches(cfg)
		if got := run(t, b); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if b.Epoch() != 2 || b.Step() != 3 {
			t.Errorf("%s: ended at epoch %d, step %d", name, b.Epoch(), b.Step())
		}
		if b.Reset(); b.Next() {
			t.Errorf("%s: an epoch behind the last", name)
		}
		cfg.Epochs = -1
		b = Batches(cfg)
		for i := range 20 {
			if !b.Next() {
				t.Fatalf("%s: ended after %d batches", name, i)
			}
			if i < len(want) && batch(b) != want[i] {
				t.Errorf("%s: batch %d is %v, want %v", name, i, batch(b), want[i])
			}
		}
		b.Close()
		cfg.Epochs, cfg.Epoch = 3, 3
		if Batches(cfg).Next() {
			t.Errorf("%s: begins behind the last epoch", name)
		}
	}
}

// A transform beneath the cache draws the same whichever epoch reads first.
func TestCacheOfARandomTransform(t *testing.T) {
	values := func(epoch int) []float32 {
		src := Cache(Map(toy(9, 3), func(e *Example) error { e.X[0], e.X[1] = e.Rand.Float32(), float32(e.Epoch); return nil }))
		b := Batches(BatchesConfig{Source: src, NoShuffle: true, Epoch: epoch})
		defer b.Close()
		if !b.Next() {
			t.Fatal(b.Err())
		}
		return append([]float32(nil), b.X().Data().([]float32)...)
	}
	first := values(0)
	if !reflect.DeepEqual(first, values(3)) {
		t.Error("what the cache holds depends on the epoch that filled it")
	}
	if first[0] == first[2] {
		t.Error("two examples, one random number")
	}
}

// Reset and Seek with batches in flight.
func TestPipelineMoves(t *testing.T) {
	before := runtime.NumGoroutine()
	s := toy(23, 3)
	cfg := BatchesConfig{X: s.X, Y: s.Y, BatchSize: 4, Prefetch: 3, Workers: 2, Map: []Transform{jitter}}
	want := map[position]string{}
	b := Batches(cfg)
	for range 4 {
		for b.Next() {
			want[position{b.Epoch(), b.Step()}] = batch(b)
		}
		b.Reset()
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	b = Batches(cfg)
	for range 300 {
		switch r.IntN(5) {
		case 0:
			b.Reset()
			if b.Epoch() > 3 {
				b.Seek(0, 0)
			}
		case 1:
			if err := b.Seek(r.IntN(4), r.IntN(b.Steps()+1)); err != nil {
				t.Fatal(err)
			}
		default:
			epoch, step := b.Epoch(), b.Step()
			if got := b.Next(); got != (step < b.Steps()) {
				t.Fatalf("seed %d: Next is %v at step %d of epoch %d", seed, got, step, epoch)
			} else if got && batch(b) != want[position{epoch, step + 1}] {
				t.Fatalf("seed %d: at epoch %d, step %d: %v, want %v", seed, epoch, step, batch(b), want[position{epoch, step + 1}])
			}
		}
	}
	b.Close()
	wantGoroutines(t, before)
}

// Workers stop when the buffers are full.
func TestBackPressure(t *testing.T) {
	for _, prefetch := range []int{-1, 1, 3} {
		src := &counting{n: 100}
		b := Batches(BatchesConfig{Source: src, BatchSize: 5, Prefetch: prefetch, Workers: 4, Epochs: -1})
		for delivered := 1; delivered <= 50; delivered++ {
			if !b.Next() {
				t.Fatal(b.Err())
			}
			if delivered%10 == 0 {
				time.Sleep(2 * time.Millisecond) // for workers that would go too far
			}
			// One more is read to learn the shape of examples.
			if n, bound := src.reads.Load(), int64(1+5*(delivered+max(prefetch, 0))); n > bound {
				t.Fatalf("Prefetch %d: %d examples read for %d batches delivered; want %d at most", prefetch, n, delivered, bound)
			}
		}
		// They go as far as that, though.
		full := int64(1 + 5*(50+max(prefetch, 0)))
		for range 10000 {
			if src.reads.Load() == full {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if n := src.reads.Load(); n != full {
			t.Errorf("Prefetch %d: %d examples read ahead of time, want %d", prefetch, n, full)
		}
		b.Close()
	}
}

func TestCancelledContext(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, workers := range []int{-1, 2} {
		gate := make(chan struct{})
		src := &counting{n: 10, before: func(i int) error {
			if i >= 2 {
				<-gate
			}
			return nil
		}}
		b := Batches(BatchesConfig{Source: src, BatchSize: 2, NoShuffle: true, Workers: workers})
		cancelled, cancel := context.WithCancel(context.Background())
		cancel()
		if b.NextContext(cancelled) || b.Err() != context.Canceled || src.reads.Load() != 0 {
			t.Fatalf("Workers %d: a cancelled context: %v, %d reads", workers, b.Err(), src.reads.Load())
		}
		if !b.Next() || b.Err() != nil {
			t.Fatalf("Workers %d: no batch after a cancelled context: %v", workers, b.Err())
		}
		if workers > 0 { // else nobody waits who could give up
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			if b.NextContext(ctx) || b.Err() != context.DeadlineExceeded || b.X() != nil || b.Step() != 1 {
				t.Fatalf("waited for longer than the context allows: %v, step %d", b.Err(), b.Step())
			}
			cancel()
		}
		close(gate)
		if _, order := epoch(t, b); !reflect.DeepEqual(order, []int{2, 3, 4, 5, 6, 7, 8, 9}) || b.Err() != nil {
			t.Errorf("Workers %d: went on with %v, %v", workers, order, b.Err())
		}
		b.Close()
	}
	wantGoroutines(t, before)
}

// In the caller's goroutine a context is seen between two examples.
func TestCancelBetweenExamples(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	src := &counting{n: 6, before: func(i int) error {
		if i == 4 {
			cancel()
		}
		return nil
	}}
	b := Batches(BatchesConfig{Source: src, BatchSize: 6, NoShuffle: true, Workers: -1})
	if b.NextContext(ctx) || b.Err() != context.Canceled || b.Step() != 0 || src.reads.Load() != 6 {
		t.Errorf("%v at step %d after %d reads", b.Err(), b.Step(), src.reads.Load())
	}
	if !b.Next() || b.Err() != nil || b.X().Shape()[0] != 6 {
		t.Errorf("did not go on: %v", b.Err())
	}
}

func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	s := toy(50, 3)
	for _, workers := range []int{-1, 0, 3} {
		b := Batches(BatchesConfig{X: s.X, BatchSize: 2, Workers: workers, Map: []Transform{jitter}})
		b.Close()
		b = Batches(BatchesConfig{X: s.X, BatchSize: 2, Workers: workers, Map: []Transform{jitter}})
		b.Next()
		for range 2 {
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		}
		if b.X() != nil || b.Step() != 1 {
			t.Errorf("after Close: X %v, step %d", b.X(), b.Step())
		}
		if b.Next() {
			t.Error("a batch after Close")
		}
		wantError(t, b.Err(), "Close")
	}
	if err := Batches(BatchesConfig{}).Close(); err != nil {
		t.Error(err)
	}
	wantGoroutines(t, before)
}

// Close does not wait for more than the example that is being read.
func TestCloseLeavesTheRest(t *testing.T) {
	var b *BatchIterator
	reading := make(chan struct{})
	src := &counting{n: 60, before: func(i int) error {
		if i != 10 {
			return nil
		}
		close(reading)
		for range 10000 {
			if b.pipe.slots[1].cancelled.Load() {
				return nil
			}
			time.Sleep(time.Millisecond)
		}
		return errors.New("nobody said that the batch is not wanted")
	}}
	b = Batches(BatchesConfig{Source: src, BatchSize: 10, NoShuffle: true, Workers: 1, Prefetch: 3})
	if !b.Next() {
		t.Fatal(b.Err())
	}
	<-reading
	b.Close()
	if n := src.reads.Load(); n != 1+10+1 {
		t.Errorf("%d examples were read, want the shape, a batch and one", n)
	}
}

func TestPipelineAllocatesNothing(t *testing.T) {
	s := toy(70, 3)
	noise := func(e *Example) error { e.X[0] += float32(e.Rand.Uint64() & 1); return nil }
	for _, workers := range []int{-1, 1, 2} {
		b := Batches(BatchesConfig{X: s.X, Y: s.Y, BatchSize: 16, Workers: workers, Epochs: -1, Map: []Transform{noise},
			MapBatch: []BatchTransform{func(b *Batch) error { b.ResizeTargets(3)[0] = 1; return nil }}})
		for range 50 {
			b.Next()
		}
		if allocs := testing.AllocsPerRun(100, func() { b.Next() }); allocs != 0 {
			t.Errorf("Workers %d: a batch allocates %v times", workers, allocs)
		}
		b.Close()
	}
}

func TestWaited(t *testing.T) {
	const pause = 5 * time.Millisecond
	src := &counting{n: 4, before: func(int) error { time.Sleep(pause); return nil }}
	b := Batches(BatchesConfig{Source: src, BatchSize: 4, Workers: 1})
	if b.Waited() != 0 {
		t.Errorf("waited %v before the first batch", b.Waited())
	}
	b.Next()
	if b.Waited() < 4*pause {
		t.Errorf("waited %v for four examples of %v", b.Waited(), pause)
	}
	b.Close()
}

func TestPipelineConfigErrors(t *testing.T) {
	s := toy(5, 2)
	for name, tt := range map[string]struct {
		cfg  BatchesConfig
		want string
	}{
		"both":             {BatchesConfig{Source: s, X: s.X}, "both"},
		"nil set":          {BatchesConfig{Source: (*Set)(nil)}, "nil"},
		"empty set":        {BatchesConfig{Source: &Set{}}, "X"},
		"empty source":     {BatchesConfig{Source: &counting{}}, "at least one example"},
		"epochs":           {BatchesConfig{X: s.X, Epochs: -2}, "Epochs"},
		"workers":          {BatchesConfig{X: s.X, Workers: -2}, "Workers"},
		"prefetch":         {BatchesConfig{X: s.X, Prefetch: -2}, "Prefetch"},
		"many workers":     {BatchesConfig{X: s.X, Workers: 1 << 40}, "Workers: wanted -1 to 1024"},
		"far ahead":        {BatchesConfig{X: s.X, Prefetch: 1 << 40}, "Prefetch: wanted -1 to 1024"},
		"nobody to do it":  {BatchesConfig{X: s.X, Workers: -1, Prefetch: 3}, "Prefetch 3"},
		"nil map":          {BatchesConfig{X: s.X, Map: []Transform{jitter, nil}}, "number 1"},
		"nil batch map":    {BatchesConfig{X: s.X, MapBatch: []BatchTransform{nil}}, "MapBatch"},
		"dtype":            {BatchesConfig{X: s.Y, Map: []Transform{jitter}}, "float32"},
		"only a remainder": {BatchesConfig{Source: &counting{n: 5}, BatchSize: 6, DropRemainder: true}, "5 examples"},
	} {
		t.Run(name, func(t *testing.T) {
			b := Batches(tt.cfg)
			wantError(t, b.Err(), "dataset: Batches", tt.want)
			_, err := b.MarshalBinary()
			wantError(t, err, tt.want)
			if b.Next() || b.UnmarshalBinary([]byte("{}")) == nil || b.Close() != nil {
				t.Error("a failed iterator goes on")
			}
		})
	}
}
