package onnx

import (
	"math"
	"path/filepath"
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
