package dataset

import (
	"context"
	"runtime"
	"sync"
)

// position is a batch: number step of an epoch, both from 0.
type position struct{ epoch, step int }

// pipeline makes the batches of a BatchIterator ahead of it. Its goroutines run
// from the first batch that is wanted to the end of the run of batches, or to
// stop. All that is bounded: the goroutine that calls Next hands out a free slot
// at a time, and without a free slot nobody has work.
type pipeline struct {
	maker   *maker
	full    int
	workers int // 0: the caller makes the batches
	// plan returns the first batch there is at or after a position, its examples
	// and the place in the epoch of the first; ok is false at the end.
	plan func(at position) (p position, idx []int, first int, ok bool)

	slots    []*slot // a ring
	head     int     // the slot of the oldest batch in flight
	inFlight int
	ahead    position // the next batch to begin
	readers  []*reader
	jobs     chan job // nil while no goroutine runs
	wg       sync.WaitGroup
}

// newPipeline makes one that needs open before its first batch. workers and
// prefetch are those of BatchesConfig.
func newPipeline(m *maker, full, workers, prefetch int) *pipeline {
	p := &pipeline{maker: m, full: full, workers: max(workers, 0)}
	switch {
	case workers == 0:
		p.workers = runtime.GOMAXPROCS(0)
	case workers < 0:
		prefetch = -1
	}
	if prefetch == 0 {
		prefetch = defaultPrefetch
	}
	p.slots = make([]*slot, 1+max(prefetch, 0))
	return p
}

// open looks at the first example and makes the buffers.
func (p *pipeline) open(ctx context.Context) error {
	if p.readers != nil {
		return nil
	}
	r := newReader()
	if err := p.maker.probe(ctx, r); err != nil {
		return err
	}
	p.readers = append(p.readers, r)
	for len(p.readers) < p.workers {
		p.readers = append(p.readers, newReader())
	}
	for i := range p.slots {
		p.slots[i] = newSlot(p.full, &p.maker.form)
	}
	return nil
}

// next returns the slot of the first batch at or after a position, which is where
// the last batch or stop left it. Its memory is used again after the next call.
// ok is false where there is no such batch; err is the context's.
func (p *pipeline) next(ctx context.Context, at position) (s *slot, ok bool, err error) {
	if p.workers == 0 {
		return p.make(ctx, at)
	}
	if p.jobs == nil {
		p.start(at)
	}
	p.begin()
	if p.inFlight == 0 {
		p.stop()
		return nil, false, nil
	}
	s = p.slots[p.head]
	select {
	case <-s.done:
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	p.head = (p.head + 1) % len(p.slots)
	p.inFlight--
	return s, true, nil
}

// make makes a batch in the caller's goroutine.
func (p *pipeline) make(ctx context.Context, at position) (s *slot, ok bool, err error) {
	at, idx, first, ok := p.plan(at)
	if !ok {
		return nil, false, nil
	}
	s = p.slots[0]
	s.prepare(at, idx, first)
	for i := range s.idx {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		if !p.maker.fill(p.readers[0], s, i) {
			break
		}
	}
	p.maker.finish(s)
	return s, true, nil
}

func (p *pipeline) start(at position) {
	p.ahead = at
	// Room for every job of every slot, so that handing them out never blocks.
	p.jobs = make(chan job, len(p.slots)*p.workers)
	for _, r := range p.readers {
		p.wg.Add(1)
		go p.work(r, p.jobs, job{})
	}
}

// begin hands out the batches for which there is a free slot. That is every slot
// but those in flight: the batch that the user held is given up by asking for
// another.
func (p *pipeline) begin() {
	for p.inFlight < len(p.slots) {
		at, idx, first, ok := p.plan(p.ahead)
		if !ok {
			return
		}
		s := p.slots[(p.head+p.inFlight)%len(p.slots)]
		s.prepare(at, idx, first)
		p.ahead = position{at.epoch, at.step + 1}
		p.inFlight++
		size := (len(idx) + p.workers - 1) / p.workers
		s.pending.Store(int32((len(idx) + size - 1) / size))
		for from := 0; from < len(idx); from += size {
			p.jobs <- job{slot: s, at: from, to: min(from+size, len(idx))}
		}
	}
}

// stop ends the goroutines and forgets the batches that were made ahead. It waits
// for the examples that are being read.
func (p *pipeline) stop() {
	if p.jobs == nil {
		return
	}
	for i := range p.inFlight {
		p.slots[(p.head+i)%len(p.slots)].cancelled.Store(true)
	}
	close(p.jobs)
	p.wg.Wait()
	for ; p.inFlight > 0; p.inFlight-- {
		<-p.slots[p.head].done
		p.head = (p.head + 1) % len(p.slots)
	}
	p.jobs = nil
}
