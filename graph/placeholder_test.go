package graph

import (
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gorgonia merges inputs of equal name and shape, and recycles the memory of the
// shape it drops: a name that comes back must still give a node of its own.
func TestRepeatedInputNames(t *testing.T) {
	g := New(Config{})
	native := gorgonia.NewTensor(g.Expr(), tensor.Float32, 2, gorgonia.WithShape(3, 4), gorgonia.WithName("x"))
	seen := map[*gorgonia.Node]bool{native: true}
	for range 5 {
		x := Placeholder(g.Scope(), "x", tensor.Float32, 3, 4)
		for range 50 { // whoever holds a recycled shape overwrites it
			ints := tensor.BorrowInts(2)
			ints[0], ints[1] = 77, 88
			tensor.ReturnInts(ints)
		}
		if seen[x] {
			t.Fatal("two placeholders are one node")
		}
		seen[x] = true
		if !slices.Equal(x.Shape(), tensor.Shape{3, 4}) {
			t.Fatalf("the shape became %v", x.Shape())
		}
		g.Scope().Fresh()
	}
}
