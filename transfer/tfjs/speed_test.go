package tfjs

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// BenchmarkRead reads a weight from shards of 4 MB, as the converter writes them.
func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	const shard = 1 << 22
	paths := ""
	for i := range 4 * weightstest.SpeedElements / shard {
		name := fmt.Sprintf("shard%d", i)
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, shard), 0o644); err != nil {
			b.Fatal(err)
		}
		paths += `, "` + name + `"`
	}
	model := fmt.Sprintf(`{"weightsManifest": [{"paths": [%s], "weights": [{"name": "x", "shape": [%d], "dtype": "float32"}]}]}`, paths[2:], weightstest.SpeedElements)
	if err := os.WriteFile(filepath.Join(dir, "model.json"), []byte(model), 0o644); err != nil {
		b.Fatal(err)
	}
	f, err := Open(filepath.Join(dir, "model.json"))
	weightstest.Speed(b, f, err)
}
