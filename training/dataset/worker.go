package dataset

import (
	"runtime"
	"time"

	"github.com/pkg/errors"
)

// job is a range of the examples of a slot's batch. The one that ends last
// finishes the batch.
type job struct {
	slot   *slot // nil: there is none
	at, to int   // the example that is next, and the end
	last   bool  // all examples are read; the batch is being finished
}

// work does j, if it is one, and then jobs until there are no more.
func (p *pipeline) work(r *reader, jobs <-chan job, j job) {
	defer p.wg.Done()
	defer func() {
		if j.slot != nil { // the goroutine is being ended: another one goes on
			p.wg.Add(1)
			go p.work(r, jobs, p.maker.exited(j))
		}
	}()
	for more := true; more; j, more = <-jobs {
		if j.slot != nil {
			p.do(r, &j)
		}
	}
}

// turn is how long a worker goes on before it lets others have its processor. The
// training step has goroutines of its own, which else wait for a batch that is
// wanted later. A net that computes as fast as its pictures are augmented trained a
// fifth faster by it.
const turn = 50 * time.Microsecond

func (p *pipeline) do(r *reader, j *job) {
	s := j.slot
	if !j.last {
		begin := time.Now()
		for j.at < j.to && !s.cancelled.Load() && p.maker.fill(r, s, j.at) {
			j.at++
			if time.Since(begin) > turn {
				runtime.Gosched()
				begin = time.Now()
			}
		}
		if s.pending.Add(-1) > 0 {
			return
		}
		j.last = true
		p.maker.finish(s)
	}
	s.done <- struct{}{}
}

var errExited = errors.New("a Source or a transform ended its goroutine with runtime.Goexit, as FailNow and Fatal of a test do; return an error instead")

// exited is what remains of a job whose goroutine a Source or a transform has
// ended, which nothing can recover from.
func (m *maker) exited(j job) job {
	s := j.slot
	if j.last {
		s.err = s.batchError(errExited)
		return j
	}
	s.errs[j.at] = s.exampleError(j.at, errExited)
	if m.skip {
		j.at++
	} else {
		j.at = j.to
	}
	return j
}
