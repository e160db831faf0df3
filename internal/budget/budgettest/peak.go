// Package budgettest measures the memory that readers of files take at a time.
package budgettest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/plexaura/plexaura/internal/budget"
)

// Small is the size of files that are large once Lower was called: what is allowed beside their size is less.
const Small = 1 << 20

// Lower lets budgets of the test have a sixteenth of what they have beside the size of files, so that small files tell as much as large ones.
func Lower(t testing.TB) {
	before := budget.Beside
	budget.Beside /= 16
	t.Cleanup(func() { budget.Beside = before })
}

// Peak fails the test where f, which reads a file of so many bytes, holds more memory at a time than four times as many, and a room of 16 MiB (see
// Lower). What f returns is alive until the end.
//
// Whenever f takes from a budget, and when it has returned, what is alive then is measured: f stands still meanwhile, and garbage has been collected, so
// that neither the collector's pace nor the load of the machine counts. What f takes without a budget and has done with before the next look, such as
// the old memory of a list that grows, is not seen that way: the whole heap, garbage included, is looked at from the side, and must not be twice as large.
//
// With -short the test is skipped.
func Peak(t testing.TB, size int, f func() any) {
	t.Helper()
	if testing.Short() {
		t.Skip("memory is measured without -short: the heap is collected again and again")
	}
	most := uint64(4*int64(size) + 2*budget.Beside)
	alive, all := peak(most/64, f)
	t.Logf("of a file of %d bytes %d are alive at a time, %.1f times as many, which is %.2f of what is allowed; with garbage %d", size, alive, float64(alive)/float64(size),
		float64(alive)/float64(most), all)
	if alive > most {
		t.Errorf("that is more than %d", most)
	}
	if all > 2*most {
		t.Errorf("with garbage that is more than twice %d", most)
	}
}

// peak returns how far the heap grows while f runs: what is alive, to within step bytes, and all of it. Other goroutines must be idle.
func peak(step uint64, f func() any) (alive, all uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	runtime.GC()
	before := heap()
	alive = before
	look := func() {
		if heap() > alive+step {
			runtime.GC()
			alive = max(alive, heap())
		}
	}
	done, highest := make(chan struct{}), make(chan uint64)
	go func() {
		most := before
		for {
			select {
			case <-done:
				highest <- max(most, heap())
				return
			case <-time.After(100 * time.Microsecond):
				most = max(most, heap())
			}
		}
	}()
	budget.Taking = look
	defer func() { budget.Taking = nil }()
	x := f()
	close(done)
	all = <-highest
	look()
	runtime.KeepAlive(x)
	return alive - before, all - before
}

// heap is how many bytes objects take, dead ones too that were not collected yet.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
