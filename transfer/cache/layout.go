package cache

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"slices"

	"github.com/pkg/errors"
)

// layout is what a cache holds and where. A file is
//
//	magic, length of the header uint32, its crc32c uint32, the header: this struct in JSON
//	for each block of examples a sum uint64: 1<<32 plus the crc32c of the crc32c, uint32 each, of its rows in column after column; 0 where it is not there yet
//	the columns one behind the other, each the rows of all examples
//
// with zeros before the sums and before each column up to a multiple of 64. Numbers are little-endian.
type layout struct {
	Key      string   `json:"key"`      // of weights, graph and data
	Examples int      `json:"examples"` // of each column
	Block    int      `json:"block"`    // examples in a block; the last may have fewer
	Columns  []column `json:"columns"`  // of the nodes, then of the labels
}

const (
	magic     = "plexaura cache 1"
	fixedSize = len(magic) + 4 + 4
	maxHeader = 1 << 20 // bytes; a column takes about a hundred
	alignment = 64
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is what the file begins with.
func (l layout) header() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	if len(text) > maxHeader {
		return nil, errors.Errorf("the names of the nodes are too long: they take %d bytes", len(text))
	}
	b := append([]byte(magic), make([]byte, 8)...)
	binary.LittleEndian.PutUint32(b[len(magic):], uint32(len(text)))
	binary.LittleEndian.PutUint32(b[len(magic)+4:], crc32.Checksum(text, castagnoli))
	return append(b, text...), nil
}

// readLayout reads the header of a file that is size bytes long.
func readLayout(r io.ReaderAt, size int64) (layout, error) {
	var l layout
	fixed := make([]byte, fixedSize)
	if _, err := r.ReadAt(fixed, 0); err != nil || !bytes.HasPrefix(fixed, []byte(magic)) {
		return l, errors.New("it is no cache of activations, or of another version")
	}
	n := binary.LittleEndian.Uint32(fixed[len(magic):])
	if n > maxHeader || int64(n) > size-int64(fixedSize) {
		return l, errors.Errorf("its header has %d bytes", n)
	}
	text := make([]byte, n)
	if _, err := r.ReadAt(text, int64(fixedSize)); err != nil {
		return l, errors.WithStack(err)
	}
	if got, want := crc32.Checksum(text, castagnoli), binary.LittleEndian.Uint32(fixed[len(magic)+4:]); got != want {
		return l, errors.New("the checksum of its header is wrong")
	}
	return l, errors.Wrap(json.Unmarshal(text, &l), "its header")
}

// same tells whether two layouts are the same but for the size of their blocks.
func (l layout) same(m layout) bool {
	return l.Key == m.Key && l.Examples == m.Examples && slices.EqualFunc(l.Columns, m.Columns, column.same)
}

// blocks is the number of blocks.
func (l layout) blocks() int { return (l.Examples + l.Block - 1) / l.Block }

// of returns the examples of a block.
func (l layout) of(block int) (first, n int) {
	first = block * l.Block
	return first, min(l.Block, l.Examples-first)
}

// places tells where the sums and the columns begin in a file, and where it ends.
func (l layout) places() (sums int, columns []int, end int, err error) {
	header, err := l.header()
	if err != nil {
		return 0, nil, 0, err
	}
	sums = aligned(len(header))
	columns, end, err = l.columnsFrom(sums + 8*l.blocks())
	return sums, columns, end, err
}

// columnsFrom tells where the columns begin that lie from a place on, and where the last one ends.
func (l layout) columnsFrom(place int) (columns []int, end int, err error) {
	const most = int(^uint(0) >> 2)
	for _, c := range l.Columns {
		place = aligned(place)
		columns = append(columns, place)
		if size := c.stored(); size > 0 && l.Examples > (most-place)/size {
			return nil, 0, errors.Errorf("%d examples of %d bytes are more than this machine can address", l.Examples, size)
		}
		place += l.Examples * c.stored()
	}
	return columns, place, nil
}

func aligned(place int) int { return (place + alignment - 1) / alignment * alignment }
