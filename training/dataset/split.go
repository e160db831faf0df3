package dataset

import (
	"math"
	"sort"

	"github.com/pkg/errors"
)

// SplitConfig says how Split divides a set in two.
type SplitConfig struct {
	Fraction   float64 // of the examples that is held out, between 0 and 1; 0 means 0.2
	Count      int     // number of examples that is held out; wins over Fraction when set
	Stratified bool    // hold out the same fraction of every class
	NoShuffle  bool    // hold out the last examples, in their order; not with Stratified
	Seed       int64   // of the choice; 0 is a seed like any other
}

const defaultFraction = 0.2

// Split divides the set in two: held holds round(Fraction * n) examples, rest the
// others. Both are copies in the order of the shuffle, which follows from Seed
// alone; neither is empty. They keep Name and Classes.
//
// With Stratified, each class gives its share up to rounding (by the method of
// largest remainders, so the total is exact).
func (s *Set) Split(cfg SplitConfig) (rest, held *Set, err error) {
	parts, err := s.divide(cfg.places)
	if err != nil {
		return nil, nil, s.wrap(err, "Split")
	}
	return parts[0], parts[1], nil
}

// Split divides any source in two as the method of Set does, with the same
// choice of examples. Both parts read through src. With Stratified, src must be
// Labelled.
func Split(src Source, cfg SplitConfig) (rest, held Source, err error) {
	parts, err := divide(src, cfg.places)
	if err != nil {
		return nil, nil, errors.WithMessage(err, "dataset: Split")
	}
	return parts[0], parts[1], nil
}

// places chooses the examples of the rest and of those held out, of n with the
// given labels. labels is called where they matter.
func (cfg SplitConfig) places(n int, labels func() ([]int64, error)) ([][]int, error) {
	count, err := cfg.count(n)
	if err != nil {
		return nil, err
	}
	if cfg.NoShuffle {
		if cfg.Stratified {
			return nil, errors.New("NoShuffle and Stratified exclude each other; set one")
		}
		return [][]int{between(0, n-count), between(n-count, n)}, nil
	}
	order := make([]int, n)
	permute(order, cfg.Seed, 0)
	if !cfg.Stratified {
		return [][]int{order[count:], order[:count]}, nil
	}
	ids, err := labels()
	if err != nil {
		return nil, err
	}
	rest, held := holdOut(order, ids, count)
	return [][]int{rest, held}, nil
}

// holdOut divides places, in their order, into count that are held out, every
// class by its share, and the rest.
func holdOut(places []int, labels []int64, count int) (rest, held []int) {
	of := make([]int64, len(places))
	for i, p := range places {
		of[i] = labels[p]
	}
	quota := shares(of, count)
	rest, held = make([]int, 0, len(places)-count), make([]int, 0, count)
	for i, p := range places {
		if l := of[i]; quota[l] > 0 {
			quota[l]--
			held = append(held, p)
		} else {
			rest = append(rest, p)
		}
	}
	return rest, held
}

// count is the number of examples to hold out of n.
func (cfg SplitConfig) count(n int) (int, error) {
	if cfg.Count != 0 {
		if cfg.Count < 1 || cfg.Count >= n {
			return 0, errors.Errorf("Count: wanted 1 to %d of %d examples, came %d", n-1, n, cfg.Count)
		}
		return cfg.Count, nil
	}
	f := cfg.Fraction
	if f == 0 {
		f = defaultFraction
	}
	if !(f > 0 && f < 1) {
		return 0, errors.Errorf("Fraction: wanted a number between 0 and 1 (0 means %v), came %v", defaultFraction, cfg.Fraction)
	}
	count := int(math.Round(f * float64(n)))
	if count < 1 || count >= n {
		return 0, errors.Errorf("Fraction %v of %d examples leaves one part empty; set Count", f, n)
	}
	return count, nil
}

// shares divides count among the classes in proportion to their size, by the
// method of largest remainders; ties go to the smaller id.
func shares(labels []int64, count int) map[int64]int {
	size := map[int64]int{}
	for _, l := range labels {
		size[l]++
	}
	ids := make([]int64, 0, len(size))
	for id := range size {
		ids = append(ids, id)
	}
	// Remainders are compared as integers: size*count mod n.
	n := len(labels)
	sort.Slice(ids, func(i, j int) bool {
		ri, rj := size[ids[i]]*count%n, size[ids[j]]*count%n
		if ri != rj {
			return ri > rj
		}
		return ids[i] < ids[j]
	})
	quota := make(map[int64]int, len(ids))
	left := count
	for _, id := range ids {
		quota[id] = size[id] * count / n
		left -= quota[id]
	}
	for _, id := range ids[:left] {
		quota[id]++
	}
	return quota
}
