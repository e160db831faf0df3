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
	s := r.bundle.shards[e.shard]
	return &checkedReader{io.NewSectionReader(s, e.offset, e.size), r.bundle, e, e.size, 0}, nil
}

// checkedAtOnce bytes are still in the processor's cache when their checksum is taken.
const checkedAtOnce = 256 << 10

// checkedReader reads the bytes of an entry and checks their checksum before it gives the last.
type checkedReader struct {
	io.Reader
	bundle *bundle
	entry  bundleEntry
	left   int64
	sum    uint32
}

func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p[:min(len(p), checkedAtOnce)])
	c.sum = checksum(c.sum, p[:n])
	c.left -= int64(n)
	// Whoever reads so many bytes as there are sees no error that comes with the last, or after it.
	if n > 0 && c.left == 0 {
		if err := c.bundle.match(c.entry, c.sum); err != nil {
			return 0, err
		}
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
