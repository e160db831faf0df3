package zoo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/onnx"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// onnxGo returns the folder of the MNIST example in the module onnx-go, which nothing here depends on.
func onnxGo(t *testing.T) string {
	t.Helper()
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skipf("the cache of modules is not known: %v", err)
	}
	folder := filepath.Join(strings.TrimSpace(string(cache)), "github.com", "owulveryck", "onnx-go@v0.5.0", "internal", "examples", "mnist")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the network for MNIST is in a module that is not there (go mod download github.com/owulveryck/onnx-go@v0.5.0, in any other module): %v", err)
	}
	return folder
}

// mnistModel makes a mirror that has the model: onnx-go has it as a string.
func mnistModel(t *testing.T, folder string) (mirror string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, "mnist_binary.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var model string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && len(text) > len(model) {
				model = text
			}
		}
		return true
	})
	mirror = t.TempDir()
	if err := os.WriteFile(filepath.Join(mirror, "mnist-7.onnx"), []byte(model), 0o666); err != nil {
		t.Fatal(err)
	}
	return mirror
}

// testData reads n numbers of a TensorProto, which end it.
func testData(t *testing.T, path string, n int) []float32 {
	t.Helper()
	message, err := os.ReadFile(path)
	if err != nil || len(message) < 4*n {
		t.Fatalf("%s has %d bytes: %v", path, len(message), err)
	}
	x := make([]float32, n)
	if err := binary.Read(bytes.NewReader(message[len(message)-4*n:]), binary.LittleEndian, x); err != nil {
		t.Fatal(err)
	}
	return x
}

// The network for MNIST computes what CNTK, which it is from, computed for its test data.
func TestPublishedMNIST(t *testing.T) {
	folder := onnxGo(t)
	m, sess := loaded(t, "onnx/mnist-7", mnistModel(t, folder), 1, 28, 28, 1)
	for i := range 3 {
		set := filepath.Join(folder, fmt.Sprintf("test_data_set_%d", i))
		x := tensor.New(tensor.WithShape(1, 28, 28, 1), tensor.WithBacking(testData(t, filepath.Join(set, "input_0.pb"), 28*28)))
		out, err := sess.Run(graph.Feeds{m.Input: x}, m.Output)
		if err != nil {
			t.Fatal(err)
		}
		want := testData(t, filepath.Join(set, "output_0.pb"), 10)
		for k, v := range out.Float32s(0) {
			if !(math.Abs(float64(v-want[k])) <= 2e-5*math.Abs(float64(slices.Max(want)))) {
				t.Errorf("picture %d, class %d: %v; want %v", i, k, v, want[k])
			}
		}
	}
	// 1.1 % of MNIST's test pictures are misread, as its page says.
	read := func(name string) []uint8 {
		x, err := dataset.OpenIDX(filepath.Join(weightstest.Published(t, "mnist"), name))
		if err != nil {
			t.Fatal(err)
		}
		return x.Data().([]uint8)
	}
	labels, pixels := read("t10k-labels-idx1-ubyte.gz"), read("t10k-images-idx3-ubyte.gz")
	wrong := 0
	for i, label := range labels {
		picture := make([]float32, 28*28)
		for k := range picture {
			picture[k] = float32(pixels[len(picture)*i+k])
		}
		x := tensor.New(tensor.WithShape(1, 28, 28, 1), tensor.WithBacking(picture))
		out, err := sess.Run(graph.Feeds{m.Input: x}, m.Output)
		if err != nil {
			t.Fatal(err)
		}
		top, err := m.entry.Top(out.Tensor(0), 1)
		if err != nil {
			t.Fatal(err)
		}
		if top[0][0].Class != int(label) {
			wrong++
		}
	}
	t.Logf("%d of %d are misread", wrong, len(labels))
	if math.Abs(float64(wrong)/float64(len(labels))-0.011) > 0.0005 {
		t.Errorf("%d of %d are misread; want 1.1 %%", wrong, len(labels))
	}
}

// tiny is an entry of a small network that stands in a file, which a mirror has.
type tiny struct {
	Pretrained
	mirror string
	logits []float32 // of tinyPictures
}

// tinyPictures are [2, 8, 8, 3].
func tinyPictures() *tensor.Dense {
	return tensor.New(tensor.WithShape(2, 8, 8, 3), tensor.WithBacking(golden.Sequence(3, 2*8*8*3)))
}

