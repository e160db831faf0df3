package hdf5

import (
	"bytes"
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// dataset describes a dataset by the messages of its header.
func (f *file) dataset(messages []message) (*weights.Tensor, error) {
	t := &weights.Tensor{}
	has := map[uint16]*fields{}
	for _, m := range messages {
		has[m.kind] = m.data
	}
	switch {
	case has[externalMessage] != nil:
		return nil, errors.New("the elements are in other files, which is not supported")
	case has[dataspaceMessage] == nil || has[datatypeMessage] == nil:
		return nil, errors.New("a dataset has no shape or no type")
	}
	var err error
	if t.Shape, err = f.dataspace(has[dataspaceMessage]); err != nil {
		return nil, err
	}
	d, err := parseDatatype(has[datatypeMessage])
	if err != nil {
		return nil, err
	}
	if t.DType, t.BigEndian = d.dtype, d.bigEndian; t.DType == weights.Invalid {
		return nil, errors.Errorf("the elements are of class %d, %d bytes each; want floats, integers, bool or text", d.class, d.size)
	}
	var filters []filter
	if has[filterMessage] != nil {
		if filters, err = f.filters(has[filterMessage]); err != nil {
			return nil, err
		}
	}
	return t, f.layout(has[layoutMessage], t, filters)
}

// layout finds where the elements of a dataset lie.
func (f *file) layout(b *fields, t *weights.Tensor, filters []filter) error {
	version, class := b.u8(), b.u8()
	if version != 3 && version != 4 {
		return errors.Errorf("the layout of a dataset has version %d; want 3 or 4", version)
	}
	switch class {
	case 0: // compact: in the header itself
		data := b.take(int(b.u16()))
		t.Held = int64(len(data))
		t.Open = func() (io.Reader, error) { return bytes.NewReader(data), nil }
	case 1: // contiguous
		address, n := b.u64(), b.u64()
		if address == undefined { // nothing was written
			address, n = 0, 0
		}
		if b.short || address > uint64(f.size) || n > uint64(f.size)-address {
			return errors.Errorf("a dataset has %d bytes at byte %d, but the file has %d", n, address, f.size)
		}
		t.Held, t.Open = int64(n), weights.Section(f.data, int64(address), int64(n))
	case 2:
		return f.chunked(b, version, t, filters)
	default:
		return errors.Errorf("the layout of a dataset is of class %d; want compact, contiguous or chunked", class)
	}
	if b.short {
		return errors.New("the layout of a dataset is cut off")
	}
	return nil
}

// dataspace reads a shape: empty for a scalar.
func (f *file) dataspace(b *fields) ([]int, error) {
	version, rank := b.u8(), b.u8()
	switch version {
	case 1:
		b.skip(6)
	case 2:
		b.skip(1)
		if b.u8() == 2 { // nothing at all
			return []int{0}, nil
		}
	default:
		return nil, errors.Errorf("a shape has version %d; want 1 or 2", version)
	}
	if err := f.room.Take(8 * int64(rank)); err != nil {
		return nil, err
	}
	shape := make([]int, rank)
	for i := range shape {
		d := b.u64()
		if b.short || d > 1<<40 {
			return nil, errors.Errorf("a shape is cut off, or has a size of %d", d)
		}
		shape[i] = int(d)
	}
	return shape, nil
}
