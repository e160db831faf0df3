package tensorflow

import (
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// BenchmarkRead reads float32 with their checksum.
func BenchmarkRead(b *testing.B) {
	prefix := filepath.Join(b.TempDir(), "model.ckpt")
	x, err := tffile.New("x", []int{weightstest.SpeedElements}, make([]float32, weightstest.SpeedElements))
	if err == nil {
		err = tffile.Write(prefix, []tffile.Tensor{x})
	}
	if err != nil {
		b.Fatal(err)
	}
	f, err := Open(prefix)
	weightstest.Speed(b, f, err)
}
