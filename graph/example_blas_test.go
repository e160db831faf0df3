package graph_test

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Gorgonia's own machine multiplies with Plexaura's kernels.
func ExampleBLAS() {
	defer gorgonia.Use(gorgonia.WhichBLAS()) // a program would leave it so
	gorgonia.Use(graph.BLAS())

	g := gorgonia.NewGraph()
	a := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, 2, 3, 4})), gorgonia.WithName("a"))
	b := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{0, 1, 1, 0})), gorgonia.WithName("b"))
	product := gorgonia.Must(gorgonia.Mul(a, b))
	vm := gorgonia.NewTapeMachine(g)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(product.Value().Data())
	// Output: [2 1 4 3]
}
