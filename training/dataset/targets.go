package dataset

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// WithTargets returns the same examples with numbers to predict, for regression, in
// place of class ids. The targets lie one behind the other in y, each of the given
// shape (none: single numbers), and Y shares their memory: Y is float32 [n], or
// [n, k] for the shape k.
//
//	set, err := dataset.FromSlices(x, nil)
//	...
//	set, err = set.WithTargets(prices)
func (s *Set) WithTargets(y []float32, shape ...int) (*Set, error) {
	targets, err := s.targets(y, shape)
	if err != nil {
		return nil, s.wrap(err, "WithTargets")
	}
	return &Set{X: s.X, Y: targets, Name: s.Name}, nil
}

func (s *Set) targets(y []float32, shape []int) (tensor.Tensor, error) {
	x, _, err := s.rows()
	if err != nil {
		return nil, err
	}
	if err := checkSizes(shape); err != nil {
		return nil, err
	}
	if len(y)%x.n != 0 || !fills(shape, len(y)/x.n) {
		return nil, errors.Errorf("wanted %s of shape %v, came %d values", plural(x.n, "target", "targets"), tensor.Shape(shape), len(y))
	}
	return tensor.New(tensor.WithShape(append([]int{x.n}, shape...)...), tensor.WithBacking(y)), nil
}
