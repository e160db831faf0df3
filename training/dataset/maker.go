package dataset

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// maker reads, transforms and stacks the examples of a batch.
type maker struct {
	src      Source
	maps     []Transform
	mapBatch []BatchTransform
	seed     int64
	skip     bool // leave bad examples out
	byPlace  bool // random numbers of an example follow from its place in the epoch
	form     form
}

// form is what the examples of a source have in common.
type form struct {
	of          int // the example it was seen at
	shape       []int
	width       int
	labelled    bool
	targetShape []int
	targetWidth int // 0 for no target
}

// reader is what one goroutine needs to read examples.
type reader struct {
	e      Example
	pcg    rand.PCG
	random *rand.Rand
}

func newReader() *reader {
	r := new(reader)
	r.random = rand.New(&r.pcg)
	return r
}

// probe finds the form of the examples by the first one that can be read.
func (m *maker) probe(ctx context.Context, r *reader) error {
	var first error
	for i := range m.src.Len() {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := m.read(r, i, 0, 0)
		if err != nil {
			if first == nil {
				first = errors.WithMessagef(err, "example %d", i)
			}
			continue
		}
		e := &r.e
		m.form = form{of: i, shape: slices.Clone(e.Shape), width: len(e.X)}
		if len(e.Target) > 0 {
			m.form.targetShape, m.form.targetWidth = slices.Clone(e.targetShape()), len(e.Target)
		} else {
			m.form.labelled = e.Label >= 0 || sourceLabels(m.src) != nil
		}
		return nil
	}
	return errors.WithMessage(first, "no example can be read")
}

// read reads and transforms one example; place is where it stands in the epoch.
func (m *maker) read(r *reader, index, epoch, place int) (err error) {
	defer recovered(&err)
	e := &r.e
	e.clear()
	e.Index, e.Epoch, e.Rand = index, epoch, r.random
	stream := index
	if m.byPlace {
		stream = place
	}
	seedStream(&r.pcg, m.seed, exampleStream, epoch, stream)
	if err := m.src.Read(e); err != nil {
		return err
	}
	for _, t := range m.maps {
		if err := t(e); err != nil {
			return err
		}
	}
	if want := product(e.Shape); len(e.X) != want || want == 0 {
		return errors.Errorf("wanted values for its shape %v, came %d", tensor.Shape(e.Shape), len(e.X))
	}
	if len(e.Target) == 0 {
		return nil
	}
	if want := product(e.targetShape()); len(e.Target) != want {
		return errors.Errorf("wanted %d target values for the shape %v, came %d", want, tensor.Shape(e.TargetShape), len(e.Target))
	}
	return nil
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("panic: %v", r)
	}
}

// fill makes example number i of a slot's batch and reports whether to go on with
// the next one: unless bad ones are to be skipped, not after a bad one.
func (m *maker) fill(r *reader, s *slot, i int) bool {
	f := &m.form
	err := m.read(r, s.idx[i], s.batch.Epoch, s.first+i)
	if err == nil {
		err = f.matches(&r.e)
	}
	if err != nil {
		s.errs[i] = s.exampleError(i, err)
		return m.skip
	}
	copy(s.x[i*f.width:], r.e.X)
	switch {
	case f.targetWidth > 0:
		copy(s.target[i*f.targetWidth:], r.e.Target)
	case f.labelled:
		s.labels[i] = r.e.Label
	}
	return true
}

// matches tells whether an example can stand in one batch with the others.
func (f *form) matches(e *Example) error {
	if !slices.Equal(e.Shape, f.shape) {
		return errors.Errorf("wanted shape %v, which example %d has, came %v; bring them to one shape in a Transform",
			tensor.Shape(f.shape), f.of, tensor.Shape(e.Shape))
	}
	if len(e.Target) != f.targetWidth || f.targetWidth > 0 && !slices.Equal(e.targetShape(), f.targetShape) {
		return errors.Errorf("wanted a target of shape %v (%d values), which example %d has, came %v (%d values)",
			tensor.Shape(f.targetShape), f.targetWidth, f.of, tensor.Shape(e.TargetShape), len(e.Target))
	}
	return nil
}

// finish makes the batch of the examples that are in order.
func (m *maker) finish(s *slot) {
	if s.cancelled.Load() {
		return
	}
	n := m.compact(s)
	s.batch.N = n
	if s.err != nil || n == 0 {
		return
	}
	if err := m.transform(s, n); err != nil {
		s.err = s.batchError(err)
	}
}

// compact moves the good examples together and returns their number.
func (m *maker) compact(s *slot) int {
	f, n := &m.form, 0
	for i := range s.idx {
		if err := s.errs[i]; err != nil {
			if !m.skip {
				s.err = err
				return 0
			}
			s.bad = append(s.bad, err)
			continue
		}
		if n < i {
			copy(s.x[n*f.width:(n+1)*f.width], s.x[i*f.width:])
			if s.target != nil {
				copy(s.target[n*f.targetWidth:(n+1)*f.targetWidth], s.target[i*f.targetWidth:])
			}
			if s.labels != nil {
				s.labels[n] = s.labels[i]
			}
		}
		n++
	}
	return n
}

// transform applies the BatchTransforms and makes the tensors of the batch.
func (m *maker) transform(s *slot, n int) (err error) {
	defer recovered(&err)
	f, b := &m.form, &s.batch
	b.X, b.Shape = s.x[:n*f.width], append(b.Shape[:0], f.shape...)
	b.Labels, b.Targets, b.TargetShape = nil, nil, append(b.TargetShape[:0], f.targetShape...)
	if s.labels != nil {
		b.Labels = s.labels[:n]
	}
	if s.target != nil {
		b.Targets = s.target[:n*f.targetWidth]
	}
	if len(m.mapBatch) > 0 {
		seedStream(&s.pcg, m.seed, batchStream, b.Epoch, b.Step)
		for _, t := range m.mapBatch {
			b.Rand = s.random
			if err := t(b); err != nil {
				return err
			}
		}
		if err := b.check(n); err != nil {
			return err
		}
	}
	s.curX = s.xs.floats(b.X, n, b.Shape)
	switch {
	case b.Targets != nil:
		s.curY = s.targetTs.floats(b.Targets, n, b.TargetShape)
	case b.Labels != nil:
		s.curY = s.labelTs.labels(b.Labels)
	}
	return nil
}
