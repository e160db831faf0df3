package tensorflow

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/mapped"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

// frozen writes a graph with a constant k, float32 [rows, 1024], of zeros, which a hole in the file has where there may be some, and returns the path and
// the file's size.
func frozen(t *testing.T, rows int, nodes ...tffile.NodeDef) (path string, size int64) {
	t.Helper()
	const columns = 1024
	zeros := 4 * rows * columns
	field := func(before []byte, number protowire.Number, message []byte) []byte { // a message that ends with the zeros
		return append(protowire.AppendVarint(protowire.AppendTag(before, number, protowire.BytesType), uint64(len(message)+zeros)), message...)
	}
	text := func(b []byte, number protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), s)
	}
	var dims []byte
	for _, n := range []int{rows, columns} {
		dims = text(dims, 2, string(protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(n))))
	}
	dtype := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(tffile.Float32))
	b := field(text(dtype, 2, string(dims)), 4, nil)
	b = field(nil, 8, b)
	b = field(text(nil, 1, "value"), 2, b)
	b = field(text(text(nil, 1, "k"), 2, "Const"), 5, b)
	b = field(tffile.GraphDef{Nodes: nodes, Producer: tffile.GraphProducer}.Encode(), 1, b)
	path = filepath.Join(t.TempDir(), "frozen.pb")
	err := os.WriteFile(path, b, 0o644)
	size = int64(len(b) + zeros)
	if err == nil {
		err = os.Truncate(path, size)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path, size
}

// layer is y = x k, in which k becomes a variable.
var layer = []tffile.NodeDef{placeholderDef("x", tffile.Float32, -1, -1), def("y = MatMul(x, k)", "T", tffile.Float32)}

// took is how many bytes f allocates in all.
func took(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// To open, describe and import a large graph takes no memory for its weights before they are initialised, and then that of the variables alone; to
// import constants that stay some takes theirs.
func TestMemoryOfFrozenGraphs(t *testing.T) {
	const small = 1 << 20
	path, size := frozen(t, 50_000, layer...)
	bytes := took(func() {
		f, err := OpenGraph(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if s := f.Describe(); s.Ops["Const"] != 1 || len(f.Nodes()) != 3 {
			t.Errorf("it is %v", s)
		}
		w, err := f.Weights()
		if err != nil {
			t.Fatal(err)
		}
		if k, ok := w.Lookup("k"); !ok || k.Held != 4*50_000*1024 {
			t.Errorf("k is %v", k)
		}
		if _, err := f.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("to open, describe and import a file of %d bytes takes %d", size, bytes)
	if bytes > small {
		t.Errorf("%d bytes were taken; want at most %d", bytes, small)
	}
	for name, nodes := range map[string][]tffile.NodeDef{
		"variable": layer,
		"constant": {placeholderDef("x", tffile.Float32, -1, 1024), def("y = Add(x, k)", "T", tffile.Float32)},
	} {
		path, size := frozen(t, 4096, nodes...)
		bytes := took(func() {
			f, err := OpenGraph(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			g := graph.New(graph.Config{})
			if _, err := f.Import(g.Scope(), network.Config{}); err != nil {
				t.Fatal(err)
			}
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("to import and initialise a %s of %d bytes takes %d", name, size, bytes)
		if bytes > size+small {
			t.Errorf("%s: %d bytes were taken; want at most %d", name, bytes, size+small)
		}
	}
}

// After Close what is asked of the file is an error, and what was taken from it stays good.
func TestCloseFrozenGraph(t *testing.T) {
	dir := t.TempDir()
	kernel := make([]float32, 1<<13)
	kernel[1<<12] = 3
	nodes := []tffile.NodeDef{placeholderDef("x", tffile.Float32, -1, 2), constDef("k", []int{2, 1 << 12}, kernel...), constDef("c", []int{1 << 12}, kernel[1<<12:]...),
		def("z = MatMul(x, k)", "T", tffile.Float32), def("y = Add(z, c)", "T", tffile.Float32)}
	path := filepath.Join(dir, "frozen.pb")
	if err := os.WriteFile(path, tffile.GraphDef{Nodes: nodes, Producer: tffile.GraphProducer}.Encode(), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := OpenGraph(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := f.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if x, err := w.Read("k"); err != nil || x.Data().([]float32)[1<<12] != 3 {
		t.Errorf("k is %v, %v", x, err)
	}
	g := graph.New(graph.Config{})
	net, err := f.Import(g.Scope(), network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	late, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	for range 2 {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: [][]float32{{5, 7}}}, net.Outputs[0].Node)
	if err != nil || out.Float32s(0)[0] != 7*3+3 || out.Float32s(0)[1] != 0 {
		t.Errorf("closed, the network gives %v, %v", out, err)
	}
	if _, err := w.Read("k"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed, k is read: %v", err)
	}
	if err := late.Init(); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed, k is initialised: %v", err)
	}
	if _, err := f.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed, the graph is imported: %v", err)
	}
	if s := f.Describe(); s.Ops["Const"] != 2 {
		t.Errorf("closed, it is %v", s)
	}
}

// What is cut off a file is an error, while it is decoded and when its constants are read.
func TestCutOffFrozenGraph(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only tried where a mapped file may be cut off")
	}
	path, size := frozen(t, 64, layer...)
	f, err := OpenGraph(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := f.Weights()
	if err != nil {
		t.Fatal(err)
	}
	opened, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	data, release, err := mapped.Content(opened, size)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Read("k"); err == nil || !strings.Contains(err.Error(), "the file ends after 0 of") {
		t.Errorf("read: %v", err)
	}
	if _, err := decodeGraphFile(opened, data); err == nil || !strings.Contains(err.Error(), "cannot be read any more") {
		t.Errorf("decoded: %v", err)
	}
}

// To close the weights closes the graph's file, also where the weights are those of a checkpoint.
func TestWeightsOfCheckpointCloseTheGraph(t *testing.T) {
	path, _ := frozen(t, 64, layer...)
	f, err := OpenGraph(path)
	if err != nil {
		t.Fatal(err)
	}
	if f.values, err = weights.New("TensorFlow checkpoint", nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	w, err := f.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.file.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the graph's file was still open (%v)", err)
	}
}

// A file of that name that is written later is another one.
func TestReplacedFrozenGraph(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open is not replaced there")
	}
	path, _ := frozen(t, 64, layer...)
	f, err := OpenGraph(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := f.Weights()
	if err != nil {
		t.Fatal(err)
	}
	other := path + ".other"
	if err := os.WriteFile(other, []byte(strings.Repeat("\xff", 1<<20)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	x, err := w.Read("k")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range x.Data().([]float32) {
		if math.Float32bits(v) != 0 {
			t.Fatalf("k has the element %v", v)
		}
	}
}
