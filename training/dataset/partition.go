package dataset

import (
	"math"

	"github.com/pkg/errors"
)

// PartitionConfig says how Partition divides examples into those to train on,
// those for validation and those for the test.
type PartitionConfig struct {
	Validation float64 // fraction of all examples, between 0 and 1; 0 means 0.1
	Test       float64 // fraction of all examples, between 0 and 1; 0 means 0.2
	Stratified bool    // the same fractions of every class
	Seed       int64   // of the choice; 0 is a seed like any other
}

const (
	defaultValidation = 0.1
	defaultTest       = 0.2
)

// Partition divides the set in three: test holds round(Test * n) examples,
// validation round(Validation * n), train the others. They are copies in the order
// of one shuffle, which follows from Seed alone; none is empty. They keep Name and
// Classes.
//
// With Stratified, each class gives its share up to rounding (by the method of
// largest remainders, so the totals are exact).
func (s *Set) Partition(cfg PartitionConfig) (train, validation, test *Set, err error) {
	parts, err := s.divide(cfg.places)
	if err != nil {
		return nil, nil, nil, s.wrap(err, "Partition")
	}
	return parts[0], parts[1], parts[2], nil
}

// Partition divides any source in three as the method of Set does, with the same
// choice of examples. The parts read through src. With Stratified, src must be
// Labelled.
func Partition(src Source, cfg PartitionConfig) (train, validation, test Source, err error) {
	parts, err := divide(src, cfg.places)
	if err != nil {
		return nil, nil, nil, errors.WithMessage(err, "dataset: Partition")
	}
	return parts[0], parts[1], parts[2], nil
}

func (cfg PartitionConfig) places(n int, labels func() ([]int64, error)) ([][]int, error) {
	validation, test, err := cfg.counts(n)
	if err != nil {
		return nil, err
	}
	order := make([]int, n)
	permute(order, cfg.Seed, 0)
	if !cfg.Stratified {
		return [][]int{order[test+validation:], order[test : test+validation], order[:test]}, nil
	}
	ids, err := labels()
	if err != nil {
		return nil, err
	}
	rest, tested := holdOut(order, ids, test)
	trained, validated := holdOut(rest, ids, validation)
	return [][]int{trained, validated, tested}, nil
}

func (cfg PartitionConfig) counts(n int) (validation, test int, err error) {
	if cfg.Validation == 0 {
		cfg.Validation = defaultValidation
	}
	if cfg.Test == 0 {
		cfg.Test = defaultTest
	}
	if !(cfg.Validation > 0 && cfg.Test > 0 && cfg.Validation+cfg.Test < 1) {
		return 0, 0, errors.Errorf("wanted Validation and Test above 0 and together below 1 (0 means %v and %v), came %v and %v",
			defaultValidation, defaultTest, cfg.Validation, cfg.Test)
	}
	validation, test = int(math.Round(cfg.Validation*float64(n))), int(math.Round(cfg.Test*float64(n)))
	if validation < 1 || test < 1 || validation+test >= n {
		return 0, 0, errors.Errorf("Validation %v and Test %v of %s leave a part empty", cfg.Validation, cfg.Test, plural(n, "example", "examples"))
	}
	return validation, test, nil
}
