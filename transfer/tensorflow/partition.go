package tensorflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// cut takes the part of a stored tensor that a variable is: of a large one, partitioners such as tf.fixed_size_partitioner make several, which savers
// restore from one tensor by a shape_and_slice such as "4 3 0,2:-", the first two rows of [4 3] (ParseShapeAndSlice of
// tensorflow/core/util/saved_tensor_slice_util.cc). "" is all of it.
func cut(t weights.Tensor, shapeAndSlice string) (weights.Tensor, error) {
	words := strings.Fields(shapeAndSlice)
	if len(words) == 0 {
		return t, nil
	}
	wrong := func() (weights.Tensor, error) {
		return t, errors.Errorf("the stored %q has the shape %v, of which the graph restores %.200q; want the sizes, and for each axis - or the first element and how many",
			t.Name, t.Shape, shapeAndSlice)
	}
	last := len(words) - 1
	axes := strings.Split(words[last], ":")
	var sizes []int
	for _, w := range words[:last] {
		n, err := strconv.Atoi(w)
		if err != nil {
			return wrong()
		}
		sizes = append(sizes, n)
	}
	if len(axes) != len(sizes) || !slices.Equal(sizes, t.Shape) {
		return wrong()
	}
	for a, text := range axes {
		if text == "-" {
			continue
		}
		first, count, ok := strings.Cut(text, ",")
		from, err := strconv.Atoi(first)
		n, err2 := strconv.Atoi(count)
		if !ok || err != nil || err2 != nil || from < 0 || n < 0 || from > sizes[a] || n > sizes[a]-from {
			return wrong()
		}
		if t, err = t.Slice(a, from, from+n); err != nil {
			return t, err
		}
	}
	return t, nil
}
