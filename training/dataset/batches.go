package dataset

import (
	"context"
	"time"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// BatchIterator walks over examples in batches; Batches makes one. A pass over
// all examples is an epoch. It is not safe for concurrent use.
type BatchIterator struct {
	err       error // final
	cancelled error // of the last NextContext's context
	closed    bool
	cfg       BatchesConfig
	n         int // examples
	full      int // examples in a full batch: BatchSize, or n where that is less
	rest      int // examples in the last, smaller batch; 0 for none

	steps int      // batches in an epoch
	at    position // behind the last batch that Next delivered
	order order
	x, y  part      // of the tensors X and Y where they are handed out as they are;
	pipe  *pipeline // what makes the batches where not

	curX, curY tensor.Tensor
	waited     time.Duration
	skipped    int
	firstBad   []error
}

// Batches makes an iterator over the examples cfg.X and their labels cfg.Y, or
// over those of cfg.Source. Each epoch hands out every example once (with
// DropRemainder: at most once), in an order that follows from cfg.Seed and the
// number of the epoch alone, whatever Workers and Prefetch are. So the epoch and
// the step are all its state, and Seek or UnmarshalBinary go on at any batch.
//
// A wrong config makes Next return false at once and Err say why. X and Y are
// read while iterating: change their values between two calls of Next only, and
// with Map or MapBatch not at all.
//
// With a Source, Map or MapBatch, goroutines make batches ahead. They end with
// the run of batches (when Next returns false, unless a context was cancelled);
// an iterator that is left earlier wants Close.
func Batches(cfg BatchesConfig) *BatchIterator {
	b, err := newBatches(cfg)
	if err != nil {
		return &BatchIterator{err: errors.WithMessage(err, "dataset: Batches")}
	}
	return b
}

func newBatches(cfg BatchesConfig) (*BatchIterator, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if err := cfg.openSet(); err != nil {
		return nil, err
	}
	if cfg.BatchSize == 0 {
		cfg.BatchSize = defaultBatchSize
	}
	src, err := cfg.source()
	if err != nil {
		return nil, err
	}
	b := &BatchIterator{cfg: cfg, at: position{epoch: cfg.Epoch}}
	var x rows
	if src == nil {
		if x, err = rowsOf(cfg.X); err != nil {
			return nil, errors.WithMessage(err, "X")
		}
		b.n = x.n
	} else if err := sourceErr(src); err != nil {
		return nil, errors.WithMessage(err, "Source")
	} else if b.n = src.Len(); b.n < 1 {
		return nil, errors.Errorf("Source: wanted at least one example, came %d", b.n)
	}
	b.full = min(cfg.BatchSize, b.n)
	b.rest = b.n % b.full
	b.steps = b.n / b.full
	switch {
	case cfg.DropRemainder && cfg.BatchSize > b.n:
		return nil, errors.Errorf("DropRemainder with BatchSize %d leaves nothing of %d examples; lower BatchSize", cfg.BatchSize, b.n)
	case cfg.DropRemainder:
		b.rest = 0
	case b.rest > 0:
		b.steps++
	}
	if b.order, err = newOrder(b.n, &cfg); err != nil {
		return nil, err
	}
	if src != nil {
		m := &maker{src: src, maps: cfg.Map, mapBatch: cfg.MapBatch, seed: cfg.Seed, skip: cfg.SkipErrors, byPlace: cfg.Weights != nil}
		b.pipe = newPipeline(m, b.full, cfg.Workers, cfg.Prefetch)
		b.pipe.plan = b.plan
		return b, nil
	}
	b.x = newPart(x, b.full, b.rest)
	if cfg.Y != nil {
		y, err := rowsOf(cfg.Y)
		if err != nil {
			return nil, errors.WithMessage(err, "Y")
		}
		if y.n != x.n {
			return nil, errors.Errorf("wanted as many labels as examples, came X %v and Y %v", cfg.X.Shape(), cfg.Y.Shape())
		}
		b.y = newPart(y, b.full, b.rest)
	}
	return b, nil
}

// plan returns the first batch at or after a position, its examples, and the place
// in the epoch of the first of them; ok is false where Next is to return false.
func (b *BatchIterator) plan(at position) (p position, idx []int, first int, ok bool) {
	if at.step >= b.steps && b.cfg.Epochs != 0 {
		at = position{epoch: at.epoch + 1}
	}
	if at.step >= b.steps || b.cfg.Epochs > 0 && at.epoch >= b.cfg.Epochs {
		return at, nil, 0, false
	}
	first = at.step * b.full
	return at, b.order.of(at.epoch)[first:min(first+b.full, b.n)], first, true
}

// Next makes the next batch current and reports whether there was one. It returns
// false at the end of the epoch (with Epochs: of all of them), until Reset or
// Seek, and after an error. For X and Y without Map and MapBatch it allocates
// nothing.
func (b *BatchIterator) Next() bool { return b.NextContext(context.Background()) }

// NextContext is Next that gives up waiting when ctx is done: it returns false and
// Err returns ctx.Err(). Nothing is lost by that, the next call goes on with the
// same batch. An example that is being read is not interrupted; Close waits for it.
func (b *BatchIterator) NextContext(ctx context.Context) bool {
	b.curX, b.curY, b.cancelled = nil, nil, nil
	if b.err != nil {
		return false
	}
	if b.closed {
		b.err = errors.New("dataset: Batches: Next after Close; make another iterator")
		return false
	}
	if b.cancelled = ctx.Err(); b.cancelled != nil {
		return false
	}
	begin := time.Now()
	var ok bool
	if b.pipe == nil {
		ok = b.gather()
	} else {
		ok = b.take(ctx)
	}
	b.waited += time.Since(begin)
	return ok
}

// gather copies the next batch from X and Y.
func (b *BatchIterator) gather() bool {
	at, idx, _, ok := b.plan(b.at)
	if !ok {
		return false
	}
	b.curX = b.x.fill(idx, b.full)
	b.curY = b.y.fill(idx, b.full)
	b.at = position{at.epoch, at.step + 1}
	return true
}

// take gets the next batch that is not empty from the pipeline.
func (b *BatchIterator) take(ctx context.Context) bool {
	if err := b.pipe.open(ctx); err != nil {
		return b.fail(ctx, err)
	}
	for empty := 0; ; {
		s, ok, err := b.pipe.next(ctx, b.at)
		if err == nil && ok {
			err = s.err
		}
		if err != nil {
			return b.fail(ctx, err)
		}
		if !ok {
			return false
		}
		b.at = position{s.batch.Epoch, s.batch.Step + 1}
		b.skipped += len(s.bad)
		b.firstBad = append(b.firstBad, s.bad[:min(len(s.bad), maxFirstBad-len(b.firstBad))]...)
		if s.batch.N > 0 {
			b.curX, b.curY = s.curX, s.curY
			return true
		}
		// Epochs of nothing but bad examples must not go on forever.
		if empty++; empty >= b.steps && b.cfg.Epochs != 0 {
			return b.fail(ctx, errors.WithMessagef(s.bad[0], "SkipErrors left nothing of %d batches; the last failed at", empty))
		}
	}
}

// fail ends the iterator with an error, or gives up for now where that is the
// context's.
func (b *BatchIterator) fail(ctx context.Context, err error) bool {
	if err == ctx.Err() {
		b.cancelled = err
		return false
	}
	b.pipe.stop()
	b.err = errors.WithMessage(err, "dataset: Batches")
	return false
}

// X returns the examples of the current batch, [BatchSize, ...] (the last batch
// may be smaller). Its memory is used again: it is valid until Next. It is nil
// before the first Next and after the end of an epoch.
func (b *BatchIterator) X() tensor.Tensor { return b.curX }

// Y returns the labels of the current batch, [BatchSize] or [BatchSize, ...],
// valid until Next; nil where X is, and where the config has no Y.
func (b *BatchIterator) Y() tensor.Tensor { return b.curY }

// Err returns what is wrong with the config, with an example (named by its index
// in the Source) or with a transform; after a NextContext that gave up, the error
// of its context; otherwise nil.
func (b *BatchIterator) Err() error {
	if b.err != nil {
		return b.err
	}
	return b.cancelled
}

// Reset begins the next epoch, with its own order; what is left of the current
// one is skipped. An epoch of which no batch was taken is not skipped, so Reset
// may stand before the inner loop or behind it.
func (b *BatchIterator) Reset() {
	if b.err == nil && b.at.step > 0 {
		b.moveTo(position{epoch: b.at.epoch + 1})
	}
	b.curX, b.curY = nil, nil
}

// Seek makes batch number step of an epoch the one that Next delivers, both
// counted from 0; step may be Steps, the end of the epoch. With Epoch and Step it
// continues an interrupted training at the very batch where it stopped.
func (b *BatchIterator) Seek(epoch, step int) error {
	if b.err != nil {
		return b.err
	}
	if epoch < 0 || step < 0 || step > b.steps {
		return errors.Errorf("dataset: Seek(%d, %d): wanted an epoch of 0 or more and a step from 0 to %d", epoch, step, b.steps)
	}
	b.moveTo(position{epoch, step})
	b.curX, b.curY = nil, nil
	return nil
}

// moveTo forgets what was made ahead for another position.
func (b *BatchIterator) moveTo(p position) {
	if b.pipe != nil && p != b.at {
		b.pipe.stop()
	}
	b.at = p
}

// Close ends the goroutines that make batches ahead and waits for them. Where none
// run (see Batches) it is not needed. It may be called again; Next after it is an
// error. It always returns nil.
func (b *BatchIterator) Close() error {
	if b.pipe != nil {
		b.pipe.stop()
	}
	b.closed, b.curX, b.curY = true, nil, nil
	return nil
}
