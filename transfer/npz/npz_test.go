package npz

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func parseBytes(b []byte) (*weights.File, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

// The files were written by NumPy: internal/golden/npzfiles.py.
func TestOpen(t *testing.T) {
	for _, name := range []string{"stored.npz", "compressed.npz"} {
		f, err := Open(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		x := []float32{0, 1, 2, 3, 4, 5}
		for name, want := range map[string]interface{}{
			"x": x, "fortran": x, "half": x, "big": []float64{0, 1, 2, 3, 4, 5}, "scalar": 7.0, "one": []int32{0, 1, 2, 3}, "u16": []int32{0, 65535},
			"u64": []int64{1 << 62}, "flags": []bool{true, false}, "dnn/hidden1/kernel": []float32{1, 2, 3, 4, 5, 6},
		} {
			v, err := f.Read(name)
			if err != nil {
				t.Error(err)
				continue
			}
			if !reflect.DeepEqual(v.Data(), want) {
				t.Errorf("%s is %v; want %v", name, v.Data(), want)
			}
		}
		if v, err := f.Read("empty"); err != nil || !v.Shape().Eq(tensor.Shape{0, 3}) {
			t.Errorf("empty: got %v", err)
		}
		if _, err := f.Read("text"); err == nil || !strings.Contains(err.Error(), "type string") {
			t.Errorf("text: got %v", err)
		}
		if got := fmt.Sprint(f.Names()); got != "[x fortran big half scalar one u16 u64 flags empty text dnn/hidden1/kernel]" {
			t.Errorf("names are %s", got)
		}
	}
	f, err := Open(filepath.Join("testdata", "single.npy"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := f.Read("array")
	if err != nil || !v.Shape().Eq(tensor.Shape{2, 3, 4}) {
		t.Fatal(err)
	}
	for i, got := range v.Data().([]int32) {
		if got != int32(i) {
			t.Fatalf("element %d is %d", i, got)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.npz")
	arrays := []weights.Named{
		{Name: "dnn/kernel", Value: tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, 2, 3, 4}))},
		{Name: "one", Value: tensor.New(tensor.WithShape(3), tensor.WithBacking([]int64{1, -2, 3}))},
		{Name: "scalar", Value: tensor.New(tensor.FromScalar(3.5))},
		{Name: "flags", Value: tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]bool{true, false}))},
		{Name: "bytes", Value: tensor.New(tensor.WithShape(2), tensor.WithBacking([]uint8{1, 255}))},
	}
	if err := Write(path, arrays); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, a := range arrays {
		v, err := f.Read(a.Name)
		if err != nil || !reflect.DeepEqual(v.Data(), a.Value.Data()) || !v.Shape().Eq(a.Value.Shape()) {
			t.Errorf("%s: got %v, %v; want %v", a.Name, v, err, a.Value)
		}
	}
	t.Run("NumPy", func(t *testing.T) {
		python := "/usr/bin/python3"
		if exec.Command(python, "-c", "import numpy").Run() != nil {
			t.Skip("there is no NumPy: apt-get install python3-numpy")
		}
		out, err := exec.Command(python, "-c", "import sys, numpy\nz = numpy.load(sys.argv[1])\nfor k in z: print(k, z[k].dtype, z[k].tolist())", path).CombinedOutput()
		want := "dnn/kernel float32 [[1.0, 2.0], [3.0, 4.0]]\none int64 [1, -2, 3]\nscalar float64 3.5\nflags bool [[True], [False]]\nbytes uint8 [1, 255]\n"
		if err != nil || string(out) != want {
			t.Errorf("NumPy reads %s, %v; want %s", out, err, want)
		}
	})
}

func TestWriteBadInput(t *testing.T) {
	x := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1}))
	path := filepath.Join(t.TempDir(), "f.npz")
	for want, arrays := range map[string][]weights.Named{
		`two arrays are called "x"`: {{Name: "x", Value: x}, {Name: "x", Value: x}},
		`"" is no name`:             {{Value: x}},
		"is nil":                    {{Name: "x"}},
		"dtype complex64":           {{Name: "x", Value: tensor.New(tensor.WithShape(1), tensor.WithBacking([]complex64{1}))}},
	} {
		if err := Write(path, arrays); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a file was written", want)
		}
	}
}

// npy makes an array whose header says text.
func npy(text, elements string) []byte {
	return append([]byte{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, byte(len(text)), byte(len(text) >> 8)}, text+elements...)
}

