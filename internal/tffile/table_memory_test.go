package tffile

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golang/snappy"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

const refused = "takes much more memory"

// peak fails the test where opening a file of so many bytes takes more than is allowed, or does not give the wanted error.
func peak(t *testing.T, size int, want string, open func() (any, error)) {
	t.Helper()
	var err error
	budgettest.Peak(t, size, func() (x any) {
		x, err = open()
		return x
	})
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %v; want %q", err, want)
	}
}

// bundleFile writes a checkpoint of an index file and data.
func bundleFile(t *testing.T, index []byte, data string) (prefix string) {
	t.Helper()
	prefix = filepath.Join(t.TempDir(), "m")
	for path, b := range map[string][]byte{indexPath(prefix): index, dataPath(prefix, 0, 1): []byte(data)} {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return prefix
}

// tableOfEntries is a table of entries with that value, up to a megabyte, behind the first one. Their keys are numbers behind a prefix.
func tableOfEntries(t *testing.T, first, prefix, value string) []byte {
	t.Helper()
	w := newTableWriter()
	if err := w.add("", []byte(first)); err != nil {
		t.Fatal(err)
	}
	for i := 0; len(w.file)+len(w.data.buf) < budgettest.Small; i++ {
		if err := w.add(fmt.Sprintf("%s%07d", prefix, i), []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	return w.finish()
}

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemoryOfBundles(t *testing.T) {
	budgettest.Lower(t)
	header := string(bundleHeader{shards: 1}.encode())
	none := protoBytes(1, 1, 2, protoBytes(2, "")) // float32 [0]
	end := "\x00\x00\x00\x00\x01\x00\x00\x00"
	zeros := snappy.Encode(nil, make([]byte, 20*budgettest.Small))
	for name, c := range map[string]struct {
		index []byte
		want  string
	}{
		"entries":  {tableOfEntries(t, header, "", none), refused},
		"keys":     {tableOfEntries(t, header, strings.Repeat("k", 300), none), refused},
		"axes":     {tableOfEntries(t, header, "", protoBytes(1, 1, 2, many254(2))), refused},
		"slices":   {tableOfEntries(t, header, "", none+strings.Repeat(protoBytes(7, ""), 1000)), refused},
		"extents":  {tableOfEntries(t, header, "", none+protoBytes(7, many254(1))), refused},
		"one list": {tableOfEntries(t, header, "", none+many(7, "")), refused},
		"blocks":   {tableOfBlock([]byte(end), blockPlain, budgettest.Small/16), refused},
		"Snappy":   {tableOfBlock(zeros, blockSnappy, 1), refused},
		"a value":  {tableOfEntries(t, header, "", none+protoBytes(99, strings.Repeat("x", budgettest.Small))), ""},
	} {
		t.Run(name, func(t *testing.T) {
			prefix := bundleFile(t, c.index, "")
			peak(t, len(c.index), c.want, func() (any, error) { return Open(prefix) })
		})
	}
}

// many254 is as many empty messages of a field as a shape or a slice may have.
func many254(number int) string { return strings.Repeat(protoBytes(number, ""), maxRank) }

// Strings may be empty, and then take a byte each in the file.
func TestMemoryOfStrings(t *testing.T) {
	budgettest.Lower(t)
	encoded, crc := encodeStrings(make([]string, budgettest.Small))
	w := newTableWriter()
	for _, e := range []tableEntry{
		{"", bundleHeader{shards: 1}.encode()},
		{"v", bundleEntry{dtype: String, shape: []int{budgettest.Small}, size: int64(len(encoded)), crc: crc}.encode()},
	} {
		if err := w.add(e.key, e.value); err != nil {
			t.Fatal(err)
		}
	}
	prefix := bundleFile(t, w.finish(), string(encoded))
	read := func() (any, error) {
		r, err := Open(prefix)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return r.Read("v")
	}
	peak(t, len(encoded), refused, read)
	// What an interrupted save left behind is checked, strings too.
	if err := os.Rename(indexPath(prefix), tempIndexPath(prefix)); err != nil {
		t.Fatal(err)
	}
	peak(t, len(encoded), refused, read)
}

// A checkpoint of a hundred thousand small variables is none that is refused.
func TestManyVariables(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	w, err := Create(prefix)
	if err != nil {
		t.Fatal(err)
	}
	const n = 100_000
	for i := range n {
		x, err := New(fmt.Sprintf("optimizer/layer_%d/kernel/Adam", i), []int{16}, make([]float32, 16))
		if err == nil {
			err = w.Add(x)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(prefix)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if len(r.Names()) != n {
		t.Errorf("%d names", len(r.Names()))
	}
}

func TestMemoryOfV1(t *testing.T) {
	budgettest.Lower(t)
	zeros := snappy.Encode(nil, make([]byte, 20*budgettest.Small))
	scalar := func(slices string) string { return protoBytes(1, protoBytes(1, "v", 2, "", 3, 1)+slices) }
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"tensors":    {v1File(t, many(1, protoBytes(1, "#######"))), refused},
		"same names": {v1File(t, many(1, "")), "two tensors have this name"},
		"axes":       {v1File(t, many(1, protoBytes(1, "#######", 2, many254(2)))), refused},
		"slices":     {v1File(t, scalar(many(4, ""))), refused},
		"extents":    {v1File(t, scalar(strings.Repeat(protoBytes(4, many254(1)), budgettest.Small/512))), refused},
		"Snappy":     {tableOfBlock(zeros, blockSnappy, 1), refused},
		"a name":     {v1File(t, protoBytes(1, protoBytes(1, strings.Repeat("n", budgettest.Small)))), ""},
	} {
		t.Run(name, func(t *testing.T) {
			peak(t, len(c.file), c.want, func() (any, error) { return OpenV1(inMemory(c.file)) })
			shard := inMemory(v1File(t, scalar("")))
			peak(t, len(c.file), c.want, func() (any, error) { return OpenV1(shard, inMemory(c.file)) })
		})
	}
}

// What is compressed may stand for many times as many bytes, of which a slice may be one and lie in a block of its own.
func TestMemoryOfValuesInV1(t *testing.T) {
	budgettest.Lower(t)
	const n = 20 * budgettest.Small // of int64, a byte each
	key := slice{{0, -1}}.key("v")
	block := newBlockBuilder(tableRestartInterval)
	block.add("", []byte(protoBytes(1, protoBytes(1, protoBytes(1, "v", 2, protoBytes(2, protoBytes(1, n)), 3, int(Int64), 4, protoBytes(1, ""))))))
	block.add(key, []byte(protoBytes(2, protoBytes(1, "v", 3, protoBytes(10, strings.Repeat("\x00", n))))))
	file := tableOfBlock(snappy.Encode(nil, block.finish()), blockSnappy, 1)
	peak(t, len(file), refused, func() (any, error) {
		r, err := OpenV1(inMemory(file))
		if err != nil {
			return nil, err
		}
		return r.Elements("v")
	})
}

func TestMemoryOfStates(t *testing.T) {
	budgettest.Lower(t)
	for name, c := range map[string]struct{ text, want string }{
		"paths":      {"model_checkpoint_path:'a' all_model_checkpoint_paths:['b'" + strings.Repeat(",'b'", budgettest.Small/4) + "]", refused},
		"timestamps": {"model_checkpoint_path:'a' all_model_checkpoint_timestamps:[1" + strings.Repeat(",1", budgettest.Small/2) + "]", refused},
		"a path":     {"model_checkpoint_path:'" + strings.Repeat("a", budgettest.Small) + "'", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, StateFile), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			peak(t, len(c.text), c.want, func() (any, error) { return ReadState(dir) })
		})
	}
}

func TestMemoryOfMetaInfo(t *testing.T) {
	budgettest.Lower(t)
	for name, c := range map[string]struct{ info, want string }{
		"tags":      {many(4, ""), refused},
		"long tags": {many(4, strings.Repeat("x", 1000)), ""},
		"a version": {protoBytes(5, strings.Repeat("x", budgettest.Small)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			message := []byte(protoBytes(1, c.info))
			peak(t, len(message), c.want, func() (any, error) {
				return parseMetaInfo(bufio.NewReader(bytes.NewReader(message)), int64(len(message)), false)
			})
		})
	}
}
