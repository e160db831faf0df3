package dataset

import (
	"sort"

	"github.com/pkg/errors"
)

// KFoldConfig says how KFold divides examples for k-fold cross-validation.
type KFoldConfig struct {
	Folds      int   // k, from 2 to the number of examples; 0 means 5
	Stratified bool  // spread every class evenly over the folds
	NoShuffle  bool  // folds of neighbours (with Stratified: examples dealt in their order)
	Seed       int64 // of the shuffle; 0 is a seed like any other
}

const defaultFolds = 5

// KFold returns fold number i of k, from 0: validation is that fold, train all
// others. Every example is in the validation part of exactly one fold; the sizes
// of folds differ by one at most. Both parts are copies; they keep Name and Classes.
//
// With Stratified, the numbers of a class in two folds differ by one at most, so a
// class with fewer than k examples is missing in some folds.
func (s *Set) KFold(cfg KFoldConfig, i int) (train, validation *Set, err error) {
	parts, err := s.divide(cfg.fold(i))
	if err != nil {
		return nil, nil, s.wrap(err, "KFold")
	}
	return parts[0], parts[1], nil
}

// KFold returns a fold of any source as the method of Set does, with the same
// choice of examples. Both parts read through src. With Stratified, src must be
// Labelled.
func KFold(src Source, cfg KFoldConfig, i int) (train, validation Source, err error) {
	parts, err := divide(src, cfg.fold(i))
	if err != nil {
		return nil, nil, errors.WithMessage(err, "dataset: KFold")
	}
	return parts[0], parts[1], nil
}

// fold chooses the examples of fold i.
func (cfg KFoldConfig) fold(i int) division {
	return func(n int, labels func() ([]int64, error)) ([][]int, error) {
		k := cfg.Folds
		if k == 0 {
			k = defaultFolds
		}
		if k < 2 || k > n {
			return nil, errors.Errorf("Folds: wanted 2 to the number of examples, %d (0 means %d), came %d", n, defaultFolds, cfg.Folds)
		}
		if i < 0 || i >= k {
			return nil, errors.Errorf("wanted a fold from 0 to %d, came %d", k-1, i)
		}
		order := between(0, n)
		if !cfg.NoShuffle {
			permute(order, cfg.Seed, 0)
		}
		var in func(place int) int // the fold of a place of order
		if cfg.Stratified {
			ids, err := labels()
			if err != nil {
				return nil, err
			}
			folds := deal(order, ids, k)
			in = func(place int) int { return folds[place] }
		} else {
			in = func(place int) int { return place * k / n }
		}
		var train, validation []int
		for place, p := range order {
			if in(place) == i {
				validation = append(validation, p)
			} else {
				train = append(train, p)
			}
		}
		return [][]int{train, validation}, nil
	}
}

// deal gives every place of order a fold: the examples, class by class, go round
// the folds like cards. That spreads every class, and all together, evenly.
func deal(order []int, labels []int64, k int) []int {
	places := between(0, len(order))
	sort.SliceStable(places, func(a, b int) bool { return labels[order[places[a]]] < labels[order[places[b]]] })
	folds := make([]int, len(order))
	for card, place := range places {
		folds[place] = card % k
	}
	return folds
}
