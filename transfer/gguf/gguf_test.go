package gguf

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func parseBytes(b []byte) (*weights.File, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The files were made from the description of the format: internal/golden/gguffiles.py.
func TestOpen(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "all.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, want := range map[string]interface{}{
		"f32": []float32{0, 1, -2, 3, -4, 5}, "f16": []float32{0, 1, -2, 3, -4, 5}, "f64": []float64{0, 1, -2, 3, -4, 5}, "bf16": []float32{1, -5},
		"i8": []int32{0, 1, -2, 3, -4, 5}, "i16": []int32{0, 1, -2, 3, -4, 5}, "i32": []int32{0, 1, -2, 3, -4, 5}, "i64": []int64{0, 1, -2, 3, -4, 5},
	} {
		v, err := f.Read(name)
		if err != nil || !reflect.DeepEqual(v.Data(), want) {
			t.Errorf("%s: got %v, %v; want %v", name, v, err, want)
		}
		if x, _ := f.Lookup(name); name != "bf16" && !reflect.DeepEqual(x.Shape, []int{3, 2}) {
			t.Errorf("%s has the shape %v; want [3 2]", name, x.Shape)
		}
	}
	for _, name := range []string{"q4_0", "q4_1", "q5_0", "q5_1", "q8_0"} {
		got, err := f.Read(name)
		if err != nil {
			t.Error(err)
			continue
		}
		want, err := f.Read(name + ".values")
		if err != nil || !got.Shape().Eq(want.Shape()) {
			t.Errorf("%s: shapes %v and %v, %v", name, got.Shape(), want.Shape(), err)
			continue
		}
		for i, v := range want.Data().([]float32) {
			if got.Data().([]float32)[i] != v {
				t.Errorf("%s: element %d is %v; want %v", name, i, got.Data().([]float32)[i], v)
			}
		}
	}
	if x, ok := f.Lookup("q6_k"); !ok || x.DType != weights.Other || !reflect.DeepEqual(x.Shape, []int{1, 256}) {
		t.Errorf("q6_k is %v%v", x.DType, x.Shape)
	}
	if _, err := f.Read("q6_k"); err == nil || !strings.Contains(err.Error(), "elements of type other") {
		t.Errorf("q6_k: got %v", err)
	}
	long := "["
	for i := range 32 {
		long += string(rune('0'+i/10)) + string(rune('0'+i%10)) + " "
	}
	long = strings.ReplaceAll(strings.ReplaceAll(long, "[0", "["), " 0", " ") + "... 100 elements]"
	want := map[string]string{"general.architecture": "test", "general.name": "ü", "u8": "255", "i8": "-1", "u16": "65535", "i16": "-2", "u32": "2147483648", "i32": "-3", "f32": "0.1",
		"yes": "true", "words": "[a b]", "long": long, "nested": "[[1 2] []]", "u64": "9223372036854775808", "i64": "-4", "f64": "0.1"}
	if got := f.Metadata(); !reflect.DeepEqual(got, want) {
		t.Errorf("the metadata are %q; want %q", got, want)
	}
}

func TestVersion2(t *testing.T) {
	f, err := parseBytes(load(t, "aligned.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]interface{}{"a": []int32{1, 2, 3}, "b": []int32{4}} {
		if v, err := f.Read(name); err != nil || !reflect.DeepEqual(v.Data(), want) {
			t.Errorf("%s: got %v, %v; want %v", name, v, err, want)
		}
	}
}

// A tensor of several buffers of blocks, read in pieces that end anywhere.
func TestLongRows(t *testing.T) {
	const n = 1 << 14
	var raw []byte
	for i := range n / 32 {
		raw = binary.LittleEndian.AppendUint16(raw, 0x3c00) // a scale of 1
		for j := range 32 {
			raw = append(raw, byte(int8((32*i+j)%251-125)))
		}
	}
	f, err := parseBytes(file(3, nil, one("w", 8, 0, n), raw))
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Read("w")
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range v.Data().([]float32) {
		if want := float32(i%251 - 125); got != want {
			t.Fatalf("element %d is %v; want %v", i, got, want)
		}
	}
}

func text(s string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(s))), s...)
}

// pair is a pair of metadata.
func pair(key string, kind uint32, value ...byte) []byte {
	return append(binary.LittleEndian.AppendUint32(text(key), kind), value...)
}

// one is the description of a tensor, with its axes as the file has them.
func one(name string, kind uint32, offset uint64, axes ...uint64) []byte {
	b := binary.LittleEndian.AppendUint32(text(name), uint32(len(axes)))
	for _, n := range axes {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(b, kind), offset)
}

