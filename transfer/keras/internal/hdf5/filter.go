package hdf5

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"

	"github.com/pkg/errors"
)

// The filters that are known.
const (
	deflate    = 1
	shuffle    = 2
	fletcher32 = 3
)

// filter is a step by which chunks were changed before they were written.
type filter struct {
	id     uint16
	values []uint32 // its parameters
}

// mostFilters is HDF5's own H5Z_MAX_NFILTERS: a chunk has a bit for each.
const mostFilters = 32

// filters reads the message that lists them.
func (f *file) filters(b *fields) ([]filter, error) {
	version, n := b.u8(), int(b.u8())
	if n > mostFilters {
		return nil, errors.Errorf("a dataset has %d filters; want at most %d", n, mostFilters)
	}
	if err := f.room.Take(filterBytes*int64(n) + int64(len(b.b))); err != nil {
		return nil, err
	}
	if version == 1 {
		b.skip(6)
	} else if version != 2 {
		return nil, errors.Errorf("the filters of a dataset have version %d; want 1 or 2", version)
	}
	all := make([]filter, 0, n)
	for range n {
		f := filter{id: b.u16()}
		name := 0
		if version == 1 || f.id >= 256 {
			name = int(b.u16())
		}
		b.skip(2) // flags
		count := int(b.u16())
		if version == 1 {
			name = (name + 7) &^ 7
		}
		b.skip(name)
		values := &fields{b: b.take(4 * count)}
		f.values = make([]uint32, len(values.b)/4)
		for i := range f.values {
			f.values[i] = values.u32()
		}
		if version == 1 && count%2 == 1 {
			b.skip(4)
		}
		if b.short {
			return nil, errors.New("the filters of a dataset are cut off")
		}
		if f.id != deflate && f.id != shuffle && f.id != fletcher32 {
			return nil, errors.Errorf("the elements are filtered by number %d, which is not supported; deflate (gzip), shuffle and fletcher32 are", f.id)
		}
		all = append(all, f)
	}
	return all, nil
}

func compressed(filters []filter) bool {
	for _, f := range filters {
		if f.id == deflate {
			return true
		}
	}
	return false
}

// mostExpansion is how many bytes of deflated data can stand for: a byte has eight codes, of which one bit each can repeat 258 bytes in two.
const mostExpansion = 1032

// mostDecoded bounds what so many bytes of a chunk can stand for.
func mostDecoded(filters []filter, without uint32, n int) int {
	for i, f := range filters {
		if f.id == deflate && without&(1<<i) == 0 {
			n *= mostExpansion
		}
	}
	return n
}

// undo takes a filter back. What comes of it has want bytes, and perhaps a checksum.
func (f filter) undo(b []byte, want int) ([]byte, error) {
	switch f.id {
	case deflate:
		z, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, errors.Wrap(err, "deflate")
		}
		out, err := io.ReadAll(io.LimitReader(z, int64(want)+5))
		return out, errors.Wrap(err, "deflate")
	case shuffle:
		return unshuffle(b, f.values)
	}
	if len(b) < 4 {
		return nil, errors.New("it has no room for its checksum")
	}
	data, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if got := fletcher(data); got != sum {
		return nil, errors.Errorf("the checksum is %08x; want %08x: the file is damaged", got, sum)
	}
	return data, nil
}

// unshuffle puts the bytes of elements together, of which there are all first ones, then all second ones, and so on.
func unshuffle(b []byte, values []uint32) ([]byte, error) {
	if len(values) < 1 || values[0] < 1 {
		return nil, errors.New("shuffle has no size of elements")
	}
	size := int(values[0])
	n := len(b) / size
	out := make([]byte, len(b))
	for k := range min(size, len(b)) {
		from := b[k*n : (k+1)*n]
		for i, v := range from {
			out[i*size+k] = v
		}
	}
	copy(out[n*size:], b[n*size:])
	return out, nil
}

// fletcher is Fletcher's checksum of 16-bit words, the high byte first, as HDF5 computes it.
func fletcher(b []byte) uint32 {
	var low, high uint32
	fold := func() { low, high = low&0xffff+low>>16, high&0xffff+high>>16 }
	for i := 0; i < len(b); i += 2 {
		word := uint32(b[i]) << 8
		if i+1 < len(b) {
			word |= uint32(b[i+1])
		}
		low += word
		high += low
		if i%720 == 718 { // before the sums overflow
			fold()
		}
	}
	fold()
	fold()
	return high<<16 | low
}
