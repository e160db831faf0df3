package tffile

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// everyType has a tensor of every dtype that can be written, with odd lengths and extreme values, in the order of
// names.
func everyType(t testing.TB) []Tensor {
	inf, nan := math.Inf(1), math.NaN()
	tensors := []Tensor{
		must(New("bool", []int{3}, []bool{true, false, true}))(t),
		must(New("complex128", nil, []complex128{complex(1, inf)}))(t),
		must(New("complex64", []int{1, 1}, []complex64{complex(1, -2)}))(t),
		must(New("empty", []int{0, 5}, []float32{}))(t),
		must(New("empty", []int{3}, []float64{nan, math.SmallestNonzeroFloat64, math.Copysign(0, -1)}))(t),
		must(New("float32", []int{2, 1, 3}, []float32{1, float32(inf), float32(nan), math.MaxFloat32, -1e-45, 0}))(t),
		must(New("int16", []int{2}, []int16{math.MinInt16, math.MaxInt16}))(t),
		must(New("int32", []int{2}, []int32{math.MinInt32, math.MaxInt32}))(t),
		must(New("int64", nil, []int64{math.MinInt64}))(t),
		must(New("int8", []int{3}, []int8{-128, 0, 127}))(t),
		must(NewStrings("string", []int{2, 2}, []string{"", "logits", "\x00\xff", strings.Repeat("long ", 100)}))(t),
		must(NewStrings("string_empty", []int{0}, nil))(t),
		must(New("uint16", []int{1}, []uint16{65535}))(t),
		must(New("uint32", []int{1}, []uint32{math.MaxUint32}))(t),
		must(New("uint64", []int{1}, []uint64{math.MaxUint64}))(t),
		must(New("uint8", []int{5}, []uint8{0, 1, 2, 254, 255}))(t),
		{Name: "zz_bfloat16", DType: BFloat16, Shape: []int{2}, Data: []byte{0x80, 0x3f, 0x20, 0xc1}},
		{Name: "zz_float16", DType: Float16, Shape: []int{2}, Data: []byte{0x00, 0x3c, 0x00, 0xc9}},
		{Name: "zz_qint32", DType: QInt32, Shape: []int{1}, Data: []byte{1, 2, 3, 4}},
	}
	tensors[4].Name = "float64"
	return tensors
}

func sameTensor(a, b Tensor) bool {
	return a.Name == b.Name && a.DType == b.DType && slices.Equal(a.Shape, b.Shape) && bytes.Equal(a.Data, b.Data) && slices.Equal(a.Strings, b.Strings)
}

func TestWriteRead(t *testing.T) {
	tensors := everyType(t)
	prefix := filepath.Join(t.TempDir(), "model [1]*.ckpt")
	if err := Write(prefix, tensors); err != nil {
		t.Fatal(err)
	}
	r, err := Open(prefix)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var names []string
	for _, want := range tensors {
		names = append(names, want.Name)
		got, err := r.Read(want.Name)
		if err != nil {
			t.Error(err)
		} else if !sameTensor(got, want) {
			t.Errorf("%s: read %+v, wrote %+v", want.Name, got, want)
		}
	}
	slices.Sort(names)
	if !slices.Equal(r.Names(), names) {
		t.Errorf("names %v, want %v", r.Names(), names)
	}
	if err := r.bundle.verify(true); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"missing", ""} {
		if _, ok := r.Entry(name); ok {
			t.Errorf("entry %q exists", name)
		}
		if _, err := r.Read(name); err == nil || !strings.Contains(err.Error(), "no tensor") || !strings.Contains(err.Error(), "bool, complex128") {
			t.Errorf("read %q: %v", name, err)
		}
	}
	if files, _ := os.ReadDir(filepath.Dir(prefix)); len(files) != 2 {
		t.Errorf("%d files after a save, want 2", len(files))
	}

	// Several goroutines share one reader.
	var wg sync.WaitGroup
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for _, want := range tensors {
				if got, err := r.Read(want.Name); err != nil || !sameTensor(got, want) {
					t.Error(want.Name, err)
				}
			}
		}()
	}
	wg.Wait()

	if !Exists(prefix) {
		t.Error("the checkpoint does not exist")
	}
	if err := Remove(prefix); err != nil {
		t.Error(err)
	}
	if files, _ := os.ReadDir(filepath.Dir(prefix)); len(files) != 0 || Exists(prefix) {
		t.Errorf("%d files after Remove, want 0", len(files))
	}
}

