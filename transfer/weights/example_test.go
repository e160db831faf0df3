package weights_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
)

// A file of tensors is written, listed, and read.
func Example() {
	dir, err := os.MkdirTemp("", "weights")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model.safetensors")
	kernel := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	if err := safetensors.Write(path, []weights.Named{{Name: "dense/kernel", Value: kernel}}, map[string]string{"format": "pt"}); err != nil {
		log.Fatal(err)
	}

	f, err := safetensors.Open(path) // transfer.Open opens a file of any format
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	for _, t := range f.Tensors() {
		fmt.Println(t.Name, t.DType, t.Shape)
	}
	x, err := f.Read("dense/kernel")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Data())
	// Output:
	// dense/kernel float32 [2 3]
	// [1 2 3 4 5 6]
}

// What a file says of a tensor is known before it is read; its axes can be reordered, and floats read in the other size.
func ExampleFile_Lookup() {
	dir, err := os.MkdirTemp("", "weights")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model.npz")
	kernel := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6})) // [units, in], as in PyTorch
	if err := npz.Write(path, []weights.Named{{Name: "fc.weight", Value: kernel}}); err != nil {
		log.Fatal(err)
	}
	f, err := npz.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	t, ok := f.Lookup("fc.weight")
	if !ok {
		log.Fatalf("no fc.weight in %v", f.Names())
	}
	if t, err = t.Transpose(1, 0); err != nil {
		log.Fatal(err)
	}
	x, err := t.ReadAs(tensor.Float64)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Shape(), x.Dtype(), x.Data())
	// Output:
	// (3, 2) float64 [1 4 2 5 3 6]
}
