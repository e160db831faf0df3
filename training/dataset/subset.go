package dataset

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Slice returns the examples from (inclusive) to (exclusive), on the same memory.
// It must not be empty.
func (s *Set) Slice(from, to int) (*Set, error) {
	out, err := s.between(from, to)
	if err != nil {
		return nil, s.wrap(err, fmt.Sprintf("Slice(%d, %d)", from, to))
	}
	return out, nil
}

// Take returns the first n examples, on the same memory. A set with fewer
// examples is an error.
func (s *Set) Take(n int) (*Set, error) {
	out, err := s.between(0, n)
	if err != nil {
		return nil, s.wrap(err, fmt.Sprintf("Take(%d)", n))
	}
	return out, nil
}

func (s *Set) between(from, to int) (*Set, error) {
	x, y, err := s.rows()
	if err != nil {
		return nil, err
	}
	if from < 0 || to > x.n || from >= to {
		return nil, errors.Errorf("wanted at least one of the examples 0 to %d, came from %d up to %d", x.n-1, from, to)
	}
	var labels tensor.Tensor
	if y.data != nil {
		labels = y.between(from, to)
	}
	return s.with(x.between(from, to), labels), nil
}

// Subset returns copies of the examples at the given places, in that order. A
// place may occur more than once.
func (s *Set) Subset(places []int) (*Set, error) {
	x, y, err := s.rows()
	if err != nil {
		return nil, s.wrap(err, "Subset")
	}
	if len(places) == 0 {
		return nil, s.wrap(errors.New("wanted at least one place, came none"), "Subset")
	}
	for i, p := range places {
		if p < 0 || p >= x.n {
			return nil, s.wrap(errors.Errorf("place number %d: wanted 0 to %d, came %d", i, x.n-1, p), "Subset")
		}
	}
	return s.subset(x, y, places), nil
}

// subset is Subset for places that are known to exist.
func (s *Set) subset(x, y rows, places []int) *Set {
	var labels tensor.Tensor
	if y.data != nil {
		labels = y.at(places)
	}
	return s.with(x.at(places), labels)
}

// Only returns the examples of the given classes in their order, with the labels
// numbered anew: the first class given becomes 0, the second 1, and so on.
// Only(5, 6, 7, 8, 9) of MNIST has the labels 0 to 4 for the digits 5 to 9, as a
// network with five outputs needs. Each class must occur in the set.
func (s *Set) Only(classes ...int) (*Set, error) {
	out, err := s.only(classes)
	if err != nil {
		return nil, s.wrap(err, fmt.Sprintf("Only%v", classes))
	}
	return out, nil
}

func (s *Set) only(classes []int) (*Set, error) {
	x, y, err := s.rows()
	if err != nil {
		return nil, err
	}
	labels, err := labelsOf(y)
	if err != nil {
		return nil, err
	}
	if len(classes) == 0 {
		return nil, errors.New("wanted at least one class, came none")
	}
	newID := make(map[int64]int64, len(classes))
	for i, c := range classes {
		if _, twice := newID[int64(c)]; twice {
			return nil, errors.Errorf("class %d is given twice", c)
		}
		newID[int64(c)] = int64(i)
	}
	var places []int
	var ids []int64
	found := make([]bool, len(classes))
	for i, l := range labels {
		if id, ok := newID[l]; ok {
			places, ids = append(places, i), append(ids, id)
			found[id] = true
		}
	}
	for i, ok := range found {
		if !ok {
			return nil, errors.Errorf("class %d has no example; the set has the classes %v", classes[i], present(labels))
		}
	}
	out := s.with(x.at(places), tensor.New(tensor.WithShape(len(ids)), tensor.WithBacking(ids)))
	out.Classes = nil
	if len(s.Classes) > 0 {
		for _, c := range classes {
			if c >= len(s.Classes) {
				return nil, errors.Errorf("class %d has no name: Classes has %d", c, len(s.Classes))
			}
			out.Classes = append(out.Classes, s.Classes[c])
		}
	}
	return out, nil
}

// present lists the ids that occur, at most twenty, in the order of their first example.
func present(labels []int64) []int64 {
	var ids []int64
	seen := map[int64]bool{}
	for _, l := range labels {
		if !seen[l] && len(ids) < 20 {
			ids, seen[l] = append(ids, l), true
		}
	}
	return ids
}

// PerClass returns the first n examples of every class, in their order: a small
// set for transfer learning. A class with fewer examples is an error. Split with
// Stratified makes a random choice instead.
func (s *Set) PerClass(n int) (*Set, error) {
	fail := func(err error) (*Set, error) { return nil, s.wrap(err, fmt.Sprintf("PerClass(%d)", n)) }
	x, y, err := s.rows()
	if err != nil {
		return fail(err)
	}
	labels, err := labelsOf(y)
	if err != nil {
		return fail(err)
	}
	if n < 1 {
		return fail(errors.New("wanted 1 or more"))
	}
	counts := map[int64]int{}
	var places []int
	for i, l := range labels {
		if counts[l]++; counts[l] <= n {
			places = append(places, i)
		}
	}
	for _, l := range labels {
		if counts[l] < n {
			return fail(errors.Errorf("class %d has only %s", l, plural(counts[l], "example", "examples")))
		}
	}
	return s.subset(x, y, places), nil
}
