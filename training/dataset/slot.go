package dataset

import (
	"math/rand/v2"
	"sync/atomic"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// slot is the memory of one batch, from the choice of its examples to the tensors
// that the user reads. Slots go round: there is one for each batch that is made
// ahead and one for the batch that the user holds.
type slot struct {
	batch Batch
	idx   []int   // examples wanted, in order
	first int     // place in the epoch of the first of them
	errs  []error // of each, nil where it is in order

	x      []float32 // rows of the examples, as many as idx, before they become batch.X
	labels []int64
	target []float32

	pending   atomic.Int32  // ranges of examples that are not finished
	cancelled atomic.Bool   // nobody wants this batch any more
	done      chan struct{} // receives once the batch is finished

	err    error // of the batch
	bad    []error
	pcg    rand.PCG
	random *rand.Rand
	curX   tensor.Tensor
	curY   tensor.Tensor

	xs, labelTs, targetTs tensors
}

func newSlot(full int, f *form) *slot {
	s := &slot{
		idx:  make([]int, 0, full),
		errs: make([]error, full),
		x:    make([]float32, full*f.width),
		done: make(chan struct{}, 1),
	}
	s.random = rand.New(&s.pcg)
	switch {
	case f.targetWidth > 0:
		s.target = make([]float32, full*f.targetWidth)
	case f.labelled:
		s.labels = make([]int64, full)
	}
	return s
}

// prepare makes the slot ready for the examples idx of another batch.
func (s *slot) prepare(p position, idx []int, first int) {
	s.batch.Epoch, s.batch.Step = p.epoch, p.step
	s.idx, s.first = append(s.idx[:0], idx...), first
	s.err, s.bad = nil, s.bad[:0]
	s.curX, s.curY = nil, nil
	clear(s.errs)
	s.cancelled.Store(false)
}

// exampleError says at which example of the source something went wrong; i is its
// place in the batch.
func (s *slot) exampleError(i int, err error) error {
	return errors.WithMessagef(err, "example %d", s.idx[i])
}

// batchError says in which batch a BatchTransform went wrong.
func (s *slot) batchError(err error) error {
	return errors.WithMessagef(err, "MapBatch of epoch %d, step %d", s.batch.Epoch, s.batch.Step)
}
