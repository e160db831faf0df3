package corrupt

import (
	"slices"
	"sync"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// Labels of Detect.
const (
	Bad  = 0 // spoilt
	Good = 1 // as it was in the source
)

// Detect is each example of src twice: as it is, with the label Good, and then spoilt by all transforms in their order, with the label Bad.
// There are twice as many examples as in src, half of them Good.
func Detect(src dataset.Source, transforms ...dataset.Transform) (dataset.Source, error) {
	src, err := opened(src, transforms)
	if err != nil {
		return nil, errors.WithMessage(err, "corrupt: Detect")
	}
	return &detect{src, transforms}, nil
}

type detect struct {
	src        dataset.Source
	transforms []dataset.Transform
}

func (d *detect) Len() int { return 2 * d.src.Len() }

func (d *detect) Labels() []int64 {
	labels := make([]int64, d.Len())
	for i := range labels {
		labels[i] = labelOf(i)
	}
	return labels
}

func labelOf(i int) int64 {
	if i%2 == 0 {
		return Good
	}
	return Bad
}

func (d *detect) Read(e *dataset.Example) error {
	if err := readAt(d.src, e, e.Index/2, d.Len()); err != nil {
		return err
	}
	e.Label, e.Target = labelOf(e.Index), nil
	if e.Label == Good {
		return nil
	}
	return spoil(e, d.transforms)
}

// Denoise is each example of src spoilt by all transforms in their order, with what it was before as the Target, as a denoising autoencoder
// wants it.
func Denoise(src dataset.Source, transforms ...dataset.Transform) (dataset.Source, error) {
	src, err := opened(src, transforms)
	if err != nil {
		return nil, errors.WithMessage(err, "corrupt: Denoise")
	}
	return &denoise{src, transforms}, nil
}

type denoise struct {
	src        dataset.Source
	transforms []dataset.Transform
}

func (d *denoise) Len() int { return d.src.Len() }

func (d *denoise) Read(e *dataset.Example) error {
	if err := readAt(d.src, e, e.Index, d.Len()); err != nil {
		return err
	}
	copy(e.ResizeTarget(e.Shape...), e.X)
	return spoil(e, d.transforms)
}

// Ranked is each example of src with n spoilt ones of it behind: X is [1+n, ...], the first as it is, each of the others spoilt by all
// transforms in their order, drawn anew. The label is that of src. The transforms keep the shape.
func Ranked(src dataset.Source, n int, transforms ...dataset.Transform) (dataset.Source, error) {
	src, err := opened(src, transforms)
	if err == nil && (n < 1 || n > mostSpoilt) {
		err = errors.Errorf("wanted 1 to %d spoilt examples of each, came %d", mostSpoilt, n)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "corrupt: Ranked")
	}
	return &ranked{src: src, n: n, transforms: transforms}, nil
}

const mostSpoilt = 10000 // against a slip of the finger

type ranked struct {
	src        dataset.Source
	n          int
	transforms []dataset.Transform
	scratch    sync.Pool // of *rankedMemory
}

// rankedMemory is what reading one example needs.
type rankedMemory struct {
	e     dataset.Example
	good  []float32
	shape []int
}

func (r *ranked) Len() int { return r.src.Len() }

func (r *ranked) Labels() []int64 {
	if l, ok := r.src.(dataset.Labelled); ok {
		return l.Labels()
	}
	return nil
}

func (r *ranked) Read(e *dataset.Example) error {
	if err := readAt(r.src, e, e.Index, r.Len()); err != nil {
		return err
	}
	m, _ := r.scratch.Get().(*rankedMemory)
	if m == nil {
		m = new(rankedMemory)
	}
	defer r.scratch.Put(m)
	m.good = append(m.good[:0], e.X...)
	m.shape = append(append(m.shape[:0], 1+r.n), e.Shape...)
	width := len(m.good)
	e.Resize(m.shape...)
	copy(e.X, m.good)
	m.e.Index, m.e.Epoch, m.e.Rand = e.Index, e.Epoch, e.Rand
	for k := range r.n {
		copy(m.e.Resize(m.shape[1:]...), m.good)
		m.e.Label, m.e.Target = e.Label, nil
		if err := spoil(&m.e, r.transforms); err != nil {
			return err
		}
		if !slices.Equal(m.e.Shape, m.shape[1:]) || len(m.e.X) != width {
			return errors.Errorf("a transform changed the shape from %v to %v; wanted one that keeps it", m.shape[1:], m.e.Shape)
		}
		copy(e.X[(1+k)*width:], m.e.X)
	}
	m.e.Rand = nil
	e.Target = nil
	return nil
}

// OneOf applies one of several transforms, all equally likely, drawn anew for each example.
func OneOf(transforms ...dataset.Transform) dataset.Transform {
	err := check(transforms)
	return func(e *dataset.Example) error {
		switch {
		case err != nil:
			return errors.WithMessage(err, "corrupt: OneOf")
		case e.Rand == nil:
			return errors.WithMessage(errNoRand(e), "corrupt: OneOf")
		}
		return transforms[e.Rand.IntN(len(transforms))](e)
	}
}

// spoil applies all transforms.
func spoil(e *dataset.Example, transforms []dataset.Transform) error {
	for _, t := range transforms {
		if err := t(e); err != nil {
			return err
		}
	}
	return nil
}

// readAt reads example i of src into e, whose own index is in a source of n.
func readAt(src dataset.Source, e *dataset.Example, i, n int) error {
	outer := e.Index
	if outer < 0 || outer >= n {
		return errors.Errorf("wanted an example from 0 to %d, came %d", n-1, outer)
	}
	e.Index = i
	err := src.Read(e)
	e.Index = outer
	return err
}

// opened is src, with the tensors of a Set looked at once and for all, unless it or the transforms are wrong.
func opened(src dataset.Source, transforms []dataset.Transform) (dataset.Source, error) {
	if err := check(transforms); err != nil {
		return nil, err
	}
	return sourceOf(src)
}

// sourceOf is opened without transforms.
func sourceOf(src dataset.Source) (dataset.Source, error) {
	switch {
	case src == nil:
		return nil, errors.New("wanted a source of examples, came nil")
	case src.Len() == 0:
		return nil, errors.New("the source has no examples")
	}
	if set, ok := src.(*dataset.Set); ok { // its dtypes are wrong for all examples or for none
		if err := set.Read(new(dataset.Example)); err != nil {
			return nil, err
		}
	}
	return dataset.Map(src), nil
}

func check(transforms []dataset.Transform) error {
	if len(transforms) == 0 {
		return errors.New("wanted a transform that spoils examples, came none")
	}
	for i, t := range transforms {
		if t == nil {
			return errors.Errorf("transform %d is nil", i)
		}
	}
	return nil
}

func errNoRand(e *dataset.Example) error {
	return errors.Errorf("example %d: wanted Rand to draw from, came nil; dataset.Batches sets it", e.Index)
}