func TestValues(t *testing.T) {
	h := Tensor{Name: "h", DType: Float16, Shape: []int{9}, Data: []byte{0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x00, 0x04, 0x01, 0x00, 0xff, 0x03, 0x00, 0x80, 0x00, 0x7c, 0x01, 0xfe}}
	got, err := Values[float32](h)
	if err != nil {
		t.Fatal(err)
	}
	// IEEE 754 binary16: 1, -2, largest, smallest normal, smallest and largest subnormal, -0, infinity, NaN with payload.
	for i, want := range []uint32{0x3f800000, 0xc0000000, 0x477fe000, 0x38800000, 0x33800000, 0x387fc000, 0x80000000, 0x7f800000, 0xffc02000} {
		if math.Float32bits(got[i]) != want {
			t.Errorf("half %d: %08x, want %08x", i, math.Float32bits(got[i]), want)
		}
	}
	b, err := Values[float32](Tensor{DType: BFloat16, Shape: []int{2}, Data: []byte{0x80, 0x3f, 0x20, 0xc1}})
	if err != nil || b[0] != 1 || b[1] != -10 {
		t.Error(b, err)
	}
	if q, err := Values[int32](Tensor{DType: QInt32, Data: []byte{1, 0, 0, 0}}); err != nil || q[0] != 1 {
		t.Error(q, err)
	}
	if v, err := Values[bool](Tensor{DType: Bool, Shape: []int{2}, Data: []byte{0, 1}}); err != nil || v[0] || !v[1] {
		t.Error(v, err)
	}
	if _, err := Values[float64](h); err == nil || !strings.Contains(err.Error(), "float16") {
		t.Error(err)
	}
	if _, err := Values[float32](Tensor{DType: Float32, Shape: []int{2}, Data: make([]byte, 7)}); err == nil {
		t.Error("7 bytes passed for two float32")
	}
	if _, err := New("x", []int{2, 2}, []float32{1}); err == nil || !strings.Contains(err.Error(), "[2 2] holds 4 elements, 1") {
		t.Error(err)
	}
	for _, shape := range [][]int{{-1}, {math.MaxInt, math.MaxInt}, make([]int, 255)} {
		if _, err := New("x", shape, []float32{}); err == nil {
			t.Errorf("shape %v was taken", shape)
		}
	}
	if got := []string{Float32.String(), DType(99).String(), DType(-1).String()}; !slices.Equal(got, []string{"float32", "DataType(99)", "DataType(-1)"}) {
		t.Error(got)
	}
}

func TestAddRefuses(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	w, err := Create(prefix)
	if err != nil {
		t.Fatal(err)
	}
	good := must(New("a", nil, []float32{1}))(t)
	if err := w.Add(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tensor Tensor
		want   string
	}{
		{good, "added before"},
		{must(New("", nil, []float32{1}))(t), "empty"},
		{must(New("\x00a", nil, []float32{1}))(t), "NUL"},
		{Tensor{Name: "b", DType: Float32, Shape: []int{2}, Data: make([]byte, 4)}, "2 elements of 4 bytes"},
		{Tensor{Name: "b", DType: String, Shape: []int{2}}, "wants 2 Strings"},
		{Tensor{Name: "b", DType: Variant}, "variant is not supported"},
	} {
		if err := w.Add(c.tensor); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.tensor, err, c.want)
		}
	}
	if err := w.Commit(); err != nil { // still usable
		t.Fatal(err)
	}
	if err := w.Add(good); err == nil || w.Commit() == nil || w.Abort() != nil {
		t.Error("a committed writer must refuse Add and Commit, and let Abort pass")
	}
	if r, err := Open(prefix); err != nil || len(r.Names()) != 1 {
		t.Error(err)
	}
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	os.WriteFile(file, nil, 0o644)
	for _, c := range []struct{ prefix, want string }{{"", "prefix"}, {filepath.Join(dir, "no", "m"), "must exist"}, {filepath.Join(file, "m"), "folder"}} {
		if _, err := Create(c.prefix); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.prefix, err)
		}
	}
}

func TestOpenMissing(t *testing.T) {
	dir := t.TempDir()
	prefix := filepath.Join(dir, "m.ckpt")
	if err := Write(prefix, everyType(t)); err != nil {
		t.Fatal(err)
	}
	v1 := filepath.Join(dir, "v1.ckpt")
	os.WriteFile(v1, []byte("old"), 0o644)
	lonely := filepath.Join(dir, "lonely")
	index, _ := os.ReadFile(prefix + ".index")
	os.WriteFile(lonely+".index", index, 0o644)
	for _, c := range []struct{ prefix, want string }{
		{prefix + ".index", "without .index"}, {prefix + ".data-00000-of-00001", "without .data-"}, {prefix + ".meta", "without .meta"},
		{v1, "V1"}, {dir, "a folder"}, {filepath.Join(dir, "none"), "open checkpoint"}, {lonely, "copy them too"},
	} {
		_, err := Open(c.prefix)
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.prefix, err, c.want)
		}
	}
}

