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

// Lower lets budgets of the test have an eighth of what they have beside the size of files, so that small files tell as much as large ones.
func Lower(t testing.TB) {
	before := budget.Beside
	budget.Beside /= 8
	t.Cleanup(func() { budget.Beside = before })
}

// Peak fails the test where f, which reads a file of so many bytes, holds more memory at a time than four times as many, and a room of 16 MiB (see Lower). What f returns is alive until the
// end. The heap is looked at again and again while f runs with an eager garbage collector, so that what is thrown away counts little.
func Peak(t testing.TB, size int, f func() any) {
	t.Helper()
	took, most := peak(f), uint64(4*int64(size)+2*budget.Beside)
	t.Logf("a file of %d bytes took %d at a time, %.1f times as many", size, took, float64(took)/float64(size))
	if took > most {
		t.Errorf("that is more than %d", most)
	}
}

// peak returns how far the heap grows while f runs. Other goroutines must be idle.
func peak(f func() any) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	runtime.GC()
	before := heap()
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
	x := f()
	close(done)
	most := <-highest
	runtime.KeepAlive(x)
	return most - before
}

// heap is how many bytes objects take, dead ones too that were not collected yet.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
