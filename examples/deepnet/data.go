package main

import (
	"fmt"

	"github.com/plexaura/plexaura/training/dataset"
)

// images are what all variants train on and are tested with.
type images struct{ train, test *dataset.Set }

// load reads the images and standardises their pixels: the rules for initial
// weights count on inputs of mean 0 and variance 1.
func load(o options) (*images, error) {
	var (
		d   images
		err error
	)
	switch o.data {
	case "digits":
		d.train, _, d.test, err = dataset.Digits()
	case "mnist":
		d.train, d.test, err = dataset.MNIST(o.dir)
	case "fashion":
		d.train, d.test, err = dataset.FashionMNIST(o.dir)
	default:
		err = fmt.Errorf("-data %q is not known; choose digits, mnist or fashion", o.data)
	}
	if err != nil {
		return nil, err
	}
	if d.train, err = d.train.Take(min(o.images, d.train.Len())); err != nil {
		return nil, err
	}
	z, err := dataset.NewStandardizer(d.train)
	if err != nil {
		return nil, err
	}
	if d.train, err = z.Apply(d.train); err != nil {
		return nil, err
	}
	d.test, err = z.Apply(d.test)
	return &d, err
}
