package dataset

import (
	"bytes"
	_ "embed" // for the file of the digits

	"github.com/pkg/errors"
)

// digitsCSV is described, with its authors and licence, in digits/README.md.
//
//go:embed digits/digits.csv.gz
var digitsCSV []byte

// digitsSeed fixes the split of Digits. Changing it changes every number that an
// example or a test quotes.
const digitsSeed = 0

// Digits returns the optical digits of AllDigits in three parts, always the same:
// 1257 examples to train on, 180 for validation and 360 for the test, each class
// in proportion (stratified, seed 0).
//
// The parts share their 13 writers, so a test accuracy is higher here than for
// the digits of new writers.
func Digits() (train, validation, test *Set, err error) {
	all, err := AllDigits()
	if err != nil {
		return nil, nil, nil, err
	}
	train, test, err = all.Split(SplitConfig{Count: 360, Stratified: true, Seed: digitsSeed})
	if err != nil {
		return nil, nil, nil, err
	}
	train, validation, err = train.Split(SplitConfig{Count: 180, Stratified: true, Seed: digitsSeed})
	if err != nil {
		return nil, nil, nil, err
	}
	train.Name, validation.Name, test.Name = "digits/train", "digits/validation", "digits/test"
	return train, validation, test, nil
}

// AllDigits returns the 1797 pictures of hand-written digits that are embedded in
// this package, in the order of the file: X float32 [1797, 64], the rows of 8x8
// pixels from 0 (paper) to 1 (ink), which the file counts from 0 to 16; Y the
// digit. Reshape(8, 8, 1) makes pictures of them.
//
// Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits",
// UCI Machine Learning Repository, 1998, doi:10.24432/C50P49, licence CC BY 4.0;
// the part optdigits.tes, as scikit-learn distributes it.
func AllDigits() (*Set, error) {
	s, err := ReadCSV(bytes.NewReader(digitsCSV), CSVConfig{Name: "digits"})
	if err != nil {
		return nil, errors.WithMessage(err, "dataset: AllDigits: the embedded file is damaged")
	}
	return s.Scale(1.0/16, 0)
}
