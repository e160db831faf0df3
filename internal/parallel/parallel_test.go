package parallel

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type body func(lo, hi int)

func (b body) Do(lo, hi int) { b(lo, hi) }

func setProcs(t testing.TB, n int) {
	old := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
}

func TestForRanges(t *testing.T) {
	for _, procs := range []int{1, 2, 4} {
		setProcs(t, procs)
		for _, n := range []int{-1, 0, 1, 2, 7, 64, 65, 1000} {
			for _, grain := range []int{-3, 0, 1, 2, 7, 64, 1000, 2000} {
				g := max(1, grain)
				want := 0
				if n > 0 {
					want = (n + g - 1) / g
				}
				if got := Chunks(n, grain); got != want {
					t.Fatalf("Chunks(%d, %d) = %d, want %d", n, grain, got, want)
				}
				seen := make([]atomic.Int32, max(0, n))
				var calls atomic.Int32
				For(n, grain, body(func(lo, hi int) {
					calls.Add(1)
					if lo%g != 0 || hi != min(n, lo+g) {
						t.Errorf("n=%d grain=%d procs=%d: range [%d, %d)", n, grain, procs, lo, hi)
					}
					for i := lo; i < hi; i++ {
						seen[i].Add(1)
					}
				}))
				if int(calls.Load()) != want {
					t.Errorf("n=%d grain=%d procs=%d: %d calls, want %d", n, grain, procs, calls.Load(), want)
				}
				for i := range seen {
					if seen[i].Load() != 1 {
						t.Fatalf("n=%d grain=%d procs=%d: element %d done %d times", n, grain, procs, i, seen[i].Load())
					}
				}
			}
		}
	}
}

// TestForHugeRanges: the end of a range behind the last does not overflow.
func TestForHugeRanges(t *testing.T) {
	for _, procs := range []int{1, 2} {
		setProcs(t, procs)
		const grain = math.MaxInt / 2
		var covered atomic.Int64
		For(math.MaxInt, grain, body(func(lo, hi int) {
			if lo < 0 || lo%grain != 0 || hi <= lo {
				panic(fmt.Sprintf("range [%d, %d)", lo, hi))
			}
			covered.Add(int64(hi - lo))
		}))
		if covered.Load() != math.MaxInt {
			t.Errorf("procs=%d: %d covered", procs, covered.Load())
		}
	}
}

func TestForUsesWorkers(t *testing.T) {
	setProcs(t, 2)
	// Both ranges wait for each other: only two goroutines can end this.
	var meet sync.WaitGroup
	meet.Add(2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		For(2, 1, body(func(lo, hi int) { meet.Done(); meet.Wait() }))
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("the two ranges did not run at the same time")
	}
}

func TestForNested(t *testing.T) {
	setProcs(t, 4)
	for round := 0; round < 50; round++ {
		var sum atomic.Int64
		For(20, 1, body(func(lo, hi int) {
			For(30, 7, body(func(lo, hi int) {
				For(hi-lo, 1, body(func(l, h int) { sum.Add(int64(h - l)) }))
			}))
		}))
		if sum.Load() != 600 {
			t.Fatalf("sum = %d, want 600", sum.Load())
		}
	}
}

func TestForConcurrentCallers(t *testing.T) {
	setProcs(t, 4)
	var callers sync.WaitGroup
	for c := 0; c < 8; c++ {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for round := 0; round < 200; round++ {
				var sum atomic.Int64
				For(100, 9, body(func(lo, hi int) { sum.Add(int64(hi - lo)) }))
				if sum.Load() != 100 {
					t.Errorf("sum = %d, want 100", sum.Load())
				}
			}
		}()
	}
	callers.Wait()
}

func TestForPanicKeepsValue(t *testing.T) {
	want := errors.New("boom")
	for _, procs := range []int{1, 2, 4} {
		setProcs(t, procs)
		for at := 0; at < 16; at++ {
			var inside atomic.Int32
			got := func() (v any) {
				defer func() { v = recover() }()
				For(16, 1, body(func(lo, hi int) {
					inside.Add(1)
					defer inside.Add(-1)
					if lo == at {
						panic(want)
					}
					runtime.Gosched()
				}))
				return nil
			}()
			if got != any(want) {
				t.Fatalf("procs=%d at=%d: recovered %v, want %v", procs, at, got, want)
			}
			if inside.Load() != 0 {
				t.Fatalf("procs=%d at=%d: For returned while a Body was running", procs, at)
			}
		}
		// The pool and the workers are still sound.
		var sum atomic.Int64
		For(100, 3, body(func(lo, hi int) { sum.Add(int64(hi - lo)) }))
		if sum.Load() != 100 {
			t.Fatalf("after a panic: sum = %d, want 100", sum.Load())
		}
	}
}

func TestForGoexit(t *testing.T) {
	setProcs(t, 2)
	for round := 0; round < 20; round++ {
		for at := 0; at < 4; at++ {
			var outcome atomic.Value
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() {
					if v := recover(); v != nil {
						outcome.Store(v)
					}
				}()
				For(4, 1, body(func(lo, hi int) {
					if lo == at {
						runtime.Goexit()
					}
				}))
				outcome.Store(errors.New("For returned normally"))
			}()
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				t.Fatal("For hangs after runtime.Goexit")
			}
			if v := outcome.Load(); v != nil && v != any(errGoexit) {
				t.Fatalf("outcome %v", v)
			}
		}
	}
	var sum atomic.Int64
	For(100, 3, body(func(lo, hi int) { sum.Add(int64(hi - lo)) }))
	if sum.Load() != 100 {
		t.Fatalf("afterwards: sum = %d, want 100", sum.Load())
	}
}

func TestWorkersDoNotGrow(t *testing.T) {
	setProcs(t, 3)
	for i := 0; i < 100; i++ {
		For(50, 1, body(func(lo, hi int) {}))
	}
	most := workers.Load()
	before := runtime.NumGoroutine()
	for i := 0; i < 1000; i++ {
		For(50, 1, body(func(lo, hi int) {}))
	}
	if workers.Load() != most {
		t.Errorf("workers grew from %d to %d", most, workers.Load())
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("goroutines grew from %d to %d", before, after)
	}
}

type addBody struct{ x []float32 }

func (b *addBody) Do(lo, hi int) {
	for i := lo; i < hi; i++ {
		b.x[i]++
	}
}

func TestForAllocatesNothing(t *testing.T) {
	b := &addBody{x: make([]float32, 1000)}
	For(1000, 10, b)
	// AllocsPerRun itself sets GOMAXPROCS to 1, so the parallel path is set
	// again inside; a garbage collection may empty the pool, hence the slack.
	got := testing.AllocsPerRun(500, func() {
		runtime.GOMAXPROCS(2)
		For(1000, 10, b)
	})
	if got > 0 {
		t.Errorf("%v allocations per call, want 0", got)
	}
}

func BenchmarkForkJoin(b *testing.B) {
	for _, procs := range []int{1, 2} {
		b.Run(map[int]string{1: "serial", 2: "procs2"}[procs], func(b *testing.B) {
			setProcs(b, procs)
			work := &addBody{x: make([]float32, 64)}
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				For(64, 32, work)
			}
		})
	}
}
