package tffile

import (
	"bytes"
	"io"
	"os"

	"github.com/pkg/errors"
)

// maxIndexSize bounds what is read of an index file. A million variables take about 100 MB.
const maxIndexSize = 1 << 30

// bundle is an index with the shards that it needs, open.
type bundle struct {
	path   string // of the index
	raw    []byte // the index file
	index  *bundleIndex
	shards map[int]shard
}

// shard is a data file. size is the one it had when it was opened.
type shard struct {
	io.ReaderAt
	size int64
	path string
}

// openBundle reads the index file and opens the data files it refers to. It fails when one is missing or too short.
func openBundle(index string, data func(shard, shards int) string) (*bundle, error) {
	raw, err := readIndexFile(index)
	if err != nil {
		return nil, err
	}
	b := &bundle{path: index, raw: raw, shards: make(map[int]shard)}
	if b.index, err = parseIndex(raw); err != nil {
		return nil, errors.Wrapf(err, "checkpoint index %s", index)
	}
	for i, end := range b.index.ends() {
		path := data(i, b.index.header.shards)
		f, err := os.Open(path)
		if err != nil {
			b.close()
			return nil, errors.Wrap(err, "checkpoint data")
		}
		info, err := f.Stat()
		b.shards[i] = shard{f, 0, path}
		if err == nil && info.Size() < end {
			err = errors.Errorf("has %d bytes, the index %s needs %d: cut off, or not the data of this index", info.Size(), index, end)
		}
		if err != nil {
			b.close()
			return nil, errors.Wrapf(err, "checkpoint data %s", path)
		}
		b.shards[i] = shard{f, info.Size(), path}
	}
	return b, nil
}

func readIndexFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "checkpoint index")
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxIndexSize+1))
	if err == nil && len(raw) > maxIndexSize {
		err = errors.Errorf("the file has more than %d bytes", maxIndexSize)
	}
	return raw, errors.Wrapf(err, "checkpoint index %s", path)
}

// current reports whether the index file still holds what was read, that is: no save was finished in between.
func (b *bundle) current() bool {
	raw, err := readIndexFile(b.path)
	return err == nil && bytes.Equal(raw, b.raw)
}

// verify reads all data and checks every crc32c. exact asks further that no data file is longer than the index says.
func (b *bundle) verify(exact bool) error {
	if exact {
		for i, end := range b.index.ends() {
			if s := b.shards[i]; s.size != end {
				return errors.Errorf("checkpoint data %s has %d bytes, the index %s describes %d", s.path, s.size, b.path, end)
			}
		}
	}
	for key, e := range b.index.entries {
		if len(e.slices) > 0 {
			continue
		}
		var err error
		if e.dtype.Size() > 0 {
			err = b.crc(e)
		} else if e.dtype == String {
			_, err = b.strings(e)
		}
		if err != nil {
			return errors.Wrapf(err, "tensor %q", key)
		}
	}
	return nil
}

// crc checks the checksum of e's bytes without keeping them.
func (b *bundle) crc(e bundleEntry) error {
	s := b.shards[e.shard]
	sum := checksumWriter(0)
	if _, err := io.Copy(&sum, io.NewSectionReader(s, e.offset, e.size)); err != nil {
		return errors.Wrapf(err, "checkpoint data %s", s.path)
	}
	return b.match(e, uint32(sum))
}

// bytes reads e's bytes and checks their checksum.
func (b *bundle) bytes(e bundleEntry) ([]byte, error) {
	raw, sum, err := b.read(e)
	if err != nil {
		return nil, err
	}
	return raw, b.match(e, sum)
}

// strings reads e's elements and checks their checksum.
func (b *bundle) strings(e bundleEntry) ([]string, error) {
	raw, _, err := b.read(e) // strings have a sum of their own
	if err != nil {
		return nil, err
	}
	n, err := elements(e.shape)
	if err != nil {
		return nil, err
	}
	values, crc, err := decodeStrings(raw, n)
	if err != nil {
		return nil, err
	}
	return values, b.match(e, crc)
}

// read reads e's bytes, unchecked, and their checksum. Its allocation is bounded by the size of the file.
func (b *bundle) read(e bundleEntry) (raw []byte, sum uint32, err error) {
	s, ok := b.shards[e.shard]
	if !ok || e.size > s.size || e.offset > s.size-e.size {
		return nil, 0, errors.Errorf("%d bytes at %d do not fit in checkpoint data %s of %d bytes", e.size, e.offset, s.path, s.size)
	}
	raw = make([]byte, e.size)
	n, sum, err := readSummed(s, raw, e.offset, 0)
	if n < len(raw) {
		return nil, 0, errors.Wrapf(err, "checkpoint data %s", s.path)
	}
	return raw, sum, nil
}

func (b *bundle) match(e bundleEntry, actual uint32) error {
	if actual != e.crc {
		return errors.Errorf("the %d bytes at %d of checkpoint data %s are damaged or belong to another index: crc32c %08x, stored %08x",
			e.size, e.offset, b.shards[e.shard].path, actual, e.crc)
	}
	return nil
}

// close closes the data files and gives the first error.
func (b *bundle) close() error {
	var first error
	for _, s := range b.shards {
		if c, ok := s.ReaderAt.(io.Closer); ok {
			if err := c.Close(); err != nil && first == nil {
				first = errors.Wrap(err, "checkpoint data")
			}
		}
	}
	return first
}

// checksumWriter is the crc32c of what was written to it.
type checksumWriter uint32

func (c *checksumWriter) Write(p []byte) (int, error) {
	*c = checksumWriter(checksum(uint32(*c), p))
	return len(p), nil
}