// newTiny exports a network whose images have the channels first.
func newTiny(t *testing.T, filters int) tiny {
	t.Helper()
	g := graph.New(graph.Config{Seed: 1})
	s := g.Scope()
	pictures := graph.Placeholder(s, "pictures", tensor.Float32, graph.Unknown, 8, 8, 3)
	images := ops.Transpose(s, pictures, 0, 3, 1, 2)
	h := ops.Conv2D(s.Sub("conv"), ops.Transpose(s, images, 0, 2, 3, 1), filters, square(3), ops.Conv2DConfig{Activation: ops.ReLU})
	h = ops.Dense(s.Sub("logits"), ops.GlobalAvgPool(s, h, ops.GlobalPoolConfig{}), 3, ops.DenseConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{pictures: tinyPictures()}, h)
	if err != nil {
		t.Fatal(err)
	}
	model, err := onnx.Export(sess, gorgonia.Nodes{h}, onnx.ExportConfig{Inputs: gorgonia.Nodes{images}})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := model.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	mirror := t.TempDir()
	if err := os.WriteFile(filepath.Join(mirror, "tiny.onnx"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	file := fetch.File{Name: "tiny.onnx", SHA256: hex.EncodeToString(sum[:]), URLs: []string{"https://localhost/tiny.onnx"}}
	return tiny{Pretrained{Name: "test/tiny", Format: "onnx", Files: one(file)}, mirror, out.Float32s(0)}
}

// in builds the entry, which is not in the registry, on images of that shape.
func (n tiny) in(t *testing.T, cfg Config, shape ...int) (*Model, *graph.Session, error) {
	t.Helper()
	g := graph.New(graph.Config{})
	cfg.Fetch = fetch.Config{Mirrors: []string{n.mirror}, Offline: true, Cache: t.TempDir()}
	m, err := n.build(context.Background(), g.Scope().Sub("net"), graph.Placeholder(g.Scope(), "x", tensor.Float32, shape...), cfg)
	if err != nil {
		return nil, nil, err
	}
	m.entry = &n.Pretrained
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	return m, sess, nil
}

// wantTiny runs the network.
func wantTiny(t *testing.T, m *Model, sess *graph.Session, logits []float32) {
	t.Helper()
	out, err := sess.Run(graph.Feeds{m.Input: tinyPictures()}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range out.Float32s(0) {
		if math.Abs(float64(got-logits[i])) > 1e-6 {
			t.Errorf("logit %d is %v; want %v", i, got, logits[i])
		}
	}
}

// A network that stands in its file is built on images with the channels last, described, and loaded as others are.
func TestImportedEntry(t *testing.T) {
	n := newTiny(t, 4)
	m, sess, err := n.in(t, Config{}, -1, 8, 8, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(context.Background(), sess); err != nil {
		t.Fatal(err)
	}
	wantTiny(t, m, sess, n.logits)
	for _, v := range m.Variables() {
		if err := sess.SetValue(v, tensor.New(tensor.WithShape(graph.SpecOf(v).Shape...), tensor.Of(tensor.Float32))); err != nil {
			t.Fatal(err)
		}
	}
	wantTiny(t, m, sess, make([]float32, len(n.logits)))
	if err := m.LoadFile(sess, filepath.Join(n.mirror, "tiny.onnx")); err != nil {
		t.Fatal(err)
	}
	wantTiny(t, m, sess, n.logits)

	if s, err := m.Summary(1, 8, 8, 3); err != nil || s.Parameters() != 3*3*3*4+4+4*3+3 {
		t.Errorf("it is described as %v, %v", s, err)
	}
	last := m.Endpoints()[len(m.Endpoints())-1]
	if last.Node != m.Output || m.Endpoint(last.Name) != m.Output {
		t.Errorf("its endpoints are %v", m.Endpoints())
	}
	if bad := m.Endpoint("nothing"); !graph.IsBad(bad) || !strings.Contains(m.scope.Graph().Err().Error(), `no endpoint "nothing"`) {
		t.Errorf("a name that is not there: %v", m.scope.Graph().Err())
	}
}

// After Init a network that stands in its file has the values of the file too.
func TestImportedEntryInit(t *testing.T) {
	n := newTiny(t, 4)
	m, sess, err := n.in(t, Config{}, -1, 8, 8, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	wantTiny(t, m, sess, n.logits)
}

func TestImportedEntryBadInput(t *testing.T) {
	n := newTiny(t, 4)
	for want, c := range map[string]struct {
		cfg   Config
		shape []int
	}{
		"without Classes, NoTop": {Config{Classes: 5}, []int{-1, 8, 8, 3}},
		"as it stands in its":    {Config{NoTop: true}, []int{-1, 8, 8, 3}},
		"want a Config without":  {Config{Width: 2}, []int{-1, 8, 8, 3}},
		"want 3 channels":        {Config{}, []int{-1, 8, 8, 1}},
		"height, width, 3]":      {Config{}, []int{8, 8, 3}},
		"the file, which takes":  {Config{}, []int{-1, 9, 8, 3}},
	} {
		if _, _, err := n.in(t, c.cfg, c.shape...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v of %v: got %v; want %s", c.cfg, c.shape, err, want)
		}
	}
	elsewhere := n
	elsewhere.mirror = t.TempDir()
	if _, _, err := elsewhere.in(t, Config{}, -1, 8, 8, 3); err == nil || !strings.Contains(err.Error(), "tiny.onnx is not in") {
		t.Errorf("without the file: %v", err)
	}
	damaged := n
	damaged.mirror = t.TempDir()
	content, err := os.ReadFile(filepath.Join(n.mirror, "tiny.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(folder string, content []byte) string {
		path := filepath.Join(folder, "tiny.onnx")
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write(damaged.mirror, content[:len(content)/2])
	if _, _, err := damaged.in(t, Config{}, -1, 8, 8, 3); err == nil || !strings.Contains(err.Error(), "tiny.onnx is not in") {
		t.Errorf("with half a file: %v", err)
	}

	m, sess, err := n.in(t, Config{}, -1, 8, 8, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(context.Background(), sess); err != nil {
		t.Fatal(err)
	}
	kernel, err := sess.Value(m.Variables()[0])
	if err != nil {
		t.Fatal(err)
	}
	first := binary.LittleEndian.AppendUint32(nil, math.Float32bits(kernel.Data().([]float32)[0]))
	infinite := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(math.Inf(1))))
	another := newTiny(t, 5)
	for want, path := range map[string]string{
		"want finite weights":                write(t.TempDir(), bytes.Replace(content, first, infinite, 1)),
		"the network in the file is another": filepath.Join(another.mirror, "tiny.onnx"),
		"no such file":                       filepath.Join(t.TempDir(), "tiny.onnx"),
		"tiny.onnx":                          write(t.TempDir(), content[:len(content)/2]),
	} {
		if err := m.LoadFile(sess, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
		wantTiny(t, m, sess, n.logits)
	}
}
