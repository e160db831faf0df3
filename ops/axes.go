package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// axisOf resolves an axis, negative ones counted from the last.
func axisOf(axis, rank int) (int, error) {
	a := axis
	if a < 0 {
		a += rank
	}
	if rank == 0 {
		return 0, errors.Errorf("axis %d is out of range for rank 0: a scalar has no axes", axis)
	}
	if a < 0 || a >= rank {
		return 0, errors.Errorf("axis %d is out of range for rank %d; want %d to %d", axis, rank, -rank, rank-1)
	}
	return a, nil
}

// reducedAxes marks the axes to reduce: all when none is named.
func reducedAxes(axes []int, rank int) ([]bool, error) {
	reduced := make([]bool, rank)
	for _, axis := range axes {
		a, err := axisOf(axis, rank)
		if err != nil {
			return nil, err
		}
		if reduced[a] {
			return nil, errors.Errorf("axis %d is named twice in %v", axis, axes)
		}
		reduced[a] = true
	}
	if len(axes) == 0 {
		for a := range reduced {
			reduced[a] = true
		}
	}
	return reduced, nil
}

// reducedShape drops the reduced axes, or keeps them with size 1.
func reducedShape(shape tensor.Shape, reduced []bool, keep bool) tensor.Shape {
	out := tensor.Shape{}
	for a, d := range shape {
		switch {
		case !reduced[a]:
			out = append(out, d)
		case keep:
			out = append(out, 1)
		}
	}
	return out
}
