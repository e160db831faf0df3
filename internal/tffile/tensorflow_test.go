package tffile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tensorFlowPrefixes finds every checkpoint under tf1-checkpoints and the Keras SavedModel.
func tensorFlowPrefixes(t testing.TB) []string {
	t.Helper()
	var prefixes []string
	err := filepath.WalkDir(testData(t), func(path string, d fs.DirEntry, err error) error {
		if p, ok := strings.CutSuffix(path, ".index"); ok && err == nil {
			prefixes = append(prefixes, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(prefixes) < 20 {
		t.Fatalf("found %d checkpoints, there should be at least 20", len(prefixes))
	}
	return prefixes
}

// beside finds "<prefix without .ckpt>.<name>" or "<name>" in the folder of prefix.
func beside(prefix, name string) string {
	own := strings.TrimSuffix(prefix, ".ckpt") + "." + name
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return filepath.Join(filepath.Dir(prefix), name)
}

// Every tensor of every checkpoint must equal the values that another program took from the same file, bit for bit.
func TestReadTensorFlowCheckpoints(t *testing.T) {
	variables, compared, hashed := 0, 0, 0
	for _, prefix := range tensorFlowPrefixes(t) {
		r, err := Open(prefix)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		tensors := map[string]Tensor{}
		for _, name := range r.Names() {
			tensor, err := r.Read(name)
			if err != nil {
				t.Errorf("%s: %v", prefix, err)
			}
			if e, ok := r.Entry(name); !ok || e.DType != tensor.DType || !slices.Equal(e.Shape, tensor.Shape) {
				t.Errorf("%s: %s: entry %v %v, tensor %v %v", prefix, name, e, ok, tensor.DType, tensor.Shape)
			}
			tensors[name] = tensor
			variables++
		}
		if strings.Contains(prefix, "keras") {
			continue // TestReadTensorFlowStrings
		}
		compare := func(name string, want array) {
			got, ok := tensors[name]
			if !ok || want.descr != "<f4" || got.DType != Float32 || !slices.Equal(got.Shape, want.shape) || !bytes.Equal(got.Data, want.data) {
				t.Errorf("%s: %s: differs from the expected %s of shape %v", prefix, name, want.descr, want.shape)
			}
			compared++
		}
		if steps := filepath.Join(filepath.Dir(prefix), "expected_theta_steps.npz"); filepath.Base(prefix) != "my_logreg_model" {
			if _, err := os.Stat(steps); err == nil {
				compare("logistic_regression/model/theta", readNPZ(t, steps)[filepath.Base(prefix)])
				continue
			}
		}
		for name, want := range readNPZ(t, beside(prefix, "expected_variables.npz")) {
			compare(name, want)
		}
		var info struct {
			Variables []struct {
				Name, SHA256 string
				Shape        []int
			}
		}
		text, err := os.ReadFile(beside(prefix, "info.json"))
		if err == nil {
			err = json.Unmarshal(text, &info)
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(info.Variables) != len(tensors) {
			t.Errorf("%s: %d tensors, %d are expected", prefix, len(tensors), len(info.Variables))
		}
		for _, want := range info.Variables { // with the optimizer's slots
			got := tensors[want.Name]
			sum := sha256.Sum256(got.Data)
			if hex.EncodeToString(sum[:]) != want.SHA256 || !slices.Equal(got.Shape, want.Shape) {
				t.Errorf("%s: %s: sha256 or shape %v differ", prefix, want.Name, got.Shape)
			}
			hashed++
		}
	}
	t.Logf("%d tensors read, %d compared with expected values, %d with sha256", variables, compared, hashed)
	if compared < 100 || hashed < 150 {
		t.Errorf("only %d tensors were compared with values and %d with sha256", compared, hashed)
	}
}

// The object graph that TensorFlow 2 stores is a string scalar written by TensorFlow.
func TestReadTensorFlowStrings(t *testing.T) {
	r, err := Open(filepath.Join(testData(t), "keras", "mnist-cnn", "saved_model", "variables", "variables"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	graph, err := r.Read("_CHECKPOINTABLE_OBJECT_GRAPH")
	if err != nil {
		t.Fatal(err)
	}
	if graph.DType != String || len(graph.Shape) != 0 || len(graph.Strings) != 1 || !strings.Contains(graph.Strings[0], "layer_with_weights-0") {
		t.Errorf("dtype %v, shape %v, strings %.80q", graph.DType, graph.Shape, graph.Strings)
	}
	// Written again, TensorFlow's own length checksum, size and crc32c must come out.
	encoded, crc := encodeStrings(graph.Strings)
	e := r.bundle.index.entries[graph.Name]
	if crc != e.crc || int64(len(encoded)) != e.size {
		t.Errorf("encoded again: %d bytes of crc32c %08x, TensorFlow stored %d of %08x", len(encoded), crc, e.size, e.crc)
	}
}

// Writing the tensors of a checkpoint again must give TensorFlow's files, byte for byte: table layout, header, footer,
// entries, checksums and data.
func TestRewriteTensorFlowCheckpoints(t *testing.T) {
	for _, prefix := range tensorFlowPrefixes(t) {
		r, err := Open(prefix)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		// TensorFlow 2 (the Keras file) stores in another order than that of the names; the order of the data is not part of
		// the format.
		names := r.Names()
		slices.SortFunc(names, func(a, b string) int {
			return int(r.bundle.index.entries[a].offset - r.bundle.index.entries[b].offset)
		})
		again := filepath.Join(t.TempDir(), "again.ckpt")
		w, err := Create(again)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			tensor, err := r.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Add(tensor); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		for _, suffix := range []string{".index", ".data-00000-of-00001"} {
			want, err := os.ReadFile(prefix + suffix)
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(again + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s%s: written again %d bytes differ from TensorFlow's %d", prefix, suffix, len(got), len(want))
			}
		}
	}
}

// The state files that TensorFlow wrote must come out byte for byte when written again.
func TestTensorFlowState(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testData(t), "tf1-checkpoints", "*", StateFile))
	if err != nil || len(files) < 3 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		dir := filepath.Dir(file)
		s, err := ReadState(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, prefix := range append(s.All, s.Latest) {
			r, err := Open(prefix)
			if err != nil {
				t.Fatal(err)
			}
			r.Close()
		}
		for i := range s.All {
			s.All[i] = filepath.Base(s.All[i])
		}
		s.Latest = filepath.Base(s.Latest)
		want, _ := os.ReadFile(file)
		if got := formatState(s); got != string(want) {
			t.Errorf("%s: written again\n%sTensorFlow wrote\n%s", file, got, want)
		}
	}
}