func TestBadInput(t *testing.T) {
	header := func(descr, order, shape string) string {
		return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":     {nil, "does not begin with"},
		"text":      {[]byte("hello, world"), "does not begin with"},
		"version":   {append([]byte("\x93NUMPY\x09\x00"), make([]byte, 10)...), "version 9"},
		"cut":       {npy(header("<f4", "False", "(1,)"), "")[:30], "cut off"},
		"huge":      {append([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), make([]byte, 10)...), "4294967295 bytes"},
		"code":      {npy("{'descr': '<f4', 'fortran_order': __import__('os'), 'shape': (1,), }", "1234"), "want descr"},
		"fields":    {npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "1234"), "want descr"},
		"dtype":     {npy(header("<c8", "False", "(1,)"), "12345678"), `dtype "<c8"`},
		"shape":     {npy(header("<f4", "False", "(99999999999999999999,)"), ""), "want sizes"},
		"too large": {npy(header("<f4", "False", "(1000000, 1000000)"), ""), "more than 2^36"},
		"short":     {npy(header("<f4", "False", "(1000000000,)"), "1234"), "needs 4000000000 bytes, but the file holds 4"},
		"fortran":   {npy(header("<f4", "True", "(2,3)"), "1234"), "needs 24 bytes"},
		"axes":      {npy(header("<f4", "False", "("+strings.Repeat("1,", 4000)+")"), "1234"), "4000 axes"},
		"archive":   {[]byte("PK\x03\x04 and so on"), "zip"},
	} {
		if _, err := parseBytes(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"a liar":         {compressed(npy(header("<f4", "False", "(100000,)"), "1234")), "ends after 4 of 400000 bytes"},
		"a large liar":   {compressed(npy(header("<f4", "False", "(1073741824,)"), "1234")), "compressed, its"},
		"a bomb":         {compressed(npy(header("|i1", "False", "(8000000,)"), strings.Repeat("\x00", 8000000))), "compressed, its"},
		"a scalar's row": {npy(header("<f4", "True", "("+strings.Repeat("1,", 200)+")"), "1234"), ""},
	} {
		weightstest.Bounded(t, c.b, 4, parseBytes)
		f, err := parseBytes(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Read(f.Names()[0]); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

// compressed makes an archive of an array.
func compressed(array []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("../x.npy")
	w.Write(array)
	z.Close()
	return b.Bytes()
}

// Archives whose members lie over each other, and arrays of as many axes as a header holds, take no more memory than others.
func TestMemory(t *testing.T) {
	axes := npy("{'descr': '<f4', 'fortran_order': False, 'shape': ("+strings.Repeat("1,", 4000)+"), }", "1234")
	if _, err := parseBytes(axes); err == nil || !strings.Contains(err.Error(), "has 4000 axes") {
		t.Errorf("got %v", err)
	}
	weightstest.Bounded(t, axes, 4, parseBytes)
	weightstest.Bounded(t, compressed(axes), 4, parseBytes)
	wide := npy("{'descr': '|i1', 'fortran_order': False, 'shape': (1000000,), }", strings.Repeat("1", 1000000))
	weightstest.Bounded(t, wide, 4, parseBytes)
	weightstest.Bounded(t, compressed(wide), 4, parseBytes)
}

func TestDamage(t *testing.T) {
	for _, name := range []string{"stored.npz", "compressed.npz", "single.npy"} {
		whole, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		weightstest.Damage(t, whole, 4, parseBytes)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"stored.npz", "compressed.npz", "single.npy"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseBytes) })
}

// A compressed array that stands for many times its archive is read into a variable, whose memory is there, but makes none.
func TestCompressedIntoVariable(t *testing.T) {
	const n = 2 << 20
	f, err := parseBytes(compressed(npy(fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }", n), strings.Repeat("\x00\x00\x80\x3f", n))))
	if err != nil {
		t.Fatal(err)
	}
	x := f.Tensors()[0]
	if _, err := x.Read(); err == nil || !strings.Contains(err.Error(), "compressed, its") {
		t.Errorf("Read: got %v", err)
	}
	g := graph.New(graph.Config{})
	v := graph.Variable(g.Scope(), "v", tensor.Shape{n}, graph.VariableConfig{Dtype: tensor.Float32, Initializer: weights.Initializer(x)})
	s, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := s.Run(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	if got := out[0].Data().([]float32); got[0] != 1 || got[n-1] != 1 {
		t.Errorf("the variable is %v to %v; want 1", got[0], got[n-1])
	}
}
