package tffile

import (
	"bytes"
	"io"
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// maxIndexSize bounds what is read of an index file. A million variables take about 100 MB.
const maxIndexSize = 1 << 30

// bundle is an index with the shards that it needs, open.
type bundle struct {
	path   string // of the index
	raw    []byte // the index file
	index  *bundleIndex
	shards map[int]shard
	size   int64          // of the index and all data files
	room   *budget.Budget // what is left of the memory that their description may take
}

// shard is a data file. size is the one it had when it was opened.
type shard struct {
	io.ReaderAt
	size int64
	path string
}

// openBundle reads the index file and opens the data files it refers to. It fails when one is missing or too short.
func openBundle(index string, data func(shard, shards int) string) (*bundle, error) {
	b := &bundle{path: index, shards: make(map[int]shard)}
	if err := b.readIndex(data); err != nil {
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

// readIndex reads the index file.
func (b *bundle) readIndex(data func(shard, shards int) string) error {
	f, err := os.Open(b.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("it is no file")
	case info.Size() > maxIndexSize:
		return errors.Errorf("the file has %d bytes; want at most %d", info.Size(), maxIndexSize)
	}
	b.size = info.Size()
	b.room = budget.Of(b.size)
	if err := b.room.Take(b.size); err != nil {
		return err
	}
	b.raw = make([]byte, b.size)
	if _, err := io.ReadFull(f, b.raw); err != nil {
		return err
	}
	b.index, err = parseIndex(b.raw, b.room, func(shards int) (size int64) {
		for i := range shards { // one that is missing is an error where an entry lies in it
			if info, err := os.Stat(data(i, shards)); err == nil && info.Mode().IsRegular() {
				size += info.Size()
			}
		}
		b.size += size
		return size
	})
	return err
}

// current reports whether the index file still holds what was read, that is: no save was finished in between.
func (b *bundle) current() bool {
	f, err := os.Open(b.path)
	if err != nil {
		return false
	}
	defer f.Close()
	piece := make([]byte, 1<<16)
	for rest := b.raw; ; {
		n, err := io.ReadFull(f, piece)
		if n > len(rest) || !bytes.Equal(piece[:n], rest[:n]) {
			return false
		}
		if rest = rest[n:]; err != nil {
			return (err == io.EOF || err == io.ErrUnexpectedEOF) && len(rest) == 0
		}
	}
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
			err = b.walkStrings(e)
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
	raw, n, err := b.storedStrings(e)
	if err != nil {
		return nil, err
	}
	values, crc, err := decodeStrings(raw, n, budget.Of(b.size))
	if err != nil {
		return nil, err
	}
	return values, b.match(e, crc)
}

// walkStrings checks the checksum of e's strings without keeping them.
func (b *bundle) walkStrings(e bundleEntry) error {
	raw, n, err := b.storedStrings(e)
	if err != nil {
		return err
	}
	crc, err := walkStrings(raw, n, func([]byte) {})
	if err != nil {
		return err
	}
	return b.match(e, crc)
}

// storedStrings reads the stored form of e's strings, and how many there are.
func (b *bundle) storedStrings(e bundleEntry) (raw []byte, n int64, err error) {
	raw, _, err = b.read(e) // strings have a sum of their own
	if err == nil {
		n, err = elements(e.shape)
	}
	return raw, n, err
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
