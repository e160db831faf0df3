package tffile

import (
	"bytes"
	"io"

	"github.com/pkg/errors"
)

// Elements returns the elements of a tensor of numbers or bool from the first on, as Tensor.Data holds them. They come
// straight from the data file, and the read that would give the last of them fails where the crc32c of all is not the
// stored one. The slices of a partitioned variable are joined in memory.
func (r *Reader) Elements(name string) (io.Reader, error) {
	e, err := r.entry(name)
	if err != nil {
		return nil, err
	}
	if e.dtype.Size() == 0 {
		return nil, errors.Errorf("checkpoint %s: tensor %q: dtype %v has no elements of a fixed size", r.prefix, name, e.dtype)
	}
	if len(e.slices) > 0 {
		whole, err := r.bundle.partitioned(name, e)
		return bytes.NewReader(whole), errors.Wrapf(err, "checkpoint %s: tensor %q", r.prefix, name)
	}
	return &checkedReader{bundle: r.bundle, entry: e}, nil
}

// checkedReader reads the bytes of an entry and checks their checksum before it gives the last.
type checkedReader struct {
	bundle *bundle
	entry  bundleEntry
	done   int64
	sum    uint32
}

func (c *checkedReader) Read(p []byte) (int, error) {
	left := c.entry.size - c.done
	if left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), left)]
	n, sum, err := readSummed(c.bundle.shards[c.entry.shard], p, c.entry.offset+c.done, c.sum)
	c.done, c.sum = c.done+int64(n), sum
	// Whoever reads so many bytes as there are sees no error that comes with the last, or after it.
	if n > 0 && c.done == c.entry.size {
		if err := c.bundle.match(c.entry, c.sum); err != nil {
			return 0, err
		}
	}
	if n == len(p) {
		err = nil
	}
	return n, err
}

// stored is how many bytes of the data files an entry claims for its elements.
func (b *bundle) stored(name string, e bundleEntry) int64 {
	if len(e.slices) == 0 {
		return e.size
	}
	sum := int64(0)
	for _, s := range e.slices {
		part := b.index.entries[s.key(name)]
		sum += min(part.size, b.shards[part.shard].size)
	}
	return sum
}
