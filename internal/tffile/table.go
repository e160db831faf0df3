package tffile

import (
	"bytes"
	"encoding/binary"
	"io"
	"sort"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

const (
	tableMagic       = 0xdb4775248b80fb57
	tableFooterSize  = 48 // two handles padded to 40 bytes, magic
	blockTrailerSize = 5  // compression type, masked crc32c

	blockPlain  = 0
	blockSnappy = 1
)

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

// tableBlockBytes is what a tableBlock takes beside its key, with what the list of them that is grown takes meanwhile.
const tableBlockBytes = 96

// mostWalked bounds the work of a walk through a table: the bytes of its blocks, keys and values. Prefix compression lets a few bytes stand for a
// long key, and an index may name a block that is nothing but zeros again and again. Honest names are a few times as long as what is stored of them.
func mostWalked(size int64) int64 { return 1<<20 + maxExpansion*size }

const maxExpansion = 4

// openTable reads the index of a table. What it takes is counted in room.
func openTable(file io.ReaderAt, size int64, room *budget.Budget) (*table, error) {
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
	if err == nil { // TensorFlow leaves it empty
		err = t.visit(handle, room, func([]byte) error { return nil })
	}
	if err != nil {
		return nil, errors.Wrap(err, "table metaindex")
	}
	handle, _, err = parseHandle(rest)
	if err != nil {
		return nil, errors.Wrap(err, "table footer")
	}
	err = t.visit(handle, room, func(index []byte) error {
		return blockEntries(index, func(separator, value []byte) error {
			h, _, err := parseHandle(value)
			if err == nil {
				err = room.Take(int64(tableBlockBytes + len(separator)))
			}
			t.blocks = append(t.blocks, tableBlock{string(separator), h})
			return err
		})
	})
	return t, errors.Wrap(err, "table index")
}

// get returns the value of a key, nil where there is none. It lies in its block, whose bytes it took from room.
func (t *table) get(key string, room *budget.Budget) (value []byte, took int64, err error) {
	i := sort.Search(len(t.blocks), func(i int) bool { return t.blocks[i].last >= key })
	if i == len(t.blocks) {
		return nil, 0, nil
	}
	block, err := t.read(t.blocks[i].handle, room)
	if err != nil {
		return nil, 0, err
	}
	err = blockEntries(block, func(k, v []byte) error {
		if string(k) == key {
			value = v
		}
		return nil
	})
	return value, int64(len(block)), err
}

// walk visits all entries, and checks that their keys increase. key and value are valid until each returns. A block at a time is counted in room.
func (t *table) walk(room *budget.Budget, each func(key, value []byte) error) error {
	left, first, last := mostWalked(t.size), true, []byte(nil)
	walked := func(n int) error {
		if left -= int64(n); left < 0 {
			return errors.Errorf("table of %d bytes expands to more than %d times its size", t.size, maxExpansion)
		}
		return nil
	}
	for _, b := range t.blocks {
		err := t.visit(b.handle, room, func(block []byte) error {
			if err := walked(len(block)); err != nil {
				return err
			}
			return blockEntries(block, func(key, value []byte) error {
				if !first && bytes.Compare(last, key) >= 0 {
					return errors.Errorf("table keys out of order: %q after %q", key, last)
				}
				if err := walked(len(key) + len(value) + 16); err != nil {
					return err
				}
				first, last = false, append(last[:0], key...)
				return each(key, value)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
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

// visit reads the block at h for each, after which its memory is free again.
func (t *table) visit(h blockHandle, room *budget.Budget, each func(block []byte) error) error {
	block, err := t.read(h, room)
	if err != nil {
		return err
	}
	defer room.Give(int64(len(block)))
	return each(block)
}

// read checks and decompresses the block at h, whose bytes are counted in room.
func (t *table) read(h blockHandle, room *budget.Budget) ([]byte, error) {
	limit := uint64(t.size - tableFooterSize)
	if h.offset > limit || h.size > limit-h.offset || limit-h.offset-h.size < blockTrailerSize {
		return nil, errors.Errorf("a block of %d bytes at %d does not fit in the file of %d bytes", h.size, h.offset, t.size)
	}
	if err := room.Take(int64(h.size)); err != nil {
		return nil, err
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
		block, err := snappyDecode(raw, room)
		room.Give(int64(h.size))
		return block, errors.Wrapf(err, "block of %d bytes at %d", h.size, h.offset)
	default:
		return nil, errors.Errorf("the block at %d has compression type %d; 0 (none) and 1 (snappy) are supported", h.offset, kind)
	}
}
