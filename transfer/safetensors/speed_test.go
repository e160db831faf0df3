package safetensors

import (
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func BenchmarkRead(b *testing.B) {
	path := filepath.Join(b.TempDir(), "model")
	x := tensor.New(tensor.WithShape(1<<12, 1<<12), tensor.WithBacking(make([]float32, weightstest.SpeedElements)))
	if err := Write(path, []weights.Named{{Name: "x", Value: x}}, nil); err != nil {
		b.Fatal(err)
	}
	f, err := Open(path)
	weightstest.Speed(b, f, err)
}
