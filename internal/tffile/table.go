package tffile

import (
	"bytes"
	"encoding/binary"

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

// readTable decodes a whole LevelDB-style table (tensorflow/core/lib/io/format.cc), checking every block's crc32c and
// that the keys increase:
//
//	data block* | metaindex block | index block (last key or a separator -> handle of a data block) | footer
//
// Values may alias file.
func readTable(file []byte) ([]tableEntry, error) {
	if len(file) < tableFooterSize {
		return nil, errors.Errorf("%d bytes are too few for a table, its footer alone has %d: not an index file, or cut off", len(file), tableFooterSize)
	}
	footer := file[len(file)-tableFooterSize:]
	if magic := binary.LittleEndian.Uint64(footer[40:]); magic != tableMagic {
		return nil, errors.Errorf("the last 8 bytes are %#x, a table ends in %#x: not an index file, or cut off", magic, uint64(tableMagic))
	}
	handle, rest, err := parseHandle(footer[:40])
	if err == nil {
		_, err = readBlock(file, handle) // TensorFlow leaves it empty
	}
	if err != nil {
		return nil, errors.Wrap(err, "table metaindex")
	}
	handle, _, err = parseHandle(rest)
	if err != nil {
		return nil, errors.Wrap(err, "table footer")
	}
	index, err := readBlock(file, handle)
	if err != nil {
		return nil, errors.Wrap(err, "table index")
	}

	// Prefix compression lets a few bytes stand for a long key, so the size of the file does not bound what it expands to.
	budget := 1<<20 + 64*int64(len(file))
	var out []tableEntry
	last := []byte(nil)
	err = blockEntries(index, func(separator, value []byte) error {
		h, _, err := parseHandle(value)
		if err != nil {
			return errors.Wrap(err, "table index")
		}
		block, err := readBlock(file, h)
		if err != nil {
			return err
		}
		if budget -= int64(len(block)); budget < 0 { // also stops an index that names one compressed block again and again
			return errExpands(file)
		}
		return blockEntries(block, func(key, value []byte) error {
			if len(out) > 0 && bytes.Compare(last, key) >= 0 {
				return errors.Errorf("table keys out of order: %q after %q", key, last)
			}
			if budget -= int64(len(key)+len(value)) + 16; budget < 0 {
				return errExpands(file)
			}
			last = append(last[:0], key...)
			out = append(out, tableEntry{string(key), value})
			return nil
		})
	})
	return out, err
}

func errExpands(file []byte) error {
	return errors.Errorf("table of %d bytes expands to more than 64 times its size", len(file))
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

// readBlock checks and decompresses the block at h.
func readBlock(file []byte, h blockHandle) ([]byte, error) {
	limit := uint64(len(file) - tableFooterSize)
	if h.offset > limit || h.size > limit-h.offset || limit-h.offset-h.size < blockTrailerSize {
		return nil, errors.Errorf("a block of %d bytes at %d does not fit in the file of %d bytes", h.size, h.offset, len(file))
	}
	end := h.offset + h.size
	raw, kind := file[h.offset:end], file[end]
	stored := unmask(binary.LittleEndian.Uint32(file[end+1:]))
	if actual := checksum(0, file[h.offset:end+1]); actual != stored {
		return nil, errors.Errorf("the block of %d bytes at %d is damaged: crc32c %08x, stored %08x", h.size, h.offset, actual, stored)
	}
	switch kind {
	case blockPlain:
		return raw, nil
	case blockSnappy:
		block, err := snappyDecode(raw)
		return block, errors.Wrapf(err, "block of %d bytes at %d", h.size, h.offset)
	}
	return nil, errors.Errorf("the block at %d has compression type %d; 0 (none) and 1 (snappy) are supported", h.offset, kind)
}
