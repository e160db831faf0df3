package tffile

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/plexaura/plexaura/internal/budget"
)

// The fuzz targets look for panics and for memory use that a small input should not cause (the fuzzer dies of it);
// where there is an inverse they compare. "go test" runs the seeds; "go test -fuzz FuzzReadTable ./internal/tffile"
// searches.

func FuzzReadTable(f *testing.F) {
	for _, n := range []int{0, 1, 40} {
		file, _ := tableOf(f, n, 300)
		f.Add(file)
		f.Add(file[:len(file)/2])
	}
	f.Add(tableOfBlock([]byte("\x04\x0c\x00\x00\x00\x00"), blockSnappy, 1))
	f.Fuzz(func(t *testing.T, file []byte) {
		entries, err := readTable(file)
		if err != nil {
			return
		}
		w := newTableWriter()
		for _, e := range entries {
			if err := w.add(e.key, e.value); err != nil {
				t.Fatal(err)
			}
		}
		again, err := readTable(w.finish())
		if err != nil || len(again) != len(entries) {
			t.Fatalf("%d entries written and read: %d, %v", len(entries), len(again), err)
		}
	})
}

// Blocks and Snappy on their own, because a checksum hides them from the fuzzer in FuzzReadTable.
func FuzzBlock(f *testing.F) {
	b := newBlockBuilder(2)
	for _, k := range []string{"", "a", "ab", "abc"} {
		b.add(k, []byte(k))
	}
	f.Add(b.finish())
	f.Add([]byte("\x00\x05\x05\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, block []byte) {
		blockEntries(block, func(key, value []byte) error { return nil })
	})
}

func FuzzSnappy(f *testing.F) {
	f.Add([]byte("\x01\x00a"))
	f.Add([]byte("\x88\x040layer/kernel \xfe\x0d\x00"))
	f.Add([]byte("\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, err := snappyDecode(b, nil); err == nil && len(out) > 32*len(b) {
			t.Fatalf("%d bytes from %d", len(out), len(b))
		}
	})
}

func FuzzBundleProtos(f *testing.F) {
	f.Add([]byte(protoBytes(1, 1, 3, protoBytes(1, 1, 2, 1, 3, 7))))
	f.Add([]byte(protoBytes(1, 1, 2, protoBytes(2, protoBytes(1, 2)), 3, 4, 4, 5, 5, 8, 6, uint32(7))))
	f.Add([]byte(protoBytes(1, 1, 2, protoBytes(2, protoBytes(1, 2)), 7, protoBytes(1, protoBytes(1, 1, 2, 1)))))
	f.Fuzz(func(t *testing.T, b []byte) {
		parseBundleHeader(b)
		e, err := parseBundleEntry(b, nil)
		if err != nil {
			return
		}
		for _, s := range e.slices {
			s.within(e.shape)
			s.key("v")
		}
		if len(e.slices) == 0 {
			again, err := parseBundleEntry(e.encode(), nil)
			if err != nil || again.offset != e.offset || again.size != e.size || again.crc != e.crc || again.dtype != e.dtype || len(again.shape) != len(e.shape) {
				t.Fatalf("%+v came back as %+v, %v", e, again, err)
			}
		}
	})
}

// FuzzBundle reads all tensors of a bundle whose entry and data come from the fuzzer.
func FuzzBundle(f *testing.F) {
	strings, crc := encodeStrings([]string{"a", "bc"})
	f.Add(bundleEntry{dtype: String, shape: []int{2}, size: int64(len(strings)), crc: crc}.encode(), []byte{}, strings)
	f.Add(bundleEntry{dtype: Float32, shape: []int{1}, size: 4, crc: checksum(0, []byte("1234"))}.encode(), []byte{}, []byte("1234"))
	full := protoBytes(1, int(Int8), 2, protoBytes(2, protoBytes(1, 4)), 7, protoBytes(1, protoBytes(1, 0, 2, 4)))
	f.Add([]byte(full), bundleEntry{dtype: Int8, shape: []int{4}, size: 4, crc: checksum(0, []byte("1234"))}.encode(), []byte("1234"))
	f.Fuzz(func(t *testing.T, entry, part, data []byte) {
		e, err := parseBundleEntry(entry, nil)
		if err != nil {
			return
		}
		b := &bundle{index: &bundleIndex{header: bundleHeader{shards: 1}, entries: map[string]bundleEntry{"v": e}, names: []string{"v"}},
			shards: map[int]shard{0: {bytes.NewReader(data), int64(len(data)), "data"}}}
		if p, err := parseBundleEntry(part, nil); err == nil {
			for _, s := range e.slices {
				b.index.entries[s.key("v")] = p
			}
		}
		tensor, err := (&Reader{"m", b}).Read("v")
		if err == nil {
			if err := tensor.check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzState(f *testing.F) {
	f.Add("model_checkpoint_path: \"a\\303\\251\"\nall_model_checkpoint_paths: ['b', \"c\"] all_model_checkpoint_timestamps: 1.5 # x")
	f.Add(`model_checkpoint_path: "\U0010ffff"`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseState(text, "")
		if err != nil {
			return
		}
		again, err := parseState(formatState(s), "")
		for i := range s.Timestamps { // NaN is not equal to itself
			if s.Timestamps[i] != s.Timestamps[i] {
				s.Timestamps, again.Timestamps = nil, nil
				break
			}
		}
		if s.LastPreserved != s.LastPreserved {
			s.LastPreserved, again.LastPreserved = 0, 0
		}
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Fatalf("%+v came back as %+v, %v", s, again, err)
		}
	})
}

// FuzzParseIndex decodes an index file of the fuzzer's, with the checksum of its first block put right.
func FuzzParseIndex(f *testing.F) {
	dir := f.TempDir()
	prefix := filepath.Join(dir, "m")
	if err := Write(prefix, generation(f, 1, false)); err != nil {
		f.Fatal(err)
	}
	index, err := os.ReadFile(indexPath(prefix))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(index)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, index []byte) {
		index = bytes.Clone(index)
		if len(index) > 48 {
			if h, _, err := parseHandle(index[len(index)-48:]); err == nil && h.offset >= 5 && h.offset <= uint64(len(index)-48) {
				binary.LittleEndian.PutUint32(index[h.offset-4:], mask(checksum(0, index[:h.offset-4])))
			}
		}
		b, err := parseIndex(index, budget.Of(int64(len(index))), func(int) int64 { return 0 })
		if err == nil {
			b.ends()
		}
	})
}
