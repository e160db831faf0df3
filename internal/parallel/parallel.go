// Package parallel splits loops over goroutines deterministically.
//
// The ranges that a Body sees depend only on the length and the grain, never
// on the number of workers or on timing, so a reduction that keeps one partial
// result per range (index lo/grain) gives the same bits on any machine.
package parallel

import (
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Body is the work of a parallel loop. Do is called for disjoint ranges
// [lo, hi) that together cover [0, n), from several goroutines at once.
//
// A Body is an interface and not a closure so that a caller can keep one
// object and run loops without allocating.
type Body interface {
	Do(lo, hi int)
}

// Chunks returns how many ranges For(n, grain, b) makes: ceil(n / grain).
func Chunks(n, grain int) int {
	if n <= 0 {
		return 0
	}
	if grain < 1 {
		grain = 1
	}
	return (n-1)/grain + 1
}

// For calls b.Do(lo, hi) for every range [k*grain, min(n, (k+1)*grain)) and
// returns when all have been done. A grain below 1 counts as 1.
//
// With one range, or with GOMAXPROCS == 1, all runs in the calling goroutine,
// in ascending order, over the same ranges. Otherwise the caller and at most
// GOMAXPROCS-1 persistent workers claim the ranges one by one. For may be
// called from inside a Body. In the steady state it allocates nothing.
//
// A panic in a Body stops the claiming of further ranges and is raised again
// in the caller with the same value once the ranges in progress have ended.
// A fork and join costs 2-4 us: choose a grain whose work is well above that.
func For(n, grain int, b Body) {
	if n <= 0 {
		return
	}
	if grain < 1 {
		grain = 1
	}
	if n <= grain {
		b.Do(0, n)
		return
	}
	procs := runtime.GOMAXPROCS(0)
	chunks := Chunks(n, grain)
	if procs == 1 || uint64(chunks) > math.MaxUint32 { // more than a job counts
		for k := 0; k < chunks; k++ {
			lo := k * grain
			b.Do(lo, lo+min(grain, n-lo))
		}
		return
	}
	helpers := min(procs, chunks) - 1
	if workers.Load() < int64(helpers) {
		startWorkers(helpers)
	}

	j := jobs.Get().(*job)
	j.body, j.n, j.grain, j.chunks = b, n, grain, int64(chunks)
	j.open.Store(uint64(chunks) << 32)
	j.done.Store(0)
	j.failed.Store(false)
	j.state.Store(running)
	j.refs.Store(1) // the caller's; every helper adds its own
	j.wanted = helpers
	publish(j)
	defer j.join()
	j.claim(false)
}

// job is one call of For.
type job struct {
	body     Body
	n, grain int
	chunks   int64

	// The ranges that nobody has claimed: the first in the lower 32 bits, the end
	// in the upper ones. The caller claims upwards and helpers downwards, so that
	// loops over the same data, one after the other, meet it in the processor
	// whose cache has it.
	open atomic.Uint64
	done atomic.Int64 // ranges that ended
	refs atomic.Int64 // the caller and the helpers

	wanted int // helpers that may still join; guarded by board.mu

	failed  atomic.Bool // set once, by whoever writes failure
	failure any         // value of the first panic; read after all ranges ended

	state  atomic.Int32  // running, waited or ended
	last   chan struct{} // tells a caller that sleeps that the last range ended
	exited bool          // the Body called runtime.Goexit in the caller
}

// The states of a job.
const (
	running int32 = iota
	waited        // the caller sleeps
	ended         // all ranges have
)

var (
	jobs    = sync.Pool{New: func() any { return &job{last: make(chan struct{}, 1)} }}
	workers atomic.Int64
	starter sync.Mutex
)

// errGoexit is the panic value when a Body ends a worker's goroutine.
var errGoexit = errors.New("parallel: Body called runtime.Goexit (as testing.T.FailNow does) in a worker")

// startWorkers brings the number of persistent workers to want, which is
// below the greatest GOMAXPROCS that For has seen.
func startWorkers(want int) {
	starter.Lock()
	defer starter.Unlock()
	for workers.Load() < int64(want) {
		workers.Add(1)
		go worker()
	}
}

func worker() {
	// Only runtime.Goexit in a Body gets here; the next For starts a new one.
	defer workers.Add(-1)
	for {
		nextJob().help()
	}
}

// board is where jobs that want helpers are found.
var board struct {
	mu     sync.Mutex
	jobs   []*job
	count  atomic.Int64 // of jobs, to be looked at without the lock
	asleep atomic.Int64 // workers that wait for wake
	wake   chan struct{}
}

func init() { board.wake = make(chan struct{}, 256) }

// publish puts j on the board and wakes workers that sleep.
func publish(j *job) {
	board.mu.Lock()
	board.jobs = append(board.jobs, j)
	board.count.Store(int64(len(board.jobs)))
	board.mu.Unlock()
	for i := min(j.chunks-1, board.asleep.Load()-int64(len(board.wake))); i > 0; i-- {
		select {
		case board.wake <- struct{}{}:
		default: // more are on their way than can be asleep
		}
	}
}

// withdraw takes j off the board, if it is still there. The caller holds board.mu.
func withdraw(j *job) {
	for i, o := range board.jobs {
		if o == j {
			board.jobs = append(board.jobs[:i], board.jobs[i+1:]...)
			board.jobs[:len(board.jobs)+1][len(board.jobs)] = nil
			board.count.Store(int64(len(board.jobs)))
			return
		}
	}
}

// look returns a job that wants a helper, the latest first since others may
// wait for it, or nil.
func look() *job {
	if board.count.Load() == 0 {
		return nil
	}
	board.mu.Lock()
	defer board.mu.Unlock()
	for i := len(board.jobs) - 1; i >= 0; i-- {
		j := board.jobs[i]
		if !j.unclaimed() {
			withdraw(j)
			continue
		}
		j.refs.Add(1)
		if j.wanted--; j.wanted == 0 {
			withdraw(j)
		}
		return j
	}
	return nil
}

// linger is how long a worker without work looks for more before it sleeps. To
// wake a sleeping processor takes a virtual machine up to 100 us, as long as
// many a loop; the loops of one step follow each other faster than this.
const linger = 200 * time.Microsecond

// nextJob waits for a job, giving way to other goroutines meanwhile.
func nextJob() *job {
	for {
		for start := time.Now(); time.Since(start) < linger; {
			for i := 0; i < 50; i++ {
				if j := look(); j != nil {
					return j
				}
			}
			runtime.Gosched()
		}
		// Whoever publishes a job after this sees a sleeper; what was published
		// before is seen here.
		board.asleep.Add(1)
		j := look()
		if j == nil {
			<-board.wake
		}
		board.asleep.Add(-1)
		if j != nil {
			return j
		}
	}
}

func (j *job) help() {
	defer j.release()
	for j.unclaimed() {
		j.claim(true)
	}
}

// claim does ranges until none is left or a Body panics.
func (j *job) claim(inWorker bool) {
	inBody := false
	defer func() {
		if !inBody {
			return
		}
		failure := recover()
		if failure == nil { // Since Go 1.21 no panic has the value nil.
			failure = errGoexit
			if !inWorker {
				j.exited = true
			}
		}
		if j.failed.CompareAndSwap(false, true) {
			j.failure = failure
		}
		j.end()
	}()
	for {
		k, ok := j.take(inWorker)
		if !ok {
			return
		}
		if !j.failed.Load() {
			lo := k * j.grain
			inBody = true
			j.body.Do(lo, lo+min(j.grain, j.n-lo))
			inBody = false
		}
		j.end()
	}
}

func (j *job) unclaimed() bool {
	open := j.open.Load()
	return uint32(open) < uint32(open>>32)
}

// take claims a range: the first of those left, or for a worker the last.
func (j *job) take(inWorker bool) (k int, ok bool) {
	for {
		open := j.open.Load()
		from, to := uint32(open), uint32(open>>32)
		switch {
		case from >= to:
			return 0, false
		case inWorker:
			if j.open.CompareAndSwap(open, open-1<<32) {
				return int(to - 1), true
			}
		case j.open.CompareAndSwap(open, open+1):
			return int(from), true
		}
	}
}

// end counts a range as ended.
func (j *job) end() {
	if j.done.Add(1) < j.chunks {
		return
	}
	if j.state.Swap(ended) == waited {
		j.last <- struct{}{}
	}
}

// patience is how long a caller looks for the end of the ranges that others are
// at before it sleeps: to be woken takes longer than most ranges.
const patience = 50 * time.Microsecond

// await returns when all ranges have ended.
func (j *job) await() {
	for start := time.Now(); ; {
		for i := 0; i < 100; i++ {
			if j.state.Load() == ended {
				return
			}
		}
		if time.Since(start) > patience {
			break
		}
	}
	if j.state.CompareAndSwap(running, waited) {
		<-j.last
	}
}

// join ends For: after it no goroutine is inside the Body.
func (j *job) join() {
	for j.unclaimed() { // Left over by a panic.
		j.claim(false)
	}
	board.mu.Lock()
	withdraw(j)
	board.mu.Unlock()
	j.await()
	failure := j.failure
	if j.exited {
		failure = nil // The goroutine is on its way out: let it go.
	}
	j.release()
	if failure != nil {
		panic(failure)
	}
}

func (j *job) release() {
	if j.refs.Add(-1) == 0 {
		j.body, j.failure = nil, nil
		j.exited = false
		jobs.Put(j)
	}
}
