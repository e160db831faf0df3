package onnx

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/weights"
)

// layer exports a layer whose kernel [40, 30] is counted.
func layer(t *testing.T) *Model {
	t.Helper()
	g := graph.New(graph.Config{})
	s := g.Scope()
	y := ops.Dense(s.Sub("fc"), graph.Placeholder(s, "x", tensor.Float32, -1, 40), 30, ops.DenseConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	kernel := make([]float32, 1200)
	for i := range kernel {
		kernel[i] = float32(i)
	}
	if err := sess.SetValue(g.Variables("fc/kernel")[0], kernel); err != nil {
		t.Fatal(err)
	}
	m, err := Export(sess, gorgonia.Nodes{y}, ExportConfig{Metadata: map[string]string{"author": "A"}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What is written is what is read, with the tensors in the message or beside it.
func TestSave(t *testing.T) {
	m := layer(t)
	for name, limit := range map[string]int64{"inside": maxModel, "outside": 4000} {
		dir := t.TempDir()
		path := filepath.Join(dir, "model.onnx")
		if err := m.save(path, limit); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != map[string]int{"inside": 1, "outside": 2}[name] {
			t.Errorf("%s: there are %d files (%v)", name, len(files), err)
		}
		got, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if got.IRVersion != 8 || got.Opsets[""] != 17 || got.Producer != "Plexaura" || got.Metadata["author"] != "A" {
			t.Errorf("%s: %+v", name, got)
		}
		f, err := got.Weights()
		if err != nil {
			t.Fatal(err)
		}
		kernel, err := f.Read("fc/kernel")
		if err != nil || !slices.Equal([]int(kernel.Shape()), []int{40, 30}) || kernel.Data().([]float32)[1199] != 1199 {
			t.Errorf("%s: the kernel is %v (%v)", name, kernel, err)
		}
		n := got.Graph.Nodes[0]
		if len(got.Graph.Nodes) != 1 || n.Op != "Gemm" || !slices.Equal(n.Inputs, []string{"x", "fc/kernel", "fc/bias"}) || n.Outputs[0] != "fc/BiasAdd" {
			t.Errorf("%s: the nodes are %+v", name, got.Graph.Nodes)
		}
		if in := got.Graph.Inputs[0]; in.Name != "x" || in.Names[0] != "batch" || !slices.Equal(in.Shape, []int{-1, 40}) {
			t.Errorf("%s: the input is %+v", name, in)
		}
	}
	if err := m.save(filepath.Join(t.TempDir(), "m"), 100); err == nil || !strings.Contains(err.Error(), "without the tensors") {
		t.Errorf("a model that no message holds: %v", err)
	}
}

// The same values are the same bytes.
func TestSaveTwice(t *testing.T) {
	var a, b bytes.Buffer
	if _, err := layer(t).WriteTo(&a); err != nil {
		t.Fatal(err)
	}
	if _, err := layer(t).WriteTo(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("a second export differs from the first (%v)", err)
	}
}

// A model that was read is written as it was: all kinds of attributes, values of no shape, elements of any type.
func TestWriteWhatWasRead(t *testing.T) {
	first, err := Parse(model(5, message(1, 3, 2, 10, 8, "half", 5, 0x3c00, 5, 0xc000, 5, 0), 12, message(1, "y")))
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if _, err := first.WriteTo(&a); err != nil {
		t.Fatal(err)
	}
	again, err := Parse(a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n, err := again.WriteTo(&b)
	if err != nil || n != int64(b.Len()) || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("written twice it differs: %d bytes, %d of %d (%v)", a.Len(), n, b.Len(), err)
	}
	if len(again.Graph.Nodes) != 1 || again.Graph.Nodes[0].Attributes["auto_pad"].String != "SAME_UPPER" || again.Graph.Initializers[0].DType != weights.Float16 {
		t.Errorf("read again it is %+v", again.Graph)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestSaveBadInput(t *testing.T) {
	m := layer(t)
	if _, err := m.WriteTo(full{}); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a full disk: %v", err)
	}
	if err := m.Save(filepath.Join(t.TempDir(), "no", "model.onnx")); err == nil {
		t.Error("no error for a folder that is not there")
	}
	if err := (*Model)(nil).Save("x"); err == nil || !strings.Contains(err.Error(), "no graph") {
		t.Errorf("a nil model: %v", err)
	}
	for want, tensor := range map[string]weights.Tensor{
		"string":   {Name: "w", DType: weights.String, Shape: []int{1}},
		"negative": {Name: "w", DType: weights.Float32, Shape: []int{-1}},
		"want 8":   {Name: "w", DType: weights.Float32, Shape: []int{2}, Held: 4, Open: weights.Section(bytes.NewReader(nil), 0, 4)},
	} {
		bad := &Model{IRVersion: 8, Graph: &Graph{Initializers: []weights.Tensor{tensor}}}
		if _, err := bad.WriteTo(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