// file makes a file of a pair of metadata or nil, a tensor or nil, and elements.
func file(version uint32, pair, tensor, elements []byte) []byte {
	count := func(b []byte) uint64 { return uint64(min(1, len(b))) }
	b := binary.LittleEndian.AppendUint32([]byte("GGUF"), version)
	b = binary.LittleEndian.AppendUint64(b, count(tensor))
	b = binary.LittleEndian.AppendUint64(b, count(pair))
	b = append(append(b, pair...), tensor...)
	return append(append(b, make([]byte, -len(b)&31)...), elements...)
}

func TestBadInput(t *testing.T) {
	u32 := func(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }
	u64 := func(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	four := []byte{1, 2, 3, 4}
	deep := u32(9)
	for range 1000 {
		deep = join(deep, u64(1), u32(9))
	}
	alignment := func(n uint32) []byte { return pair("general.alignment", 4, u32(n)...) }
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":             {nil, "ends at byte 0"},
		"text":              {[]byte("hello, world"), `begins with "hell"`},
		"version 1":         {file(1, nil, nil, nil), "version 1"},
		"version 4":         {file(4, nil, nil, nil), "version 4"},
		"big-endian":        {file(3<<24, nil, nil, nil), "big-endian"},
		"cut":               {file(3, nil, nil, nil)[:20], "ends at byte 20"},
		"many tensors":      {join([]byte("GGUF"), u32(3), u64(1<<60), u64(0)), "1152921504606846976 tensors"},
		"many pairs":        {join([]byte("GGUF"), u32(3), u64(0), u64(1<<60)), "1152921504606846976 metadata"},
		"long key":          {join([]byte("GGUF"), u32(3), u64(0), u64(1), u64(1<<63), make([]byte, 50)), "a text of 9223372036854775808 bytes"},
		"long name":         {join([]byte("GGUF"), u32(3), u64(1), u64(0), u64(1<<62), make([]byte, 50)), "a text of 4611686018427387904 bytes"},
		"type":              {file(3, pair("k", 13, 0), nil, four), "type 13"},
		"array type":        {file(3, pair("k", 9, join(u32(13), u64(1))...), nil, four), "type 13"},
		"long array":        {file(3, pair("k", 9, join(u32(0), u64(1<<40))...), nil, four), "an array of 1099511627776 elements"},
		"deep nesting":      {file(3, pair("k", 9, deep...), nil, four), "more than 4 deep"},
		"twice":             {join([]byte("GGUF"), u32(3), u64(0), u64(2), pair("k", 0, 1), pair("k", 0, 1)), `"k": it stands there twice`},
		"alignment":         {file(3, alignment(0), nil, four), `alignment is "0"`},
		"large alignment":   {file(3, alignment(1<<31), nil, four), `alignment is "2147483648"`},
		"odd alignment":     {file(3, alignment(12), nil, four), `alignment is "12"`},
		"no axes":           {file(3, nil, one("w", 24, 0), four), "has 0 axes"},
		"many axes":         {file(3, nil, one("w", 24, 0, 1, 1, 1, 1, 1), four), "has 5 axes"},
		"large shape":       {file(3, nil, one("w", 0, 0, 1000000000), four), "needs 4000000000 bytes"},
		"huge axis":         {file(3, nil, one("w", 0, 0, 1<<63), four), "axis of size 9223372036854775808"},
		"overflow":          {file(3, nil, one("w", 0, 0, 1<<32, 1<<32), four), "more than 2^36"},
		"large blocks":      {file(3, nil, one("w", 2, 0, 1<<30), four), "needs 603979776 bytes"},
		"half a block":      {file(3, nil, one("w", 2, 0, 33), make([]byte, 100)), "rows of 33 elements"},
		"offset":            {file(3, nil, one("w", 24, 1<<63, 4), four), "begins at byte 9223372036854775808"},
		"odd offset":        {file(3, nil, one("w", 24, 4, 4), make([]byte, 100)), "want a multiple of 32"},
		"short":             {file(3, nil, one("w", 24, 0, 5), four), "needs 5 bytes"},
		"two of that name":  {join([]byte("GGUF"), u32(3), u64(2), u64(0), one("w", 24, 0, 1), one("w", 24, 0, 1), make([]byte, 64)), `two tensors are called "w"`},
		"ends in the names": {join([]byte("GGUF"), u32(3), u64(2), u64(0), one("w", 24, 0, 1), make([]byte, 30)[:24]), "has 0 axes"},
	} {
		if _, err := parseBytes(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.gguf")); err == nil {
		t.Error("no error for a file that is not there")
	}
}

func TestDamage(t *testing.T) {
	weightstest.Damage(t, load(t, "all.gguf"), 8, parseBytes)
	weightstest.Damage(t, load(t, "aligned.gguf"), 8, parseBytes)
}

func FuzzParse(f *testing.F) {
	f.Add(load(f, "all.gguf"))
	f.Add(load(f, "aligned.gguf"))
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseBytes) })
}
