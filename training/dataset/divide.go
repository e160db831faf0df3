package dataset

import "github.com/pkg/errors"

// division chooses the examples of each part of n examples. labels is called where
// they matter.
type division func(n int, labels func() ([]int64, error)) ([][]int, error)

// divide copies the parts of a set.
func (s *Set) divide(choose division) ([]*Set, error) {
	x, y, err := s.rows()
	if err != nil {
		return nil, err
	}
	parts, err := choose(x.n, func() ([]int64, error) { return labelsOf(y) })
	if err != nil {
		return nil, err
	}
	sets := make([]*Set, len(parts))
	for i, places := range parts {
		sets[i] = s.subset(x, y, places)
	}
	return sets, nil
}

// divide makes views of the parts of a source.
func divide(src Source, choose division) ([]Source, error) {
	src, err := opened(src)
	if err != nil {
		return nil, err
	}
	parts, err := choose(src.Len(), func() ([]int64, error) {
		labels := sourceLabels(src)
		if labels == nil {
			return nil, errors.New("Stratified wants a source that knows its labels (Labelled), came one that does not")
		}
		if len(labels) != src.Len() {
			return nil, errors.Errorf("wanted as many labels as examples, came %d for %s", len(labels), plural(src.Len(), "example", "examples"))
		}
		return labels, nil
	})
	if err != nil {
		return nil, err
	}
	views := make([]Source, len(parts))
	for i, places := range parts {
		views[i] = &view{src: src, places: places}
	}
	return views, nil
}
