package main

import (
	"fmt"

	"github.com/plexaura/plexaura/training/dataset"
)

// images is a data set in its three parts.
type images struct {
	name                    string
	train, validation, test *dataset.Set
	pixels                  int // of a side
}

func (d *images) String() string {
	return fmt.Sprintf("%s: %d training, %d validation and %d test images of %dx%d pixels",
		d.name, d.train.Len(), d.validation.Len(), d.test.Len(), d.pixels, d.pixels)
}

// load reads Fashion-MNIST and holds 5000 of its training images back for validation. In short it takes 2000 of each, or the embedded digits where
// Fashion-MNIST is not installed.
func load(dir string, short bool) (*images, error) {
	d := &images{name: "Fashion-MNIST", pixels: 28}
	var err error
	d.train, d.test, err = dataset.FashionMNIST(dir)
	switch {
	case err == nil:
		d.train, d.validation, err = d.train.Split(dataset.SplitConfig{Count: min(5000, d.train.Len()/10), Stratified: true})
	case short && dir == "":
		fmt.Printf("%v\n-short runs on the embedded digits instead\n", err)
		d.name, d.pixels = "digits", 8
		d.train, d.validation, d.test, err = dataset.Digits()
	}
	if err != nil {
		return nil, err
	}
	for _, set := range []**dataset.Set{&d.train, &d.validation, &d.test} {
		if short {
			if *set, err = (*set).Take(min((*set).Len(), 2000)); err != nil {
				return nil, err
			}
		}
		if *set, err = (*set).Reshape(d.pixels, d.pixels, 1); err != nil {
			return nil, err
		}
	}
	return d, nil
}
