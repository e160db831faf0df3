package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func named(name string, value *tensor.Dense) weights.Named {
	return weights.Named{Name: name, Value: value}
}

// file makes a file of a header and elements.
func file(header string, elements string) []byte {
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), elements...)
}

// The example of the format's documentation, and the little file that the reference implementation's tests hold.
func TestParse(t *testing.T) {
	b := file(`{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}    `, strings.Repeat("\x01\x00\x00\x00", 4))
	f, err := Parse(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	v, err := f.Read("test")
	if err != nil || !reflect.DeepEqual(v.Data(), []int32{1, 1, 1, 1}) || !v.Shape().Eq(tensor.Shape{2, 2}) {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestRoundTrip(t *testing.T) {
	dense := func(shape []int, backing interface{}) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
	}
	large := make([]float32, 3*writeLarge+5)
	for i := range large {
		large[i] = float32(i)
	}
	transposed := dense([]int{2, 3}, []float64{1, 2, 3, 4, 5, 6})
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	tensors := []weights.Named{
		named("dnn/kernel", dense([]int{2, 2}, []float32{1, 2, 3, 4.5})),
		named("large", dense([]int{len(large)}, large)),
		named("transposed", transposed),
		named("i", dense([]int{3}, []int{1, -2, 3})),
		named("i32", dense([]int{1, 3}, []int32{1, -2, 3})),
		named("i64", dense([]int{3, 1}, []int64{1, -2, 1 << 60})),
		named("u8", dense([]int{2}, []uint8{0, 255})),
		named("b", dense([]int{2}, []bool{true, false})),
		named("scalar", tensor.New(tensor.FromScalar(float32(7)))),
		named("empty", tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(0, 3))),
		named(`name "with" <signs> ü`, dense([]int{1}, []float32{1})),
	}
	want := map[string]interface{}{"transposed": []float64{1, 4, 2, 5, 3, 6}, "i": []int64{1, -2, 3}, "scalar": float32(7), "empty": nil}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := Write(path, tensors, map[string]string{"format": "pt"}); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Metadata()["format"] != "pt" || len(f.Names()) != len(tensors) {
		t.Errorf("metadata %v, names %v", f.Metadata(), f.Names())
	}
	for i, n := range tensors {
		if f.Names()[i] != n.Name {
			t.Errorf("tensor %d is %q; want %q", i, f.Names()[i], n.Name)
		}
		v, err := f.Read(n.Name)
		if err != nil {
			t.Errorf("%q: %v", n.Name, err)
			continue
		}
		if !v.Shape().Eq(n.Value.Shape()) {
			t.Errorf("%q has shape %v; want %v", n.Name, v.Shape(), n.Value.Shape())
		}
		w, special := want[n.Name]
		if !special {
			w = n.Value.Data()
		}
		if w != nil && !reflect.DeepEqual(v.Data(), w) {
			t.Errorf("%q is %v; want %v", n.Name, v.Data(), w)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil || binary.LittleEndian.Uint64(b)%8 != 0 {
		t.Errorf("the elements begin at byte %d; want a multiple of 8", 8+binary.LittleEndian.Uint64(b))
	}
}

const writeLarge = 8192

func TestWriteBadInput(t *testing.T) {
	x := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1}))
	path := filepath.Join(t.TempDir(), "f")
	for name, c := range map[string]struct {
		tensors []weights.Named
		want    string
	}{
		"twice":    {[]weights.Named{named("x", x), named("x", x)}, `the name "x" is taken`},
		"metadata": {[]weights.Named{named("__metadata__", x)}, `the name "__metadata__" is taken`},
		"nil":      {[]weights.Named{named("x", nil)}, `tensor "x" is nil`},
		"dtype":    {[]weights.Named{named("x", tensor.New(tensor.WithShape(1), tensor.WithBacking([]complex64{1})))}, "has the dtype complex64"},
	} {
		if err := Write(path, c.tensors, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a file was written", name)
		}
	}
}

func TestParseBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":        {nil, "the file has 0 bytes"},
		"short":        {[]byte("1234567"), "the file has 7 bytes"},
		"header":       {file("{}", "")[:9], "cut off"},
		"huge header":  {binary.LittleEndian.AppendUint64(nil, 1<<63), "should have 9223372036854775808 bytes"},
		"no JSON":      {file("hello", ""), "no JSON object"},
		"array":        {file("[]", ""), "no JSON object"},
		"half":         {file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}`, "1"), "ends too soon"},
		"two":          {file(`{} {}`, ""), "more than one"},
		"twice":        {file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, "12"), `"x" twice`},
		"dtype":        {file(`{"x":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}`, "1"), `dtype "F8_E4M3"`},
		"gap":          {file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, "12"), "begin at 0"},
		"overlap":      {file(`{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, "12"), "begin at 2"},
		"no offsets":   {file(`{"x":{"dtype":"U8","shape":[0]}}`, ""), "lies in bytes -1 to -1"},
		"too much":     {file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, "12"), "1 bytes follow"},
		"too little":   {file(`{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}`, "12"), "to end by 2"},
		"shape":        {file(`{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}`, "12"), "takes 4 bytes, but 2"},
		"large":        {file(`{"x":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,2]}}`, "12"), "takes 4000000000 bytes"},
		"overflow":     {file(`{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, ""), "more than 2^36"},
		"negative":     {file(`{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}`, ""), "negative size"},
		"float shape":  {file(`{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,0]}}`, ""), `tensor "x"`},
		"metadata":     {file(`{"__metadata__":{"x":1}}`, ""), "__metadata__"},
		"axes":         {file(`{"x":{"dtype":"F32","shape":[1`+strings.Repeat(",1", 300)+`],"data_offsets":[0,4]}}`, "1234"), "301 axes"},
		"long entry":   {file(`{"x":{"dtype":"F32","shape":[1`+strings.Repeat(",1", 9000)+`],"data_offsets":[0,4]}}`, "1234"), "described by"},
		"deep nesting": {file(`{"x":`+strings.Repeat("[", 100000), ""), `tensor "x"`},
	} {
		if _, err := Parse(bytes.NewReader(c.b), int64(len(c.b))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("no error for a file that is not there")
	}
}

func parseBytes(b []byte) (*weights.File, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

func TestMemory(t *testing.T) {
	for name, header := range map[string]string{
		"axes":     `{"x":{"dtype":"F32","shape":[1` + strings.Repeat(",1", 500000) + `],"data_offsets":[0,4]}}`,
		"spaces":   strings.Repeat(" ", 1000000) + `{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
		"name":     `{"` + strings.Repeat("x", 1000000) + `":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
		"metadata": `{"__metadata__":{"` + strings.Repeat("x", 500000) + `":"` + strings.Repeat("x", 500000) + `"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
	} {
		t.Run(name, func(t *testing.T) { weightstest.Bounded(t, file(header, "1234"), 4, parseBytes) })
	}
}

func TestDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	x := tensor.New(tensor.WithShape(20, 10), tensor.WithBacking(make([]float32, 200)))
	if err := Write(path, []weights.Named{named("a", x), named("b", x)}, map[string]string{"k": "v"}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	weightstest.Damage(t, whole, 4, parseBytes)
}

// mnist.safetensors was written by dfdx; the expected values were computed for the test data.
func TestRealFile(t *testing.T) {
	path := weightstest.Published(t, "graphs", "mnist-mlp-safetensors", "mnist.safetensors")
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shapes := []string{}
	for _, x := range f.Tensors() {
		shapes = append(shapes, fmt.Sprint(x.Name, x.DType, x.Shape))
		if _, err := f.Read(x.Name); err != nil {
			t.Error(err)
		}
	}
	t.Log(shapes)
	if len(shapes) != 8 {
		t.Errorf("got %d tensors; want 8", len(shapes))
	}
}

func FuzzParse(f *testing.F) {
	f.Add(file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"a":"b"}}`, "1"))
	f.Add(file(`{"x":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},"y":{"dtype":"BOOL","shape":[],"data_offsets":[4,5]}}`, "12341"))
	f.Add(file(`{}`, ""))
	f.Fuzz(func(t *testing.T, b []byte) {
		weightstest.Fuzz(b, parseBytes)
	})
}
