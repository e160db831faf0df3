package tensorflow

import (
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/internal/tffile"
)

// BenchmarkRead reads 64 MB of float32, with their checksum.
func BenchmarkRead(b *testing.B) {
	prefix := filepath.Join(b.TempDir(), "model.ckpt")
	x, err := tffile.New("x", []int{1 << 24}, make([]float32, 1<<24))
	if err == nil {
		err = tffile.Write(prefix, []tffile.Tensor{x})
	}
	if err != nil {
		b.Fatal(err)
	}
	f, err := Open(prefix)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.SetBytes(1 << 26)
	for b.Loop() {
		if _, err := f.Read("x"); err != nil {
			b.Fatal(err)
		}
	}
}