// Every damaged byte and every cut of the data must be noticed by Open or Read.
func TestDataDamage(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "m")
	if err := Write(prefix, everyType(t)); err != nil {
		t.Fatal(err)
	}
	path := dataPath(prefix, 0, 1)
	data, _ := os.ReadFile(path)
	readAll := func() error {
		r, err := Open(prefix)
		if err != nil {
			return err
		}
		defer r.Close()
		for _, name := range r.Names() {
			if _, err := r.Read(name); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range data {
		damaged := bytes.Clone(data)
		damaged[i] ^= 0x80
		os.WriteFile(path, damaged, 0o644)
		if err := readAll(); err == nil || !strings.Contains(err.Error(), `tensor "`) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		os.WriteFile(path, data[:i], 0o644)
		if err := readAll(); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	os.WriteFile(path, append(bytes.Clone(data), 0, 0), 0o644) // padding is legal
	if err := readAll(); err != nil {
		t.Error(err)
	}
}

// protoBytes encodes a message from (field, value) pairs: int is a varint, uint32 fixed32, string bytes.
func protoBytes(fields ...any) string {
	var b []byte
	for i := 0; i < len(fields); i += 2 {
		n := protowire.Number(fields[i].(int))
		switch v := fields[i+1].(type) {
		case int:
			b = protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), uint64(v))
		case uint32:
			b = protowire.AppendFixed32(protowire.AppendTag(b, n, protowire.Fixed32Type), v)
		case string:
			b = protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), []byte(v))
		}
	}
	return string(b)
}

func TestBundleHeader(t *testing.T) {
	if got := hex.EncodeToString(bundleHeader{shards: 1}.encode()); got != "08011a020801" { // as in TensorFlow's files
		t.Error(got)
	}
	for _, c := range []struct{ message, want string }{
		{protoBytes(1, 3, 2, 0, 3, protoBytes(1, 1, 2, 1, 3, 7)), ""},
		{protoBytes(1, 1, 9, "unknown", 10, 5, 11, uint32(1)), ""},
		{protoBytes(1, 1, 2, 1), "big-endian"},
		{protoBytes(1, 1, 3, protoBytes(2, 2)), "wants readers of checkpoint version 2"},
		{protoBytes(1, 1, 3, protoBytes(3, 1)), "bars"},
		{protoBytes(1, 1, 3, protoBytes(3, "\x02\x01")), "bars"},
		{protoBytes(), "0 shards"},
		{protoBytes(1, -1), "-1 shards"},
		{protoBytes(1, 100000), "100000 shards"},
		{protoBytes(1, "x"), "wire type"},
		{"\x08", "bundle header"},
		{"\x1a\xff\xff\xff\xff\x0f", "bundle header"},
		{"\x00", "bundle header"},
	} {
		h, err := parseBundleHeader([]byte(c.message))
		if c.want == "" && (err != nil || h.shards < 1) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%x: %v, %v, want %q", c.message, h, err, c.want)
		}
	}
}

