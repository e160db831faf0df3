package dataset

import "github.com/pkg/errors"

// Subset is the examples of src at the given places, in that order, read through
// src when they are wanted. A place may occur more than once. (The method of Set
// copies them into another Set.)
func Subset(src Source, places []int) (Source, error) {
	src, err := opened(src)
	if err != nil {
		return nil, errors.WithMessage(err, "dataset: Subset")
	}
	if len(places) == 0 {
		return nil, errors.New("dataset: Subset: wanted at least one place, came none")
	}
	n := src.Len()
	for i, p := range places {
		if p < 0 || p >= n {
			return nil, errors.Errorf("dataset: Subset: place number %d: wanted 0 to %d, came %d", i, n-1, p)
		}
	}
	return &view{src: src, places: append([]int(nil), places...)}, nil
}

// Take is the first n examples of src, read through it. A source with fewer
// examples is an error.
func Take(src Source, n int) (Source, error) {
	src, err := opened(src)
	if err != nil {
		return nil, errors.WithMessage(err, "dataset: Take")
	}
	if n < 1 || n > src.Len() {
		return nil, errors.Errorf("dataset: Take: wanted 1 to %s, came %d", plural(src.Len(), "example", "examples"), n)
	}
	return &view{src: src, places: between(0, n)}, nil
}

// Skip is src without its first n examples, read through it. A source with no
// example after those is an error.
func Skip(src Source, n int) (Source, error) {
	src, err := opened(src)
	if err != nil {
		return nil, errors.WithMessage(err, "dataset: Skip")
	}
	if n < 0 || n >= src.Len() {
		return nil, errors.Errorf("dataset: Skip: wanted to leave some of %s, came %d", plural(src.Len(), "example", "examples"), n)
	}
	return &view{src: src, places: between(n, src.Len())}, nil
}

func between(from, to int) []int {
	out := make([]int, to-from)
	for i := range out {
		out[i] = from + i
	}
	return out
}

// view is some examples of a source; places are known to exist.
type view struct {
	src    Source
	places []int
}

func (v *view) Len() int { return len(v.places) }

func (v *view) Labels() []int64 {
	all := sourceLabels(v.src)
	if all == nil {
		return nil
	}
	labels := make([]int64, len(v.places))
	for i, p := range v.places {
		labels[i] = all[p]
	}
	return labels
}

func (v *view) Read(e *Example) error {
	outer := e.Index
	if outer < 0 || outer >= len(v.places) {
		return errors.Errorf("wanted an example from 0 to %d, came %d", len(v.places)-1, outer)
	}
	e.Index = v.places[outer]
	err := v.src.Read(e)
	e.Index = outer
	return err
}
