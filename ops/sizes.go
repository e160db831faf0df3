package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// sizeOf returns the number of elements of a known shape.
func sizeOf(shape tensor.Shape) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// sizeOrUnknown returns the product of sizes, or -1 when one is unknown.
func sizeOrUnknown(shape tensor.Shape) int {
	n, known := 1, true
	for _, d := range shape {
		if d == 0 {
			return 0
		}
		known = known && d > 0
		n *= d
	}
	if !known {
		return graph.Unknown
	}
	return n
}

// indexAt returns the index of element i of an array of a known shape.
func indexAt(shape tensor.Shape, i int) []int {
	index := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index[axis], i = i%shape[axis], i/shape[axis]
	}
	return index
}

// joinShapes appends shapes into a new one.
func joinShapes(parts ...tensor.Shape) tensor.Shape {
	out := tensor.Shape{}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// fixedShape is the rule of a shape that is known when the graph is built.
func fixedShape(shape []int) func([]graph.Spec) (tensor.Shape, error) {
	fixed := append(tensor.Shape{}, shape...)
	return func([]graph.Spec) (tensor.Shape, error) {
		for a, d := range fixed {
			if d < 0 {
				return fixed, errors.Errorf("the shape is %v; the size of axis %d must be known", []int(fixed), a)
			}
		}
		return fixed, nil
	}
}
