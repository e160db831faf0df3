package onnx

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Whatever a model says, Import builds it or returns an error.
func FuzzImport(f *testing.F) {
	tiny, err := os.ReadFile("testdata/tiny.onnx")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tiny)
	f.Add(model(5, message(1, 2, 1, 2, 2, 1, 8, "raw", 9, packed(1, 2, 3, 4)), 12, message(1, "y")))
	f.Add(oneNode("Gemm", []string{"matrix", "weights"}))
	f.Add(oneNode("QuantizeLinear", []string{"images", "number"}))
	paths, _ := filepath.Glob("/usr/share/libonnx-testdata/data/node/*/model.onnx")
	for i, path := range paths {
		if b, err := os.ReadFile(path); err == nil && i%7 == 0 && len(b) < 2000 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		for _, in := range m.Graph.Inputs {
			for _, n := range in.Shape {
				if n > 1<<10 {
					return // a large graph, not a wrong one
				}
			}
		}
		m.Import(graph.New(graph.Config{}).Scope(), network.Config{})
	})
}
