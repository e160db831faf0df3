package dataset

import "github.com/pkg/errors"

// AnyImagesConfig says which images AnyImages returns, and how many.
type AnyImagesConfig struct {
	// Name is "mnist", "fashion" or "digits". Empty means the first of them, in this order, that
	// is found; the digits are embedded, so one always is.
	Name string
	// Limit is how many images there are to train on, at most; validation and test have a fifth of
	// that each, at most. 0 means no limit.
	Limit int
}

// AnyImages returns whatever labelled images are at hand, in three parts: those of MNIST where its
// files are found, else of FashionMNIST, else the embedded Digits. It is for examples and
// notebooks that run the same code on all of them: X is float32 [n, pixels] from 0 to 1, where
// pixels is 784 (28x28) or, for the digits, 64 (8x8); Y is int64 [n], one of 10 classes.
//
// A data set that is found but is damaged is an error. The validation part of the large ones is a
// tenth of their images to train on, each class in proportion (stratified, seed 0); that of 60,000
// is 5,000, as in the book.
func AnyImages(cfg AnyImagesConfig) (train, validation, test *Set, err error) {
	if train, validation, test, err = cfg.load(); err == nil && cfg.Limit > 0 {
		train, validation, test = first(train, cfg.Limit), first(validation, cfg.Limit/5), first(test, cfg.Limit/5)
	}
	if err != nil {
		return nil, nil, nil, errors.WithMessage(err, "dataset: AnyImages")
	}
	return train, validation, test, nil
}

func (cfg AnyImagesConfig) load() (train, validation, test *Set, err error) {
	if cfg.Limit != 0 && cfg.Limit < 5 {
		return nil, nil, nil, errors.Errorf("Limit: wanted 5 images or more, or 0 for all, came %d", cfg.Limit)
	}
	families := map[string][]*mnistFamily{"": {mnist, fashionMNIST}, "mnist": {mnist}, "fashion": {fashionMNIST}, "digits": nil}
	candidates, ok := families[cfg.Name]
	if !ok {
		return nil, nil, nil, errors.Errorf(`Name: wanted "mnist", "fashion" or "digits", or nothing for the first that is found, came %q`, cfg.Name)
	}
	for _, m := range candidates {
		if _, err := m.find(""); err != nil && cfg.Name == "" {
			continue
		}
		if train, test, err = m.load(""); err != nil {
			return nil, nil, nil, err
		}
		train, validation, err = train.Split(SplitConfig{Count: max(1, min(5000, train.Len()/10)), Stratified: true})
		return train, validation, test, err
	}
	return Digits()
}

// first returns copies of the first n examples of a sound set, or of all: the rest, which may
// be large, is free to go.
func first(s *Set, n int) *Set {
	if s.Len() <= n {
		return s
	}
	x, y, err := s.rows()
	if err != nil {
		return s
	}
	return s.subset(x, y, between(0, n))
}
