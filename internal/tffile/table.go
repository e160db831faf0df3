package tffile

import (
	"bytes"
	"encoding/binary"
	"io"
	"sort"

	"github.com/pkg/errors"
)

const (
	tableMagic       = 0xdb4775248b80fb57
	tableFooterSize  = 48 // two handles padded to 40 bytes, magic
	blockTrailerSize = 5  // compression type, masked crc32c

	blockPlain  = 0
	blockSnappy = 1
)

// tableEntry is a key with its value.
type tableEntry struct {
	key   string
	value []byte
}

// blockHandle is the place of a block in the file, without its trailer.
type blockHandle struct{ offset, size uint64 }

// table is an opened LevelDB-style table (tensorflow/core/lib/io/format.cc):
//
//	data block* | metaindex block | index block (last key or a separator -> handle of a data block) | footer
//
// The crc32c of a block is checked when it is read.
type table struct {
	file   io.ReaderAt
	size   int64
	blocks []tableBlock
}

// tableBlock is a data block. Its keys are not above last.
type tableBlock struct {
	last   string
	handle blockHandle
}

// tableBudget is what a table may expand to. Prefix compression lets a few bytes stand for a long key, so the size of
// the file does not bound it. Honest names are a few times as long as what is stored of them.
func tableBudget(size int64) int64 { return 1<<20 + maxExpansion*size }

const maxExpansion = 4

// openTable reads the index of a table.
func openTable(file io.ReaderAt, size int64) (*table, error) {
	if size < tableFooterSize {
		return nil, errors.Errorf("%d bytes are too few for a table, its footer alone has %d: not an index file, or cut off", size, tableFooterSize)
	}
	footer := make([]byte, tableFooterSize)
	if n, err := file.ReadAt(footer, size-tableFooterSize); n < tableFooterSize {
		return nil, errors.Wrap(err, "table footer")
	}
	if magic := binary.LittleEndian.Uint64(footer[40:]); magic != tableMagic {
		return nil, errors.Errorf("the last 8 bytes are %#x, a table ends in %#x: not an index file, or cut off", magic, uint64(tableMagic))
	}
	t := &table{file: file, size: size}
	handle, rest, err := parseHandle(footer[:40])
	if err == nil {
		_, err = t.read(handle) // TensorFlow leaves it empty
	}
	if err != nil {
		return nil, errors.Wrap(err, "table metaindex")
	}
	handle, _, err = parseHandle(rest)
	if err != nil {
		return nil, errors.Wrap(err, "table footer")
	}
	index, err := t.read(handle)
	if err != nil {
		return nil, errors.Wrap(err, "table index")
	}
	budget := tableBudget(size)
	err = blockEntries(index, func(separator, value []byte) error {
		h, _, err := parseHandle(value)
		if err != nil {
			return errors.Wrap(err, "table index")
		}
		if budget -= int64(len(separator)) + 32; budget < 0 {
			return t.errExpands()
		}
		t.blocks = append(t.blocks, tableBlock{string(separator), h})
		return nil
	})
	return t, err
}

// get returns the value of a key, nil where there is none.
func (t *table) get(key string) (value []byte, err error) {
	i := sort.Search(len(t.blocks), func(i int) bool { return t.blocks[i].last >= key })
	if i == len(t.blocks) {
		return nil, nil
	}
	block, err := t.read(t.blocks[i].handle)
	if err != nil {
		return nil, err
	}
	err = blockEntries(block, func(k, v []byte) error {
		if string(k) == key {
			value = v
		}
		return nil
	})
	return value, err
}

// readTable decodes a whole table, and checks that the keys increase.
func readTable(file []byte) ([]tableEntry, error) {
	t, err := openTable(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	budget := tableBudget(t.size)
	var out []tableEntry
	last := []byte(nil)
	for _, b := range t.blocks {
		block, err := t.read(b.handle)
		if err != nil {
			return nil, err
		}
		if budget -= int64(len(block)); budget < 0 { // also stops an index that names one compressed block again and again
			return nil, t.errExpands()
		}
		err = blockEntries(block, func(key, value []byte) error {
			if len(out) > 0 && bytes.Compare(last, key) >= 0 {
				return errors.Errorf("table keys out of order: %q after %q", key, last)
			}
			if budget -= int64(len(key)+len(value)) + 16; budget < 0 {
				return t.errExpands()
			}
			last = append(last[:0], key...)
			out = append(out, tableEntry{string(key), value})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *table) errExpands() error {
	return errors.Errorf("table of %d bytes expands to more than %d times its size", t.size, maxExpansion)
}

// parseHandle decodes a block handle: varint offset, varint size. It returns what follows.
func parseHandle(b []byte) (blockHandle, []byte, error) {
	offset, k := binary.Uvarint(b)
	if k <= 0 {
		return blockHandle{}, nil, errors.New("a block offset is cut off")
	}
	size, l := binary.Uvarint(b[k:])
	if l <= 0 {
		return blockHandle{}, nil, errors.New("a block size is cut off")
	}
	return blockHandle{offset, size}, b[k+l:], nil
}

// read checks and decompresses the block at h.
func (t *table) read(h blockHandle) ([]byte, error) {
	limit := uint64(t.size - tableFooterSize)
	if h.offset > limit || h.size > limit-h.offset || limit-h.offset-h.size < blockTrailerSize {
		return nil, errors.Errorf("a block of %d bytes at %d does not fit in the file of %d bytes", h.size, h.offset, t.size)
	}
	raw := make([]byte, h.size+blockTrailerSize)
	if n, err := t.file.ReadAt(raw, int64(h.offset)); n < len(raw) {
		return nil, errors.Wrapf(err, "block of %d bytes at %d", h.size, h.offset)
	}
	stored := unmask(binary.LittleEndian.Uint32(raw[h.size+1:]))
	if actual := checksum(0, raw[:h.size+1]); actual != stored {
		return nil, errors.Errorf("the block of %d bytes at %d is damaged: crc32c %08x, stored %08x", h.size, h.offset, actual, stored)
	}
	switch raw, kind := raw[:h.size:h.size], raw[h.size]; kind {
	case blockPlain:
		return raw, nil
	case blockSnappy:
		block, err := snappyDecode(raw)
		return block, errors.Wrapf(err, "block of %d bytes at %d", h.size, h.offset)
	default:
		return nil, errors.Errorf("the block at %d has compression type %d; 0 (none) and 1 (snappy) are supported", h.offset, kind)
	}
}
