package dataset

import (
	"math/rand/v2"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Batch is one batch on its way out of Batches, as a BatchTransform sees it.
// Batches are used again: a BatchTransform keeps nothing of it.
type Batch struct {
	Epoch, Step int // which batch it is, both from 0
	N           int // examples

	X           []float32 // values [N, Shape...], row-major
	Shape       []int     // of one example
	Labels      []int64   // class ids [N]; nil for none
	Targets     []float32 // [N, TargetShape...]; nil for none. Where there are Targets, they are the Y of the batch, else Labels
	TargetShape []int     // of one example's target; empty for a scalar

	// Rand draws numbers that follow from the seed of the Batches, Epoch and Step
	// alone, whichever goroutine makes the batch.
	Rand *rand.Rand

	targets, scratch []float32 // memory of Targets and of copyOf
}

// BatchTransform changes a batch after its examples were read and transformed,
// such as Mixup. It is called by several goroutines at once, each with a Batch of
// its own. It does not change N.
type BatchTransform func(b *Batch) error

// ResizeTargets gives every example a target of a shape (none for a scalar) and
// returns Targets, N times as many elements, which hold anything.
func (b *Batch) ResizeTargets(shape ...int) []float32 {
	b.TargetShape = append(b.TargetShape[:0], shape...)
	b.targets = resized(b.targets, b.N*product(shape))
	b.Targets = b.targets
	return b.Targets
}

// copyOf is a copy of x in memory that the batch keeps, good until the next one.
func (b *Batch) copyOf(x []float32) []float32 {
	b.scratch = resized(b.scratch, len(x))
	copy(b.scratch, x)
	return b.scratch
}

// check tells whether transforms left the batch of n examples in order.
func (b *Batch) check(n int) error {
	if b.N != n {
		return errors.Errorf("a BatchTransform changed N from %d to %d", n, b.N)
	}
	if err := fit("X", b.X, n, b.Shape); err != nil {
		return err
	}
	if b.Targets != nil {
		return fit("Targets", b.Targets, n, b.TargetShape)
	}
	if b.Labels != nil && len(b.Labels) != n {
		return errors.Errorf("Labels: wanted %d, came %d", n, len(b.Labels))
	}
	return nil
}

// fit tells whether data holds n examples of a shape.
func fit(name string, data []float32, n int, shape []int) error {
	if want := n * product(shape); want < 1 || len(data) != want {
		return errors.Errorf("%s: wanted %d values, at least 1, for %s of shape %v, came %d",
			name, want, plural(n, "example", "examples"), tensor.Shape(shape), len(data))
	}
	return nil
}

// tensors are those made on the memory of a slot, one for each number of examples,
// so that a batch of a size seen before makes none.
type tensors struct {
	of    any // the slice they were made on, as far as telling it from others goes: *float32 or *int64
	inner []int
	byN   map[int]*tensor.Dense
}

// floats returns a tensor [n, inner...] on data.
func (t *tensors) floats(data []float32, n int, inner []int) *tensor.Dense {
	if d := t.known(&data[0], n, inner); d != nil {
		return d
	}
	return t.add(data, n, inner)
}

// labels returns a tensor [n] on data.
func (t *tensors) labels(data []int64) *tensor.Dense {
	if d := t.known(&data[0], len(data), nil); d != nil {
		return d
	}
	return t.add(data, len(data), nil)
}

func (t *tensors) known(first any, n int, inner []int) *tensor.Dense {
	if t.of != first || !slices.Equal(t.inner, inner) {
		t.of, t.inner, t.byN = first, append(t.inner[:0], inner...), map[int]*tensor.Dense{}
	}
	return t.byN[n]
}

func (t *tensors) add(data any, n int, inner []int) *tensor.Dense {
	d := tensor.New(tensor.WithShape(append([]int{n}, inner...)...), tensor.WithBacking(data))
	t.byN[n] = d
	return d
}
