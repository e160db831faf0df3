package tffile

import (
	"slices"

	"github.com/pkg/errors"
)

// partitioned reads a partitioned variable whole: each slice of e has an entry of its own under [slice.key].
func (b *bundle) partitioned(name string, e bundleEntry) ([]byte, error) {
	// The slices must cover the tensor without overlap, so it cannot be larger than all data together.
	width, stored := int64(e.dtype.Size()), int64(0)
	for _, s := range b.shards {
		stored += s.size / width
	}
	return joinSlices(e.shape, width, e.slices, stored, func(s slice, size []int) ([]byte, error) {
		part, ok := b.index.entries[s.key(name)]
		if !ok {
			// A slice of everything is stored under the plain name, which e, having slices, is not.
			return nil, errors.New("it is not stored")
		}
		if part.dtype != e.dtype || !slices.Equal(part.shape, size) || len(part.slices) > 0 {
			return nil, errors.Errorf("it is stored as %v of shape %v, the variable is %v", part.dtype, part.shape, e.dtype)
		}
		return b.bytes(part)
	})
}

// joinSlices makes a tensor of its slices, which must cover it without overlap. width is the bytes of an element, most
// bounds the elements of all slices together, and read returns the elements of a slice of the given size.
func joinSlices(shape []int, width int64, parts []slice, most int64, read func(s slice, size []int) ([]byte, error)) ([]byte, error) {
	n, err := elements(shape)
	if err != nil {
		return nil, err
	}
	if n > most {
		return nil, errors.Errorf("a partitioned variable of %d elements, all data files hold at most %d", n, most)
	}
	out := make([]byte, n*width)
	done := make([]bool, n)
	for _, s := range parts {
		start, size, err := s.within(shape)
		if err != nil {
			return nil, err
		}
		raw, err := read(s, size)
		if err != nil {
			return nil, errors.Wrapf(err, "slice at %v of size %v", start, size)
		}
		if err := copySlice(out, shape, raw, start, size, int(width), done); err != nil {
			return nil, err
		}
	}
	if i := slices.Index(done, false); i >= 0 {
		return nil, errors.Errorf("the %d stored slices do not cover the variable of shape %v: element %d is missing", len(parts), shape, i)
	}
	return out, nil
}
