package pytorch

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func parseBytes(b []byte) (*weights.File, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

// both runs a test on a file in both forms. The files were written by PyTorch: internal/golden/pytorchfiles.py.
func both(t *testing.T, name string, test func(t *testing.T, f *weights.File)) {
	t.Helper()
	for _, form := range []string{name + ".pt", name + ".legacy.pt"} {
		t.Run(form, func(t *testing.T) {
			f, err := Open(filepath.Join("testdata", form))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			test(t, f)
		})
	}
}

func TestStateDict(t *testing.T) {
	both(t, "state", func(t *testing.T, f *weights.File) {
		for _, c := range []struct {
			name  string
			shape tensor.Shape
			want  interface{}
		}{
			{"conv.weight", tensor.Shape{2, 3, 1, 2}, []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
			{"conv.bias", tensor.Shape{2}, []float32{1, 2}},
			{"half", tensor.Shape{3}, []float32{2, 3, 4}},
			{"bfloat", tensor.Shape{3}, []float32{3, 4, 5}},
			{"double", tensor.Shape{2, 2}, []float64{4, 5, 6, 7}},
			{"long", tensor.Shape{}, int64(5)},
			{"int", tensor.Shape{3}, []int32{6, 7, 8}},
			{"byte", tensor.Shape{3}, []uint8{7, 8, 9}},
			{"flags", tensor.Shape{3}, []bool{true, false, true}},
			{"transposed", tensor.Shape{3, 2}, []float32{8, 11, 9, 12, 10, 13}},
			{"view", tensor.Shape{2, 2}, []float32{14, 15, 18, 19}},
			{"shared", tensor.Shape{2}, []float32{1, 2}},
		} {
			v, err := f.Read(c.name)
			if err != nil {
				t.Error(err)
				continue
			}
			if !reflect.DeepEqual(v.Data(), c.want) || !v.Shape().Eq(c.shape) {
				t.Errorf("%s is %v of shape %v; want %v of shape %v", c.name, v.Data(), v.Shape(), c.want, c.shape)
			}
		}
		if v, err := f.Read("empty"); err != nil || !v.Shape().Eq(tensor.Shape{0, 3}) {
			t.Errorf("empty: %v", err)
		}
		if got := len(f.Names()); got != 13 || f.Names()[0] != "conv.weight" {
			t.Errorf("got %v", f.Names())
		}
	})
}

func TestCheckpoint(t *testing.T) {
	both(t, "checkpoint", func(t *testing.T, f *weights.File) {
		if got := strings.Join(f.Names(), " "); got != "state_dict.module.fc.weight optimizer.state.0.momentum_buffer" {
			t.Errorf("tensors are %s", got)
		}
		v, err := f.Read("optimizer.state.0.momentum_buffer")
		if err != nil || !reflect.DeepEqual(v.Data(), []float32{1, 2, 3, 4}) {
			t.Errorf("got %v, %v", v, err)
		}
		for k, want := range map[string]string{"epoch": "90", "arch": "net", "best_acc1": "92.5", "done": "true", "args.lr": "0.1", "optimizer.param_groups.0.lr": "0.1",
			"shape.1": "2", "long": "1099511627776", "negative": "-300"} {
			if got := f.Metadata()[k]; got != want {
				t.Errorf("%s is %q; want %q", k, got, want)
			}
		}
	})
}

func TestTensor(t *testing.T) {
	both(t, "tensor", func(t *testing.T, f *weights.File) {
		if v, err := f.Read("tensor"); err != nil || !reflect.DeepEqual(v.Data(), []float32{0, 1, 2}) {
			t.Errorf("got %v, %v", v, err)
		}
	})
}

func TestQuantized(t *testing.T) {
	both(t, "quantized", func(t *testing.T, f *weights.File) {
		if v, err := f.Read("q"); err != nil || !reflect.DeepEqual(v.Data(), []float32{0, 1, 2, 3}) {
			t.Errorf("got %v, %v", v, err)
		}
	})
}

func TestRefused(t *testing.T) {
	for name, want := range map[string]string{"evil.pt": "wants to call posix.system", "evil.legacy.pt": "wants to call posix.system", "module.pt": "torch.nn.modules.linear.Linear"} {
		if _, err := Open(filepath.Join("testdata", name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", name, err, want)
		}
	}
	if _, err := os.Stat("owned"); err == nil {
		t.Error("the file's code has run")
	}
}

// pickled is a legacy file whose value a program makes.
func pickled(program string) []byte {
	head := "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19." + "\x80\x02M\xe9\x03." + "\x80\x02}."
	return []byte(head + program)
}

func TestBadInput(t *testing.T) {
	nested := "\x80\x02" + strings.Repeat("]", 100) + strings.Repeat("a", 99) + "."
	storage := "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuJ\xff\xff\xff\x7ftQK\x00"
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":          {nil, "neither as a zip archive nor"},
		"text":           {[]byte("hello"), "neither as a zip archive nor"},
		"archive":        {[]byte("PK\x03\x04 and so on"), "zip"},
		"cut":            {pickled("\x80\x02}q"), "cut off"},
		"call":           {pickled("\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R."), "wants to call os.system"},
		"stack global":   {pickled("\x80\x04\x8c\x02os\x8c\x06system\x93)R."), "wants to call os.system"},
		"new object":     {pickled("\x80\x02csubprocess\nPopen\n)\x81."), "wants to call subprocess.Popen"},
		"instruction":    {pickled("\x80\x02\x82\x01."), "0x82"},
		"INST":           {pickled("(ios\nsystem\n."), "0x69"},
		"empty stack":    {pickled("\x80\x02a."), "stack is empty"},
		"no mark":        {pickled("\x80\x02}e."), "no mark"},
		"memo":           {pickled("\x80\x02h\x07."), "under the number 7"},
		"huge text":      {pickled("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f."), "in a file of"},
		"protocol":       {pickled("\x80\x09."), "protocol 9"},
		"deep":           {pickled(nested + "\x80\x02]."), "deeper than 64"},
		"cycle":          {pickled("\x80\x02]q\x00h\x00a." + "\x80\x02]."), "deeper than 64"},
		"no keys":        {pickled("\x80\x02}." + "\x80\x02}."), "want a list"},
		"huge shape":     {pickled(storage + "J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86K\x01K\x01\x86\x89ccollections\nOrderedDict\n)RtR." + "\x80\x02]X\x01\x00\x00\x000a.\x01\x00\x00\x00\x00\x00\x00\x00abcd"), "more than 2^36"},
		"large shape":    {pickled(storage + "J\x00\xca\x9a\x3b\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR." + "\x80\x02]X\x01\x00\x00\x000a.\x01\x00\x00\x00\x00\x00\x00\x00abcd"), "needs 4000000000 bytes, but the file holds 4"},
		"negative shape": {pickled(storage + "J\xff\xff\xff\xff\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR." + "\x80\x02]X\x01\x00\x00\x000a.\x01\x00\x00\x00\x00\x00\x00\x00abcd"), "negative size"},
		"no storage":     {pickled(storage + "K\x01\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR." + "\x80\x02]."), `no storage "0"`},
		"lying storage":  {pickled(storage + "K\x01\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR." + "\x80\x02]X\x01\x00\x00\x000a.\xff\x00\x00\x00\x00\x00\x00\x00abcd"), "the file has"},
	} {
		_, err := parseBytes(c.b)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}

// A few lists that contain each other twice are 2^40 values to one who walks through them.
func TestBillionLaughs(t *testing.T) {
	program := "\x80\x02]q\x00"
	for i := 0; i < 40; i++ {
		program += "]q" + string(rune(i+1)) + "(h" + string(rune(i)) + "h" + string(rune(i)) + "e"
	}
	if _, err := parseBytes(pickled(program + "." + "\x80\x02].")); err == nil || !strings.Contains(err.Error(), "without end") {
		t.Errorf("got %v", err)
	}
}

func TestDamage(t *testing.T) {
	for _, name := range []string{"state.pt", "state.legacy.pt", "checkpoint.pt"} {
		whole, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		weightstest.Damage(t, whole, 4, parseBytes)
	}
}

func FuzzParse(f *testing.F) {
	names, err := filepath.Glob("testdata/*.pt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { weightstest.Fuzz(b, parseBytes) })
}

// The files of the test data were written by PyTorch users.
func TestRealFiles(t *testing.T) {
	root := weightstest.Published(t)
	for pattern, want := range map[string][2]int{"*.pth": {244, 281135}, "*.th": {97, 271098}} { // tensors and elements, as torch.load counts them
		names, _ := filepath.Glob(filepath.Join(root, "graphs", "*", pattern))
		if len(names) != 1 {
			t.Errorf("%s: found %v", pattern, names)
			continue
		}
		name := names[0]
		f, err := Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		elements := 0
		for _, x := range f.Tensors() {
			v, err := f.Read(x.Name)
			if err != nil {
				t.Error(err)
				continue
			}
			elements += v.Shape().TotalSize()
		}
		if got := [2]int{len(f.Names()), elements}; got != want {
			t.Errorf("%s: %v tensors and elements; want %v", filepath.Base(name), got, want)
		}
		f.Close()
	}
}
