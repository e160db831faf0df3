package zoo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// checkpointV1 writes what TensorFlow's saver did before version 2 of its format: a table, as LevelDB has them, of an entry with names and shapes and one
// for each tensor. Every entry is a block of its own.
func checkpointV1(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte {
	t.Helper()
	type entry struct {
		key   string
		value []byte
	}
	var meta []byte
	var entries []entry
	for i, x := range l.tensors {
		var shape, whole, key []byte
		key = append(append(append(key, 0), x.Name...), 0, 1)
		if len(x.Shape) == 0 {
			key = append(key, 0)
		} else {
			key = append(key, 1, byte(len(x.Shape)))
		}
		for _, n := range x.Shape {
			shape = message(shape, 2, protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(n)))
			whole = message(whole, 1, nil) // from the first to the last
			key = append(key, 0x80, 0x7f)  // 0 and -1, which says that it is whole
		}
		about := message(nil, 1, []byte(x.Name))
		about = message(about, 2, shape)
		about = protowire.AppendVarint(protowire.AppendTag(about, 3, protowire.VarintType), 1) // float32
		meta = message(meta, 1, message(about, 4, whole))
		saved := message(nil, 1, []byte(x.Name))
		saved = message(saved, 2, whole)
		saved = message(saved, 3, message(nil, 5, raw(t, values(i, x.Shape))))
		entries = append(entries, entry{string(key), message(nil, 2, saved)})
	}
	entries = append(entries, entry{"", message(nil, 1, meta)})
	slices.SortFunc(entries, func(a, b entry) int { return bytes.Compare([]byte(a.key), []byte(b.key)) })

	var file []byte
	block := func(keys []string, values [][]byte) (handle []byte) {
		at := len(file)
		var starts []byte
		for i, key := range keys {
			starts = binary.LittleEndian.AppendUint32(starts, uint32(len(file)-at))
			file = append(file, 0) // shares nothing with the key before it
			file = binary.AppendUvarint(file, uint64(len(key)))
			file = binary.AppendUvarint(file, uint64(len(values[i])))
			file = append(append(file, key...), values[i]...)
		}
		if len(keys) == 0 {
			starts = make([]byte, 4)
		}
		file = append(file, starts...)
		file = binary.LittleEndian.AppendUint32(file, uint32(len(starts)/4))
		size := len(file) - at
		file = append(file, 0) // as it is, without Snappy
		sum := crc32.Checksum(file[at:], crc32.MakeTable(crc32.Castagnoli))
		file = binary.LittleEndian.AppendUint32(file, (sum>>15|sum<<17)+0xa282ead8)
		return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(at)), uint64(size))
	}
	var keys []string
	var handles [][]byte
	for _, e := range entries {
		keys, handles = append(keys, e.key), append(handles, block([]string{e.key}, [][]byte{e.value}))
	}
	footer := append(block(nil, nil), block(keys, handles)...)
	file = append(append(file, footer...), make([]byte, 40-len(footer))...)
	return binary.LittleEndian.AppendUint64(file, 0xdb4775248b80fb57)
}

// message appends a field that has a length.
func message(b []byte, field protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), content)
}

// raw are values as files have them.
func raw(t testing.TB, values []float32) []byte {
	t.Helper()
	b, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
