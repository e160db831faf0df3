package weights

import (
	"io"
	"slices"

	"github.com/pkg/errors"
)

// Join returns the tensor of that name that has the parts side by side along an axis, as torch.cat and tf.concat have them. The parts must be of one
// dtype, row-major, and of equal sizes along the other axes. Nothing is read.
func Join(name string, axis int, parts ...Tensor) (Tensor, error) {
	if len(parts) == 0 {
		return Tensor{}, errors.Errorf("%q: there are no parts to join; want at least one", name)
	}
	first := parts[0]
	if axis < 0 || axis >= len(first.Shape) {
		return first, errors.Errorf("%q: there is no axis %d in the shape %v of %q", name, axis, first.Shape, first.Name)
	}
	t := first
	t.Name, t.Shape, t.Held, t.Strides = name, slices.Clone(first.Shape), 0, nil // Most is that of the first: the parts lie in one file
	t.Shape[axis] = 0
	bytes := make([]int64, len(parts)) // of a part between two of its neighbours
	for i, p := range parts {
		n, err := p.Elements()
		switch {
		case err != nil:
			return t, err
		case !p.isRowMajor():
			return t, errors.Errorf("%q: %q is not row-major, so it cannot be joined to others", name, p.Name)
		case p.DType != t.DType || p.BigEndian != t.BigEndian || p.Scale != t.Scale || p.Min != t.Min:
			return t, errors.Errorf("%q: %q is stored as %v and %q as %v; want parts stored alike", name, first.Name, first.DType, p.Name, p.DType)
		case len(p.Shape) != len(t.Shape) || !slices.Equal(p.Shape[:axis], t.Shape[:axis]) || !slices.Equal(p.Shape[axis+1:], t.Shape[axis+1:]):
			return t, errors.Errorf("%q: %q has the shape %v and %q %v; want shapes that differ along axis %d only", name, first.Name, first.Shape, p.Name, p.Shape, axis)
		}
		t.Shape[axis] += p.Shape[axis]
		size := int64(p.DType.Size())
		for _, d := range p.Shape[axis:] {
			size *= int64(d)
		}
		bytes[i] = size
		if t.Held >= 0 {
			t.Held += int64(n) * int64(p.DType.Size())
		}
		if p.Held < 0 {
			t.Held = -1
		}
	}
	if _, err := t.Elements(); err != nil {
		return t, err
	}
	parts = slices.Clone(parts)
	t.Open = func() (io.Reader, error) { return openJoined(parts, bytes) }
	return t, nil
}

func openJoined(parts []Tensor, bytes []int64) (io.Reader, error) {
	j := &joined{bytes: bytes, left: bytes[0]}
	for _, p := range parts {
		r, err := p.Open()
		if err != nil {
			j.Close()
			return nil, errors.Wrapf(err, "%q", p.Name)
		}
		j.parts = append(j.parts, r)
	}
	return j, nil
}

// joined reads so many bytes of each part by turns.
type joined struct {
	parts []io.Reader
	bytes []int64
	part  int
	left  int64 // of this turn
}

// Read implements io.Reader.
func (j *joined) Read(b []byte) (int, error) {
	for turns := 0; j.left == 0; turns++ {
		if turns > len(j.parts) {
			return 0, io.EOF // all parts are empty
		}
		j.part = (j.part + 1) % len(j.parts)
		j.left = j.bytes[j.part]
	}
	n, err := j.parts[j.part].Read(b[:min(int64(len(b)), j.left)])
	j.left -= int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil // of this part
	}
	return n, err
}

// Close implements io.Closer.
func (j *joined) Close() error {
	var first error
	for _, p := range j.parts {
		if c, ok := p.(io.Closer); ok {
			if err := c.Close(); err != nil && first == nil {
				first = err
			}
		}
	}
	return first
}
