package onnx

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func BenchmarkRead(b *testing.B) {
	raw := message(1, weightstest.SpeedElements, 2, 1, 8, "x", 9, make([]byte, 4*weightstest.SpeedElements))
	path := filepath.Join(b.TempDir(), "x.onnx")
	if err := os.WriteFile(path, message(1, 8, 8, message(2, 13), 7, message(2, "net", 5, raw)), 0o644); err != nil {
		b.Fatal(err)
	}
	m, err := Open(path)
	var f *weights.File
	if err == nil {
		f, err = m.Weights()
	}
	weightstest.Speed(b, f, err)
}
