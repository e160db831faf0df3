package tffile

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// v1File is a V1 checkpoint whose table of contents is meta, a SavedTensorSliceMeta; parts are (key, SavedSlice).
func v1File(t testing.TB, meta string, parts ...[2]string) []byte {
	t.Helper()
	w := newTableWriter()
	if err := w.add("", []byte(protoBytes(1, meta))); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if err := w.add(p[0], []byte(protoBytes(2, p[1]))); err != nil {
			t.Fatal(err)
		}
	}
	return w.finish()
}

// inMemory is a file of these bytes.
func inMemory(b []byte) V1File { return V1File{ReaderAt: bytes.NewReader(b), Size: int64(len(b))} }

func readV1(file []byte) error {
	r, err := OpenV1(inMemory(file))
	if err != nil {
		return err
	}
	for _, name := range r.Names() {
		elements, err := r.Elements(name)
		if err == nil {
			_, err = io.Copy(io.Discard, elements)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// What a good file gives is tested, with one that was made elsewhere, in transfer/tensorflow.
func TestV1BadInput(t *testing.T) {
	dim := func(n int) string { return protoBytes(2, protoBytes(1, n)) }
	tensor := func(dtype DType, shape string, slices ...interface{}) string {
		return protoBytes(1, protoBytes(append([]interface{}{1, "v", 2, shape, 3, int(dtype)}, slices...)...))
	}
	cut := func(start, length int) string { return protoBytes(1, protoBytes(1, start, 2, length)) }
	whole := protoBytes(1, "")
	all := slice{{0, -1}}.key("v")
	ints := func(name, values string) string { return protoBytes(1, name, 3, protoBytes(7, values)) }
	first, second := slice{{0, 1}}.key("v"), slice{{1, 2}}.key("v")
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"good":        {v1File(t, tensor(Int32, dim(3), 4, whole), [2]string{all, ints("v", "\x01\x02\x03")}), ""},
		"good slices": {v1File(t, tensor(Int32, dim(3), 4, cut(0, 1), 4, cut(1, 2)), [2]string{first, ints("v", "\x01")}, [2]string{second, ints("v", "\x02\x03")}), ""},

		"no contents":  {v1File(t, ""), "not a V1 checkpoint"},
		"V2":           {v1File(t, "")[:48], "not an index file"},
		"version":      {v1File(t, protoBytes(2, protoBytes(2, 9))), "checkpoint version 9"},
		"twice":        {v1File(t, tensor(Int32, dim(1), 4, whole)+tensor(Int32, dim(1), 4, whole)), "two tensors have"},
		"rank":         {v1File(t, tensor(Int32, protoBytes(3, 1))), "unknown rank"},
		"overflow":     {v1File(t, tensor(Int32, strings.Repeat(dim(1<<40), 2))), "63 bits"},
		"dtype":        {v1File(t, protoBytes(1, protoBytes(3, 1<<40))), "dtype"},
		"wire type":    {v1File(t, protoBytes(1, protoBytes(4, 3))), "wire type"},
		"text":         {v1File(t, tensor(String, dim(1), 4, whole), [2]string{all, ints("v", "")}), "dtype string cannot be read"},
		"not stored":   {v1File(t, tensor(Int32, dim(3), 4, whole)), "it is not stored"},
		"other name":   {v1File(t, tensor(Int32, dim(3), 4, whole), [2]string{all, ints("w", "\x01\x02\x03")}), `one of "w"`},
		"too few":      {v1File(t, tensor(Int32, dim(3), 4, whole), [2]string{all, ints("v", "\x01\x02")}), "8 bytes of elements"},
		"too many":     {v1File(t, tensor(Int32, dim(1), 4, whole), [2]string{all, ints("v", "\x01\x02")}), "8 bytes of elements"},
		"half element": {v1File(t, tensor(Float32, dim(1), 4, whole), [2]string{all, protoBytes(1, "v", 3, protoBytes(5, "12345"))}), "5 bytes of elements"},
		"cut varint":   {v1File(t, tensor(Int32, dim(1), 4, whole), [2]string{all, ints("v", "\x80")}), "field 7"},
		"huge":         {v1File(t, tensor(Int32, dim(1<<61), 4, whole), [2]string{all, ints("v", "")}), "0 bytes of elements"},
		"no slices":    {v1File(t, tensor(Int32, dim(1))), "all data files hold at most 0"},
		"slice rank":   {v1File(t, tensor(Int32, dim(3), 4, "")), "rank 0"},
		"outside":      {v1File(t, tensor(Int32, dim(2), 4, cut(1, 2)), [2]string{second, ints("v", "\x02\x03")}), "on axis 0"},
		"same slice":   {v1File(t, tensor(Int32, dim(2), 4, cut(0, 1), 4, cut(0, 1)), [2]string{first, ints("v", "\x01")}), "listed twice"},
		"uncovered":    {v1File(t, tensor(Int32, dim(1<<30), 4, cut(0, 1)), [2]string{first, ints("v", "\x01")}), "hold at most 1"},
	} {
		err := readV1(c.file)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v; want %q", name, err, c.want)
		}
	}
	r, err := OpenV1(V1File{ReaderAt: bytes.NewReader(v1File(t, tensor(Int32, dim(3)))), Size: 200})
	if err == nil {
		t.Errorf("a wrong size: got %v", r.Names())
	}
}

func TestShardsOfV1(t *testing.T) {
	shard := func(name string, dtype DType, n int, slices ...interface{}) V1File {
		f := inMemory(v1File(t, protoBytes(1, protoBytes(append([]interface{}{1, "v", 2, protoBytes(2, protoBytes(1, n)), 3, int(dtype)}, slices...)...))))
		f.Name = name
		return f
	}
	for _, other := range []V1File{shard("b", Int32, 3), shard("b", Float32, 2)} {
		if _, err := OpenV1(shard("a", Int32, 2), other); err == nil || !strings.Contains(err.Error(), "in one before") || !strings.HasPrefix(err.Error(), "b: ") {
			t.Error(err)
		}
	}
	if _, err := OpenV1(shard("a", Int32, 2), shard("b", Int32, 2), inMemory(v1File(t, ""))); err == nil || !strings.Contains(err.Error(), "not a V1 checkpoint") {
		t.Error(err)
	}
}

// FuzzV1 reads checkpoints whose messages come from the fuzzer, behind good checksums.
func FuzzV1(f *testing.F) {
	shape := protoBytes(2, protoBytes(1, 3))
	f.Add(protoBytes(1, protoBytes(1, "v", 2, shape, 3, 3, 4, protoBytes(1, ""))), protoBytes(1, "v", 3, protoBytes(7, "\x01\x02\x03")), true)
	f.Add(protoBytes(1, protoBytes(1, "v", 2, shape, 3, 1, 4, protoBytes(1, protoBytes(1, 0, 2, 1)))), protoBytes(1, "v", 3, protoBytes(5, "1234")), false)
	f.Fuzz(func(t *testing.T, meta, part string, whole bool) {
		key := slice{{0, 1}}.key("v")
		if whole {
			key = slice{{0, -1}}.key("v")
		}
		readV1(v1File(t, meta, [2]string{key, part}))
	})
}
