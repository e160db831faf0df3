package dataset

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Set is a number of labelled examples.
//
// The methods that derive another Set leave this one as it is. They return an
// error where X and Y do not fit together, so a Set may be written as a literal.
type Set struct {
	X       tensor.Tensor // examples, float32 [n, ...]
	Y       tensor.Tensor // class ids, int64 [n], or targets, float32 [n, ...]; nil where there are neither
	Classes []string      // name of class id i; may be nil
	Name    string        // for messages, such as "mnist/train"
}

// Len returns the number of examples; 0 for a nil or empty Set.
func (s *Set) Len() int {
	if s == nil || s.X == nil || len(s.X.Shape()) == 0 {
		return 0
	}
	return s.X.Shape()[0]
}

// String describes the set in one line, such as
//
//	digits/train: 1257 examples, X float32 (1257, 64), Y int64 (1257), 10 classes
func (s *Set) String() string {
	if s == nil {
		return "dataset.Set(nil)"
	}
	name := s.Name
	if name == "" {
		name = "set"
	}
	parts := []string{plural(s.Len(), "example", "examples")}
	if s.X != nil {
		parts = append(parts, fmt.Sprintf("X %v %v", s.X.Dtype(), s.X.Shape()))
	}
	if s.Y != nil {
		parts = append(parts, fmt.Sprintf("Y %v %v", s.Y.Dtype(), s.Y.Shape()))
	}
	if len(s.Classes) > 0 {
		parts = append(parts, plural(len(s.Classes), "class", "classes"))
	}
	return name + ": " + strings.Join(parts, ", ")
}

func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Reshape returns the set with every example in the given shape, on the same
// memory: the pictures of MNIST as Reshape(28, 28, 1) are [n, 28, 28, 1] (NHWC),
// as Reshape(1, 28, 28) they are [n, 1, 28, 28] (NCHW), as Reshape(784) flat again.
// It moves no elements, so with several channels it does not turn one layout into
// the other.
func (s *Set) Reshape(shape ...int) (*Set, error) {
	x, _, err := s.rows()
	if err != nil {
		return nil, s.wrap(err, "Reshape")
	}
	if !fills(shape, x.width) {
		return nil, s.wrap(errors.Errorf("wanted a shape of %d elements (an example is %v), came %v", x.width, tensor.Shape(x.inner), tensor.Shape(shape)), "Reshape")
	}
	x.inner = shape
	return s.with(x.tensor(x.data, x.n), s.Y), nil
}

// fills tells whether shape has n elements, without overflowing.
func fills(shape []int, n int) bool {
	for _, d := range shape {
		if d < 1 || n%d != 0 {
			return false
		}
		n /= d
	}
	return n == 1
}

// ClassCounts returns how many examples each class has: one number per class,
// as many as Classes has names or the largest label needs.
func (s *Set) ClassCounts() ([]int, error) {
	x, y, err := s.rows()
	if err != nil {
		return nil, s.wrap(err, "ClassCounts")
	}
	labels, err := labelsOf(y)
	if err != nil {
		return nil, s.wrap(err, "ClassCounts")
	}
	top := int64(len(s.Classes))
	for i, l := range labels {
		// A count per id is only sensible while ids are small: a stray label of
		// 1<<60 must not become an allocation.
		if limit := max(int64(len(s.Classes)), int64(x.n), maxIntegerLabel); l < 0 || l > limit {
			return nil, s.wrap(errors.Errorf("label %d of example %d: wanted 0 to %d", l, i, limit), "ClassCounts")
		}
		top = max(top, l+1)
	}
	counts := make([]int, top)
	for _, l := range labels {
		counts[l]++
	}
	return counts, nil
}

// rows reads X and Y; y.data is nil where the set has no labels.
func (s *Set) rows() (x, y rows, err error) {
	if s == nil {
		return x, y, errors.New("wanted a set, came nil")
	}
	if s.X == nil {
		return x, y, errors.New("X: wanted a tensor float32 [n, ...], came nil")
	}
	if x, err = rowsOf(s.X); err != nil {
		return x, y, errors.WithMessage(err, "X")
	}
	if s.Y == nil {
		return x, y, nil
	}
	if y, err = rowsOf(s.Y); err != nil {
		return x, y, errors.WithMessage(err, "Y")
	}
	if y.n != x.n {
		return x, y, errors.Errorf("wanted as many labels as examples, came X %v and Y %v", s.X.Shape(), s.Y.Shape())
	}
	return x, y, nil
}

// labelsOf returns class ids as a slice, or an error where y holds none.
func labelsOf(y rows) ([]int64, error) {
	if y.data == nil {
		return nil, errors.New("the set has no labels: Y is nil, wanted int64 [n]")
	}
	labels, ok := y.data.raw().([]int64)
	if !ok || len(y.inner) != 0 {
		return nil, errors.Errorf("Y: wanted class ids int64 [n], came %T of shape %v", y.data.raw(), tensor.Shape(append([]int{y.n}, y.inner...)))
	}
	return labels, nil
}

// with is a set of other tensors under the name and classes of this one.
func (s *Set) with(x, y tensor.Tensor) *Set {
	return &Set{X: x, Y: y, Classes: s.Classes, Name: s.Name}
}

// wrap says where an error comes from: the method and the set's name.
func (s *Set) wrap(err error, method string) error {
	if s != nil && s.Name != "" {
		return errors.WithMessagef(err, "dataset: %s of %q", method, s.Name)
	}
	return errors.WithMessagef(err, "dataset: %s", method)
}
