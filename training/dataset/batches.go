package dataset

import (
	"math/rand/v2"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// BatchesConfig says what Batches divides, and how.
type BatchesConfig struct {
	X tensor.Tensor // examples [n, ...], any dtype; required
	Y tensor.Tensor // labels or targets [n] or [n, ...]; nil for none (autoencoders)

	BatchSize     int   // examples in a batch; 0 means 32
	NoShuffle     bool  // keep the order of X; by default every epoch has its own order
	Seed          int64 // of the orders; 0 is a seed like any other
	Epoch         int   // the epoch to begin with; 0 is the first
	DropRemainder bool  // leave out the last batch of an epoch where it is smaller than BatchSize
}

const defaultBatchSize = 32

// BatchIterator walks over examples in batches; Batches makes one. A pass over
// all examples is an epoch. It is not safe for concurrent use.
type BatchIterator struct {
	err  error
	cfg  BatchesConfig
	x, y part
	n    int // examples
	full int // examples in a full batch: BatchSize, or n where that is less
	rest int // examples in the last, smaller batch; 0 for none

	steps       int // batches in an epoch
	epoch, step int // the batch that Next delivers is number step of epoch
	pcg         rand.PCG
	order       []int // the permutation of epoch orderOf
	orderOf     int

	curX, curY tensor.Tensor
}

// part is one of the two tensors with the buffers of its batches.
type part struct {
	src        rows
	buf        vector
	full, rest tensor.Tensor // both on buf; rest is a batch of the remainder
}

// Batches makes an iterator over the examples cfg.X and their labels cfg.Y. Each
// epoch hands out every example once (with DropRemainder: at most once), in an
// order that follows from cfg.Seed and the number of the epoch alone.
//
// A wrong config makes Next return false at once and Err say why. X and Y are
// read while iterating: change their values between two calls of Next only.
func Batches(cfg BatchesConfig) *BatchIterator {
	b, err := newBatches(cfg)
	if err != nil {
		return &BatchIterator{err: errors.WithMessage(err, "dataset: Batches")}
	}
	return b
}

func newBatches(cfg BatchesConfig) (*BatchIterator, error) {
	if cfg.BatchSize == 0 {
		cfg.BatchSize = defaultBatchSize
	}
	if cfg.BatchSize < 0 {
		return nil, errors.Errorf("BatchSize: wanted 1 or more (0 means %d), came %d", defaultBatchSize, cfg.BatchSize)
	}
	if cfg.Epoch < 0 {
		return nil, errors.Errorf("Epoch: wanted 0 or more, came %d", cfg.Epoch)
	}
	if cfg.X == nil {
		return nil, errors.New("X: wanted a tensor [n, ...], came nil")
	}
	x, err := rowsOf(cfg.X)
	if err != nil {
		return nil, errors.WithMessage(err, "X")
	}
	b := &BatchIterator{cfg: cfg, n: x.n, epoch: cfg.Epoch, orderOf: -1, full: min(cfg.BatchSize, x.n)}
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
	b.order = make([]int, b.n)
	return b, nil
}

func newPart(src rows, full, rest int) part {
	p := part{src: src, buf: src.data.makeLike(full * src.width)}
	p.full = src.tensor(p.buf, full)
	if rest > 0 {
		p.rest = src.tensor(p.buf.slice(0, rest*src.width), rest)
	}
	return p
}

// fill copies the examples idx into the buffer and returns the tensor of their
// number; nil for a part that is absent.
func (p *part) fill(idx []int, full int) tensor.Tensor {
	if p.buf == nil {
		return nil
	}
	p.src.data.gather(p.buf, idx, p.src.width)
	if len(idx) == full {
		return p.full
	}
	return p.rest
}

// Next makes the next batch of the epoch current and reports whether there was
// one. It returns false at the end of the epoch, until Reset or Seek, and after
// an error. It allocates nothing.
func (b *BatchIterator) Next() bool {
	if b.err != nil || b.step >= b.steps {
		b.curX, b.curY = nil, nil
		return false
	}
	if b.orderOf != b.epoch {
		b.reorder()
	}
	from := b.step * b.full
	idx := b.order[from:min(from+b.full, b.n)]
	b.curX = b.x.fill(idx, b.full)
	b.curY = b.y.fill(idx, b.full)
	b.step++
	return true
}

func (b *BatchIterator) reorder() {
	if !b.cfg.NoShuffle {
		permuteWith(&b.pcg, b.order, b.cfg.Seed, b.epoch)
	} else {
		for i := range b.order {
			b.order[i] = i
		}
	}
	b.orderOf = b.epoch
}

// X returns the examples of the current batch, [BatchSize, ...] (the last batch
// may be smaller). Its memory is used again: it is valid until Next. It is nil
// before the first Next and after the end of an epoch.
func (b *BatchIterator) X() tensor.Tensor { return b.curX }

// Y returns the labels of the current batch, [BatchSize] or [BatchSize, ...],
// valid until Next; nil where X is, and where the config has no Y.
func (b *BatchIterator) Y() tensor.Tensor { return b.curY }

// Err returns what is wrong with the config, or nil.
func (b *BatchIterator) Err() error { return b.err }

// Reset begins the next epoch, with its own order; what is left of the current
// one is skipped. An epoch of which no batch was taken is not skipped, so Reset
// may stand before the inner loop or behind it.
func (b *BatchIterator) Reset() {
	if b.err == nil && b.step > 0 {
		b.epoch, b.step = b.epoch+1, 0
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
	b.epoch, b.step = epoch, step
	b.curX, b.curY = nil, nil
	return nil
}

// Epoch returns the number of the current epoch, from 0.
func (b *BatchIterator) Epoch() int { return b.epoch }

// Step returns how many batches of the current epoch Next has delivered.
func (b *BatchIterator) Step() int { return b.step }

// Steps returns the number of batches in an epoch; 0 after an error.
func (b *BatchIterator) Steps() int { return b.steps }

// Len returns the number of examples; 0 after an error.
func (b *BatchIterator) Len() int { return b.n }