func TestBundleEntry(t *testing.T) {
	dim := func(n int) string { return protoBytes(2, protoBytes(1, n)) }
	for _, c := range []struct{ message, want string }{
		{protoBytes(1, 1, 2, dim(2)+dim(3), 3, 4, 4, 5, 5, 24, 6, uint32(7)), ""},
		{protoBytes(1, 7, 2, "", 5, 5), ""},
		{protoBytes(1, 21, 2, dim(1), 5, 50), ""}, // variant: listed, not read
		{protoBytes(1, 1, 2, dim(2), 5, 4), "stored size of 4"},
		{protoBytes(1, 1, 2, dim(-1), 5, 4), "size -1"},
		{protoBytes(1, 1, 2, protoBytes(3, 1), 5, 4), "unknown rank"},
		{protoBytes(1, 1, 2, dim(math.MaxInt)+dim(3), 5, 4), "63 bits"},
		{protoBytes(1, 2, 2, dim(math.MaxInt/4), 5, 4), "cannot have"},
		{protoBytes(1, 1, 2, strings.Repeat(dim(1), 255), 5, 4), "rank over 254"},
		{protoBytes(1, 7, 2, dim(100), 5, 50), "100 strings"},
		{protoBytes(1, 1, 4, -1, 5, 4), "negative"},
		{protoBytes(1, 1, 4, math.MaxInt, 5, 4), "overflow"},
		{protoBytes(1, 1<<40), "dtype"},
		{protoBytes(3, 1<<40), "shard"},
		{protoBytes(6, 5), "wire type"},
		{protoBytes(1, 1, 2, dim(2), 7, protoBytes(1, protoBytes(1, -5))), "negative bound"},
	} {
		_, err := parseBundleEntry([]byte(c.message), nil)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%x: %v, want %q", c.message, err, c.want)
		}
	}
	for _, tensor := range everyType(t) {
		e := bundleEntry{dtype: tensor.DType, shape: tensor.Shape, offset: 3, size: int64(len(tensor.Data)) + 20, crc: unmask(0)}
		if tensor.DType != String {
			e.size -= 20
		}
		got, err := parseBundleEntry(e.encode(), nil)
		if err != nil || got.dtype != e.dtype || !slices.Equal(got.shape, e.shape) || got.offset != 3 || got.size != e.size || got.crc != e.crc {
			t.Errorf("%+v came back as %+v, %v", e, got, err)
		}
	}
}

// crc32c of "123456789" is the check value of the Castagnoli polynomial; the masked value was computed in Python from
// the formula of crc32c.h: ((c >> 15 | c << 17) + 0xa282ead8) & 0xffffffff.
func TestChecksum(t *testing.T) {
	crc := checksum(checksum(0, []byte("1234")), []byte("56789"))
	if crc != 0xe3069283 || mask(crc) != 0xc78ab0e5 {
		t.Errorf("%08x, masked %08x", crc, mask(crc))
	}
	for _, v := range []uint32{0, 1, 0xffffffff, 0xe3069283} {
		if unmask(mask(v)) != v || mask(v) == v {
			t.Errorf("mask(%08x) = %08x, back %08x", v, mask(v), unmask(mask(v)))
		}
	}
}

// The examples are those of the comment in ordered_code.cc, and its tables of header bits.
func TestOrderedCode(t *testing.T) {
	for _, c := range []struct {
		v    int64
		want string
	}{{0, "80"}, {63, "bf"}, {64, "c040"}, {-1, "7f"}, {-64, "40"}, {-65, "3fbf"}, {0x424242, "f0424242"}, {-0x800, "3800"},
		{math.MaxInt64, "ffc07fffffffffffffff"}, {math.MinInt64, "003f8000000000000000"}, {1 << 55, "ff8080000000000000" + ""}} {
		if got := hex.EncodeToString(appendOrderedInt(nil, c.v)); got != c.want {
			t.Errorf("int %d: %s, want %s", c.v, got, c.want)
		}
	}
	for _, c := range []struct {
		v    uint64
		want string
	}{{0, "00"}, {1, "0101"}, {255, "01ff"}, {256, "020100"}, {math.MaxUint64, "08ffffffffffffffff"}} {
		if got := hex.EncodeToString(appendOrderedUint(nil, c.v)); got != c.want {
			t.Errorf("uint %d: %s, want %s", c.v, got, c.want)
		}
	}
	if got := hex.EncodeToString(appendOrderedString(nil, "a\x00\x13\xff")); got != "6100ff13ff000001" {
		t.Error(got)
	}
}

// partitionedBundle writes a bundle by hand: shape [4 6] of int32 counting up, in the given slices, in two shards.
func partitionedBundle(t *testing.T, cuts []slice) string {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "m")
	shape := []int{4, 6}
	data := [2][]byte{}
	entries := map[string][]byte{"": bundleHeader{shards: 2}.encode()}
	dims := protoBytes(2, protoBytes(1, 4), 2, protoBytes(1, 6))
	full := protoBytes(1, int(Int32), 2, dims)
	for i, cut := range cuts {
		extents := ""
		for _, e := range cut {
			if e.length < 0 {
				extents += protoBytes(1, "")
			} else {
				extents += protoBytes(1, protoBytes(1, int(e.start), 2, int(e.length)))
			}
		}
		full += protoBytes(7, extents)
		start, size, err := cut.within(shape)
		if err != nil {
			continue
		}
		var values []int32
		for y := start[0]; y < start[0]+size[0]; y++ {
			for x := start[1]; x < start[1]+size[1]; x++ {
				values = append(values, int32(6*y+x))
			}
		}
		part := must(New("part", size, values))(t)
		d := &data[i%2]
		entries[cut.key("embedding")] = bundleEntry{dtype: Int32, shape: size, shard: i % 2, offset: int64(len(*d)), size: int64(len(part.Data)), crc: checksum(0, part.Data)}.encode()
		*d = append(*d, part.Data...)
	}
	entries["embedding"] = []byte(full)
	table := newTableWriter()
	keys := []string{}
	for k := range entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if err := table.add(k, entries[k]); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile(indexPath(prefix), table.finish(), 0o644)
	for i := range data {
		os.WriteFile(dataPath(prefix, i, 2), data[i], 0o644)
	}
	return prefix
}

