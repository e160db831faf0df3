package dataset

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// FromSlices makes a Set of examples given one by one, all of the same length, and
// their class ids; labels may be nil. The values are copied: X is [n, len(x[0])].
// Numbers to predict are added by WithTargets.
func FromSlices(x [][]float32, labels []int64) (*Set, error) {
	if len(x) == 0 {
		return nil, errors.New("dataset: FromSlices: wanted at least one example, came none")
	}
	width := len(x[0])
	if width == 0 {
		return nil, errors.New("dataset: FromSlices: wanted at least one value in every example, came none")
	}
	flat := make([]float32, 0, len(x)*width)
	for i, row := range x {
		if len(row) != width {
			return nil, errors.Errorf("dataset: FromSlices: wanted %d values in every example, as in the first; example %d has %d", width, i, len(row))
		}
		flat = append(flat, row...)
	}
	s, err := fromFlat(flat, labels, []int{width})
	return s, errors.WithMessage(err, "dataset: FromSlices")
}

// FromFlat makes a Set of examples that lie one behind the other in x, each of the
// given shape (none: single numbers), and their class ids; labels may be nil. The
// set shares the memory of both: FromFlat(pixels, digits, 28, 28, 1) is X
// [n, 28, 28, 1] for n = len(pixels)/784. Numbers to predict are added by
// WithTargets.
func FromFlat(x []float32, labels []int64, shape ...int) (*Set, error) {
	s, err := fromFlat(x, labels, shape)
	return s, errors.WithMessage(err, "dataset: FromFlat")
}

func fromFlat(x []float32, labels []int64, shape []int) (*Set, error) {
	width := 1
	if err := checkSizes(shape); err != nil {
		return nil, err
	}
	for _, d := range shape {
		if d > len(x)/width {
			return nil, errors.Errorf("wanted values for at least one example of shape %v, came %d", tensor.Shape(shape), len(x))
		}
		width *= d
	}
	if len(x) == 0 || len(x)%width != 0 {
		return nil, errors.Errorf("wanted a multiple of %d values (an example is %v), came %d", width, tensor.Shape(shape), len(x))
	}
	n := len(x) / width
	s := &Set{X: tensor.New(tensor.WithShape(append([]int{n}, shape...)...), tensor.WithBacking(x))}
	if labels == nil {
		return s, nil
	}
	if len(labels) != n {
		return nil, errors.Errorf("wanted as many labels as examples, came %d for %s", len(labels), plural(n, "example", "examples"))
	}
	s.Y = tensor.New(tensor.WithShape(n), tensor.WithBacking(labels))
	return s, nil
}

// checkSizes wants sizes of axes that hold something.
func checkSizes(shape []int) error {
	for i, d := range shape {
		if d < 1 {
			return errors.Errorf("size number %d of the shape: wanted 1 or more, came %d", i, d)
		}
	}
	return nil
}
