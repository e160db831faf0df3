package tffile

import (
	"slices"

	"github.com/pkg/errors"
)

// partitioned reads a partitioned variable whole: each slice of e has an entry of its own under [slice.key].
func (b *bundle) partitioned(name string, e bundleEntry) ([]byte, error) {
	n, err := elements(e.shape)
	if err != nil {
		return nil, err
	}
	// The slices must cover the tensor without overlap, so it cannot be larger than all data together.
	width, stored := int64(e.dtype.Size()), int64(0)
	for _, s := range b.shards {
		stored += s.size / width
	}
	if n > stored {
		return nil, errors.Errorf("a partitioned variable of %d elements, all data files hold %d", n, stored)
	}
	out := make([]byte, n*width)
	done := make([]bool, n)
	for _, s := range e.slices {
		start, size, err := s.within(e.shape)
		if err != nil {
			return nil, err
		}
		part, ok := b.index.entries[s.key(name)]
		if !ok {
			// A slice of everything is stored under the plain name, which e, having slices, is not.
			return nil, errors.Errorf("the slice at %v of size %v is not stored", start, size)
		}
		if part.dtype != e.dtype || !slices.Equal(part.shape, size) || len(part.slices) > 0 {
			return nil, errors.Errorf("the slice at %v of size %v is stored as %v of shape %v, the variable is %v", start, size, part.dtype, part.shape, e.dtype)
		}
		raw, err := b.bytes(part)
		if err != nil {
			return nil, errors.Wrapf(err, "slice at %v of size %v", start, size)
		}
		if err := copySlice(out, e.shape, raw, start, size, int(width), done); err != nil {
			return nil, err
		}
	}
	if i := slices.Index(done, false); i >= 0 {
		return nil, errors.Errorf("the %d stored slices do not cover the variable of shape %v: element %d is missing", len(e.slices), e.shape, i)
	}
	return out, nil
}
