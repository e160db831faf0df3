package npz

import (
	"os"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

func BenchmarkRead(b *testing.B) {
	x := tensor.New(tensor.WithShape(1<<12, 1<<12), tensor.WithBacking(make([]float32, weightstest.SpeedElements)))
	b.Run("npz", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "x.npz")
		if err := Write(path, []weights.Named{{Name: "x", Value: x}}); err != nil {
			b.Fatal(err)
		}
		f, err := Open(path)
		weightstest.Speed(b, f, err)
	})
	array := func(b *testing.B, order string) {
		path := filepath.Join(b.TempDir(), "x.npy")
		w, err := os.Create(path)
		if err == nil {
			_, err = w.Write(npy("{'descr': '<f4', 'fortran_order': "+order+", 'shape': (4096, 4096), }", ""))
		}
		if err == nil {
			err = weights.WriteElements(w, x)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			b.Fatal(err)
		}
		f, err := Open(path)
		weightstest.Speed(b, f, err)
	}
	b.Run("npy", func(b *testing.B) { array(b, "False") })
	b.Run("fortran", func(b *testing.B) { array(b, "True") })
}
