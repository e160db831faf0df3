package tensorflow

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// writeCheckpoint writes a checkpoint of V2 with some tensors.
func writeCheckpoint(t testing.TB, prefix string) {
	t.Helper()
	kernel, _ := tffile.New("dense/kernel", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6})
	step, _ := tffile.New("global_step", nil, []int64{7})
	flags, _ := tffile.New("flags", []int{2}, []bool{true, false})
	c, _ := tffile.New("c", []int{1}, []complex64{1i})
	names, _ := tffile.NewStrings("names", []int{2}, []string{"a", "bc"})
	err := tffile.Write(prefix, []tffile.Tensor{kernel, step, flags, c, names,
		{Name: "brain", DType: tffile.BFloat16, Shape: []int{2}, Data: []byte{0x80, 0x3f, 0xa0, 0xc0}},
		{Name: "half", DType: tffile.Float16, Shape: []int{1}, Data: []byte{0, 0x3c}},
		{Name: "quantised", DType: tffile.QUint8, Shape: []int{1}, Data: []byte{200}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	prefix := filepath.Join(dir, "model.ckpt")
	writeCheckpoint(t, prefix)
	saved := filepath.Join(t.TempDir(), "saved")
	if err := os.MkdirAll(filepath.Join(saved, "variables"), 0o755); err != nil {
		t.Fatal(err)
	}
	writeCheckpoint(t, filepath.Join(saved, "variables", "variables"))
	// A SavedModel {meta_graphs {meta_info_def {tags: "serve" tensorflow_version: "2.4.0"}}}, and a .meta's MetaGraphDef.
	graph := "\x0a\x0e\x22\x05serve\x2a\x052.4.0"
	for path, b := range map[string]string{filepath.Join(saved, "saved_model.pb"): "\x08\x01\x12\x10" + graph, prefix + ".meta": graph,
		// The folder was elsewhere when this was written.
		filepath.Join(dir, "checkpoint"): "model_checkpoint_path: \"/somewhere/else/model.ckpt\"\n"} {
		if err := os.WriteFile(path, []byte(b), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{prefix, prefix + ".index", dir, saved} {
		f, err := Open(path)
		if err != nil {
			t.Error(err)
			continue
		}
		for name, want := range map[string]interface{}{"dense/kernel": []float32{1, 2, 3, 4, 5, 6}, "global_step": int64(7), "flags": []bool{true, false},
			"brain": []float32{1, -5}, "half": []float32{1}, "quantised": []uint8{200}} {
			if v, err := f.Read(name); err != nil || !reflect.DeepEqual(v.Data(), want) {
				t.Errorf("%s: %s: got %v, %v; want %v", path, name, v, err, want)
			}
		}
		for name, want := range map[string]weights.DType{"names": weights.String, "c": weights.Other} {
			if x, ok := f.Lookup(name); !ok || x.DType != want {
				t.Errorf("%s: %s: got %v; want %v", path, name, x.DType, want)
			}
			if _, err := f.Read(name); err == nil || !strings.Contains(err.Error(), "elements of type "+want.String()) {
				t.Errorf("%s: %s: got %v", path, name, err)
			}
		}
		want := map[string]string{"checkpoint": "V2", "producer": "1", "tags": "serve", "tensorflow_version": "2.4.0"}
		if got := f.Metadata(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: metadata %v; want %v", path, got, want)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := f.Read("flags"); err == nil {
			t.Error("a closed file was read")
		}
	}
}

func TestOpenBadInput(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	writeCheckpoint(t, filepath.Join(dir, "graph"))
	write("graph.meta", "\x0a\x7fno message")
	writeCheckpoint(t, filepath.Join(dir, "alone"))
	if err := os.Remove(filepath.Join(dir, "alone.data-00000-of-00001")); err != nil {
		t.Fatal(err)
	}
	for want, path := range map[string]string{
		`want one with a file "checkpoint"`: t.TempDir(),
		"no such file":                      filepath.Join(dir, "missing"),
		"give the path without .meta":       filepath.Join(dir, "missing.meta"),
		"does not fit":                      filepath.Join(dir, "graph"),
		"the data files belong beside":      filepath.Join(dir, "alone"),
		"too few for a table":               write("short.index", "short"),
		"checkpoint state":                  filepath.Dir(write("state/checkpoint", "model_checkpoint_path: 3")),
		"not an index file":                 write("text.ckpt", strings.Repeat("text", 20)),
		filepath.Join(dir, "lost", "gone"):  filepath.Dir(write("lost/checkpoint", `model_checkpoint_path: "gone"`)),
	} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", path, err, want)
		}
	}
}

func TestDamage(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "model.ckpt")
	writeCheckpoint(t, prefix)
	index, err := os.ReadFile(prefix + ".index")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(prefix + ".data-00000-of-00001")
	if err != nil {
		t.Fatal(err)
	}
	// The two files as one, cut where the index ends.
	weightstest.Damage(t, append(index, data...), 4, func(b []byte) (*weights.File, error) {
		cut := min(len(index), len(b))
		for suffix, part := range map[string][]byte{".index": b[:cut], ".data-00000-of-00001": b[cut:]} {
			if err := os.WriteFile(prefix+suffix, part, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return Open(prefix)
	})
}
