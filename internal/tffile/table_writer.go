package tffile

import (
	"encoding/binary"

	"github.com/pkg/errors"
)

// TensorFlow's defaults (tensorflow/core/lib/io/table_options.h); LevelDB's block size is 4 KiB.
const (
	tableBlockSize       = 256 << 10
	tableRestartInterval = 16
)

// tableWriter builds an uncompressed table in memory, byte for byte as TensorFlow's TableBuilder does.
type tableWriter struct {
	blockSize int
	file      []byte
	data      *blockBuilder
	index     *blockBuilder
	count     int
	lastKey   string
	pending   bool // a data block was written and its index entry not yet
	handle    blockHandle
}

func newTableWriter() *tableWriter {
	return &tableWriter{blockSize: tableBlockSize, data: newBlockBuilder(tableRestartInterval), index: newBlockBuilder(1)}
}

// add appends an entry. It fails when key does not follow the key before.
func (w *tableWriter) add(key string, value []byte) error {
	if w.count > 0 && key <= w.lastKey {
		return errors.Errorf("table keys must increase: %q after %q", key, w.lastKey)
	}
	w.count++
	w.addPending(shortestSeparator(w.lastKey, key))
	w.lastKey = key
	w.data.add(key, value)
	if w.data.size() >= w.blockSize {
		w.flush()
	}
	return nil
}

// finish returns the whole file.
func (w *tableWriter) finish() []byte {
	w.flush()
	metaindex := w.writeBlock(newBlockBuilder(tableRestartInterval))
	w.addPending(shortSuccessor(w.lastKey))
	index := w.writeBlock(w.index)

	footer := make([]byte, 0, tableFooterSize)
	footer = metaindex.appendTo(footer)
	footer = index.appendTo(footer)
	footer = append(footer, make([]byte, 40-len(footer))...)
	footer = binary.LittleEndian.AppendUint64(footer, tableMagic)
	return append(w.file, footer...)
}

func (w *tableWriter) flush() {
	if w.data.empty() {
		return
	}
	w.handle = w.writeBlock(w.data)
	w.pending = true
}

// addPending enters the last data block in the index, under a key >= its last and < the next block's first.
func (w *tableWriter) addPending(separator string) {
	if !w.pending {
		return
	}
	w.index.add(separator, w.handle.appendTo(nil))
	w.pending = false
}

func (w *tableWriter) writeBlock(b *blockBuilder) blockHandle {
	raw := b.finish()
	h := blockHandle{uint64(len(w.file)), uint64(len(raw))}
	w.file = append(w.file, raw...)
	w.file = append(w.file, blockPlain)
	w.file = binary.LittleEndian.AppendUint32(w.file, mask(checksum(0, w.file[h.offset:])))
	return h
}

func (h blockHandle) appendTo(b []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, h.offset), h.size)
}

// shortestSeparator is a short string s with a <= s < b, for a < b.
func shortestSeparator(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) || i == len(b) {
		return a // one is a prefix of the other
	}
	if a[i] < 0xff && a[i]+1 < b[i] {
		return a[:i] + string([]byte{a[i] + 1})
	}
	return a
}

// shortSuccessor is a short string >= a.
func shortSuccessor(a string) string {
	for i := 0; i < len(a); i++ {
		if a[i] != 0xff {
			return a[:i] + string([]byte{a[i] + 1})
		}
	}
	return a
}
