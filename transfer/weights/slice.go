package weights

import (
	"io"
	"slices"

	"github.com/pkg/errors"
)

// Slice returns the part of t from index from up to, but without, to along an axis: torch.narrow, and the query, key and value
// that are stored as one. Nothing is read.
func (t Tensor) Slice(axis, from, to int) (Tensor, error) {
	if err := t.check(); err != nil {
		return t, err
	}
	switch {
	case axis < 0 || axis >= len(t.Shape):
		return t, errors.Errorf("%q: there is no axis %d in the shape %v", t.Name, axis, t.Shape)
	case from < 0 || to < from || to > t.Shape[axis]:
		return t, errors.Errorf("%q: no elements %d to %d along axis %d of the shape %v", t.Name, from, to, axis, t.Shape)
	}
	strides := t.strides()
	part := t
	part.Shape = slices.Clone(t.Shape)
	part.Shape[axis] = to - from
	part.Strides = nil
	if !t.isRowMajor() || slices.ContainsFunc(t.Shape[:axis], func(d int) bool { return d > 1 }) {
		part.Strides = strides
	}
	skip := int64(from) * int64(strides[axis]) * int64(t.DType.Size())
	if t.Held >= 0 {
		part.Held = max(0, t.Held-skip)
	}
	part.Open = func() (io.Reader, error) { return skipped(t.Open, skip) }
	return part, nil
}

// strides returns the distances of neighbours along the axes.
func (t Tensor) strides() []int {
	if t.Strides != nil {
		return t.Strides
	}
	strides := make([]int, len(t.Shape))
	stride := 1
	for a := len(t.Shape) - 1; a >= 0; a-- {
		strides[a] = stride
		stride *= max(1, t.Shape[a])
	}
	return strides
}

// isRowMajor tells whether the elements lie in order, which files may say by strides, too.
func (t Tensor) isRowMajor() bool {
	stride := 1
	for a := len(t.Shape) - 1; a >= 0 && t.Strides != nil; a-- {
		if t.Shape[a] > 1 && t.Strides[a] != stride {
			return false
		}
		stride *= t.Shape[a]
	}
	return true
}

// skipped opens elements and passes over so many bytes of them.
func skipped(open func() (io.Reader, error), skip int64) (io.Reader, error) {
	r, err := open()
	if err != nil || skip == 0 {
		return r, err
	}
	if s, ok := r.(io.Seeker); ok {
		_, err = s.Seek(skip, io.SeekCurrent)
	} else {
		_, err = io.CopyN(io.Discard, r, skip)
	}
	if err != nil {
		if c, ok := r.(io.Closer); ok {
			c.Close()
		}
		return nil, errors.Wrapf(err, "in the first %d bytes", skip)
	}
	return r, nil
}
