package zoo

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/zoo/fetch"
)

// Loading files of 100 MB, which the system has in memory, beside a plain copy of their bytes: Load looks at the checksum as well.
func BenchmarkLoad(b *testing.B) {
	for _, c := range []struct {
		format, entry string
		port          Port
		write         func(t testing.TB, l listed, values func(i int, shape []int) []float32) []byte
	}{
		{"pth", "torchvision/resnet50", Torchvision, stateDict},
		{"safetensors", "torchvision/resnet50", Torchvision, safetensorsFile},
		{"h5", "keras/resnet50", Keras, kerasFile},
	} {
		path := filepath.Join(b.TempDir(), "weights")
		content := c.write(b, namesOf(b, c.port, "ResNet-50", 0), random)
		if err := os.WriteFile(path, content, 0o666); err != nil {
			b.Fatal(err)
		}
		size, sum := int64(len(content)), sumOf(content)
		cfg := Config{Fetch: fetch.Config{Offline: true, Mirrors: []string{filepath.Dir(path)}}}
		n, err := newPretrainedNet(c.entry, cfg, []fetch.File{{Name: "weights", Bytes: size, SHA256: sum}})
		if err != nil {
			b.Fatal(err)
		}
		run := func(name string, f func() error) {
			b.Run(c.format+"/"+name, func(b *testing.B) {
				b.SetBytes(size)
				b.ReportAllocs()
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run("copy", func() error {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.ReadFull(f, content)
			return err
		})
		run("LoadFile", func() error { return n.LoadFile(n.sess, path) })
		run("Load", func() error { return n.Load(context.Background(), n.sess) })
		if err := n.sess.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