func TestPartitioned(t *testing.T) {
	all := extent{0, -1}
	for _, c := range []struct {
		cuts []slice
		want string
	}{
		{[]slice{{{0, 1}, all}, {{1, 3}, all}}, ""},
		{[]slice{{all, {0, 2}}, {all, {2, 1}}, {all, {3, 3}}}, ""},
		{[]slice{{{0, 2}, {0, 5}}, {{0, 2}, {5, 1}}, {{2, 2}, {0, 3}}, {{2, 2}, {3, 3}}}, ""},
		{[]slice{{{0, 2}, all}, {{2, 1}, all}}, "do not cover"},
		{[]slice{{{0, 3}, all}, {{2, 2}, all}}, "overlap"},
		{[]slice{{{0, 3}, all}, {{3, 2}, all}}, "a slice from 3 of length 2 on axis 0"},
		{[]slice{{{0, 4}}}, "rank 1"},
		{[]slice{{{0, 4}, {math.MaxInt64, 1}}}, "on axis 1"},
	} {
		prefix := partitionedBundle(t, c.cuts)
		r, err := Open(prefix)
		if err == nil {
			defer r.Close()
			if names := r.Names(); !slices.Equal(names, []string{"embedding"}) {
				t.Errorf("%v: names %q", c.cuts, names)
			}
			var tensor Tensor
			if tensor, err = r.Read("embedding"); err == nil {
				got, _ := Values[int32](tensor)
				for i, v := range got {
					if int(v) != i {
						t.Fatalf("%v: element %d is %d", c.cuts, i, v)
					}
				}
				if len(got) != 24 {
					t.Errorf("%v: %d elements", c.cuts, len(got))
				}
			}
		}
		// A slice that fits nowhere leaves no data, so already the size bound speaks up.
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) && !strings.Contains(err.Error(), "all data files hold")) {
			t.Errorf("%v: %v, want %q", c.cuts, err, c.want)
		}
	}
	// The key of a slice as TensorFlow's EncodeTensorNameSlice builds it: 0, name, rank 2, (0, 1), (0, -1).
	if got := hex.EncodeToString([]byte(slice{{0, 1}, all}.key("v"))); got != "00760001"+"0102"+"8081"+"807f" {
		t.Error(got)
	}
}

func TestStringTensorDamage(t *testing.T) {
	encoded, _ := encodeStrings([]string{"ab", "", "cde"})
	for _, c := range []struct {
		b    []byte
		n    int64
		want string
	}{
		{encoded, 1 << 40, "cannot be stored"},
		{encoded, 2, "damaged"},
		{encoded[:3], 3, "checksum of the string lengths is cut"},
		{encoded[:len(encoded)-1], 3, "bytes, 2 are left"},
		{append(bytes.Clone(encoded), 0), 3, "1 bytes follow"},
		{[]byte{0x80, 0x80}, 1, "cut off"},
	} {
		if _, _, err := decodeStrings(c.b, c.n, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%x, %d: %v, want %q", c.b, c.n, err, c.want)
		}
	}
}

func Example() {
	dir, err := os.MkdirTemp("", "checkpoint")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	prefix := filepath.Join(dir, "my_model.ckpt")

	kernel, err := New("hidden1/kernel", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6})
	if err == nil {
		err = Write(prefix, []Tensor{kernel})
	}
	if err == nil {
		err = WriteState(dir, State{Latest: prefix})
	}
	if err != nil {
		panic(err)
	}

	state, err := ReadState(dir)
	if err != nil {
		panic(err)
	}
	r, err := Open(state.Latest)
	if err != nil {
		panic(err)
	}
	defer r.Close()
	for _, name := range r.Names() {
		t, err := r.Read(name)
		if err != nil {
			panic(err)
		}
		values, err := Values[float32](t)
		fmt.Println(name, t.DType, t.Shape, values, err)
	}
	// Output: hidden1/kernel float32 [2 3] [1 2 3 4 5 6] <nil>
}
