package onnx

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// The face detector that its authors published, in three forms, beside what ONNX Runtime computes.
func TestPublishedDetector(t *testing.T) {
	dir := weightstest.Published(t, "graphs", "face-rfb-320")
	expected, err := npz.Open(filepath.Join(dir, "expected.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	read := func(name string) *tensor.Dense {
		x, err := expected.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	pixels := read("input_u8")
	for _, name := range []string{"version-RFB-320", "version-RFB-320_simplified", "version-RFB-320_without_postprocessing"} {
		m, err := Open(filepath.Join(dir, name+".onnx"))
		if err != nil {
			t.Fatal(err)
		}
		g := graph.New(graph.Config{})
		n, err := m.Import(g.Scope(), network.Config{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		u8 := pixels.Data().([]uint8)
		image := make([]float32, len(u8))
		area := len(u8) / 3
		for i := range u8 { // channels last to channels first
			image[i%3*area+i/3] = (float32(u8[i]) - 127) / 128
		}
		var fetches gorgonia.Nodes
		for _, out := range n.Outputs {
			fetches = append(fetches, out.Node)
		}
		out, err := sess.Run(graph.Feeds{n.Inputs[0].Node: tensor.New(tensor.WithShape(1, 3, 240, 320), tensor.WithBacking(image))}, fetches...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, o := range n.Outputs {
			key := strings.TrimPrefix(name, "version-") + "__" + o.Name
			want := numbersOf(read(key))
			for j, got := range numbersOf(out.Tensor(i)) {
				if !(math.Abs(got-want[j]) <= 1e-4*math.Max(1, math.Abs(want[j]))) {
					t.Errorf("%s: element %d of %s is %v; want %v", name, j, o.Name, got, want[j])
					break
				}
			}
		}
	}
}

// The MNIST network that is published with ONNX, exported by CNTK in opset 7, and its outputs, as a Go module carries them.
func TestPublishedMNIST(t *testing.T) {
	dir := filepath.Join(moduleCache(), "github.com", "owulveryck", "onnx-go@v0.5.0", "internal", "examples", "mnist")
	source, err := os.ReadFile(filepath.Join(dir, "mnist_binary.go"))
	if err != nil {
		t.Skip("the module github.com/owulveryck/onnx-go@v0.5.0 is not in the module cache (go mod download)")
	}
	file, err := parser.ParseFile(token.NewFileSet(), "mnist_binary.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var message []byte
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			message = append(message, s...)
		}
		return true
	})
	m, err := Parse(message)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{"test_data_set_0", "test_data_set_1", "test_data_set_2"} {
		if err := backendTest(m, filepath.Join(dir, set), 1e-4); err != nil {
			t.Errorf("%s: %v", set, err)
		}
	}
}

// moduleCache is where the go command keeps modules.
func moduleCache() string {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return dir
	}
	return filepath.Join(filepath.SplitList(build.Default.GOPATH)[0], "pkg", "mod")
}
