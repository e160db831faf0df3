package transfer

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
)

// The content tells the format: files have a name that says nothing.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	disguise := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, strings.NewReplacer("/", "-", ".", "-").Replace(path))
		if err := os.WriteFile(to, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return to
	}
	plain := filepath.Join(dir, "plain")
	x := weights.Named{Name: "x", Value: tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1}))}
	if err := safetensors.Write(plain, []weights.Named{x}, nil); err != nil {
		t.Fatal(err)
	}
	checkpoints := t.TempDir()
	prefix := filepath.Join(checkpoints, "model.ckpt")
	v, err := tffile.New("x", nil, []float32{1})
	if err == nil {
		err = tffile.Write(prefix, []tffile.Tensor{v})
	}
	if err == nil {
		err = tffile.WriteState(checkpoints, tffile.State{Latest: prefix})
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		disguise("npz/testdata/stored.npz"):          "NumPy",
		disguise("npz/testdata/compressed.npz"):      "NumPy",
		disguise("npz/testdata/single.npy"):          "NumPy",
		disguise("pytorch/testdata/state.pt"):        "PyTorch",
		disguise("pytorch/testdata/state.legacy.pt"): "PyTorch",
		disguise("tensorflow/testdata/v1.ckpt"):      "TensorFlow",
		disguise("keras/testdata/weights.h5"):        "Keras",
		disguise("keras/testdata/keras3.keras"):      "Keras",
		disguise("gguf/testdata/all.gguf"):           "GGUF",
		plain:                                        "safetensors",
		prefix:                                       "TensorFlow",
		prefix + ".index":                            "TensorFlow",
		checkpoints:                                  "TensorFlow",
	} {
		f, err := Open(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if f.Format() != want || len(f.Names()) == 0 {
			t.Errorf("%s: %s with %d tensors; want %s", path, f.Format(), len(f.Names()), want)
		}
		f.Close()
	}
}

func TestOpenBadInput(t *testing.T) {
	for content, want := range map[string]string{
		"":           "not known",
		"PK\x03\x04": "a zip archive",
		"PK\x05\x06" + strings.Repeat("\x00", 18): "without data.pkl",
		"\x89HDF\r\n\x1a\n and so on":             "superblock",
		"{\"a\": 1}":                              "TensorFlow.js",
		`{"a": {"weight_map": 1}, "b": "weight_map", "c": ["weight_map"]}`:         "TensorFlow.js",
		`{"a": [{}], "weight_map": 1}`:                                             "want an object",
		`{"weight_map": {"x": "file"}}`:                                            "want a file of tensors",
		"GGUF\x03\x00\x00\x00":                                                     "GGUF",
		"[net]\nwidth=416\n":                                                       "no layer below [net]",
		"\x00\x00\x00\x00\x02\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00 weights": "want a .cfg of Darknet",
		"\xff\xff\xff\xff\xff\xff\xff\xff{":                                        "not known",
		"\x93NUMPY\x09":                                                            "NumPy",
		"hello, world, this is a text":                                             "not known",
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got %v; want %s", content, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: got %v", err)
	}
}

// Shards are opened by their content too, and a folder by the names that Hugging Face's libraries give.
func TestOpenIndex(t *testing.T) {
	for _, library := range []string{"model.safetensors", "pytorch_model.bin"} {
		dir := t.TempDir()
		if library == "model.safetensors" {
			x := weights.Named{Name: "x", Value: tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{1}))}
			if err := safetensors.Write(filepath.Join(dir, "shard"), []weights.Named{x}, nil); err != nil {
				t.Fatal(err)
			}
		} else {
			b, err := os.ReadFile("pytorch/testdata/state.pt")
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, "shard"), b, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		f, err := Open(filepath.Join(dir, "shard"))
		if err != nil {
			t.Fatal(err)
		}
		names := f.Names()
		f.Close()
		index := filepath.Join(dir, library+".index.json")
		text := `{"metadata": {"total_size": 4}, "weight_map": {"` + strings.Join(names, `": "shard", "`) + `": "shard"}}`
		if err := os.WriteFile(index, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{dir, index} {
			f, err := Open(path)
			if err != nil {
				t.Error(err)
				continue
			}
			if got := f.Names(); !slices.Equal(got, names) || f.Metadata()["total_size"] != "4" {
				t.Errorf("%s: got %v, %v; want %v", path, got, f.Metadata(), names)
			}
			if _, err := f.Read(names[0]); err != nil {
				t.Error(err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// FuzzOpen: no content makes a panic, whatever the format is taken to be.
func FuzzOpen(f *testing.F) {
	for _, path := range []string{
		"npz/testdata/stored.npz", "npz/testdata/single.npy", "pytorch/testdata/state.pt", "pytorch/testdata/state.legacy.pt", "tensorflow/testdata/v1.ckpt",
		"keras/testdata/weights.h5", "keras/testdata/keras3.keras", "gguf/testdata/all.gguf",
	} {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"weight_map": {"x": "file"}}`))
	f.Add([]byte(`{"weightsManifest": [{"paths": [], "weights": []}]}`))
	f.Add([]byte("\x08\x08\x42\x02\x10\x0d\x3a\x0e\x0a\x0c\x0a\x01x\x12\x01y\x22\x04Relu"))
	f.Add([]byte("\x40\x00\x00\x00\x00\x00\x00\x00" + `{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}    ` + "0123456789abcdef"))
	path := filepath.Join(f.TempDir(), "file")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := Open(path)
		if err != nil {
			return
		}
		defer file.Close()
		for _, name := range file.Names() {
			file.Read(name)
		}
	})
}

// A path that is not there is no checkpoint without its index.
func TestAbsent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.pth")
	open := map[string]func() error{
		"Open":      func() error { _, err := Open(path); return err },
		"OpenModel": func() error { _, err := OpenModel(path); return err },
	}
	for name, open := range open {
		if err := open(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path+": no such file") || strings.Contains(err.Error(), ".index") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := os.WriteFile(path+".index", []byte("no index"), 0o666); err != nil { // it may be a prefix now
		t.Fatal(err)
	}
	for name, open := range open {
		if err := open(); err == nil || !strings.Contains(err.Error(), "TensorFlow") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
