package gguf

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name string
		kind uint32
		size int // bytes of 32 elements
	}{{"F32", 0, 128}, {"F16", 1, 64}, {"Q8_0", 8, 34}, {"Q4_0", 2, 18}} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "x.gguf")
			content := file(3, nil, one("x", c.kind, 0, weightstest.SpeedElements), make([]byte, weightstest.SpeedElements/32*c.size))
			if err := os.WriteFile(path, content, 0o644); err != nil {
				b.Fatal(err)
			}
			f, err := Open(path)
			weightstest.Speed(b, f, err)
		})
	}
}
