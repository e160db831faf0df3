package main

import (
	"fmt"

	"github.com/plexaura/plexaura/training/dataset"
)

// images is a data set in its three parts.
type images struct {
	name                    string
	train, validation, test *dataset.Set
	pixels                  int // of one image
}

func (d *images) String() string {
	return fmt.Sprintf("%s: %d training, %d validation and %d test images of %d pixels", d.name, d.train.Len(), d.validation.Len(), d.test.Len(), d.pixels)
}

// load reads the data set that the flags name. With -short it makes do with
// the embedded digits where the data set is not installed.
func load(o options) (*images, error) {
	d, err := installed(o)
	if err != nil && o.short && o.dir == "" && known(o.data) {
		fmt.Printf("%v\n-short runs on the embedded digits of 8x8 pixels instead\n", err)
		d = &images{name: "digits"}
		d.train, d.validation, d.test, err = dataset.Digits()
	}
	if err != nil {
		return nil, err
	}
	if o.short {
		for _, set := range []**dataset.Set{&d.train, &d.validation, &d.test} {
			if *set, err = (*set).Take(min((*set).Len(), 2000)); err != nil {
				return nil, err
			}
		}
	}
	d.pixels = d.train.X.Shape()[1]
	return d, nil
}

func known(name string) bool { return name == "mnist" || name == "fashion" }

// installed reads the files, and keeps 5000 training images for validation.
func installed(o options) (d *images, err error) {
	d = &images{}
	switch o.data {
	case "mnist":
		d.name = "MNIST"
		d.train, d.test, err = dataset.MNIST(o.dir)
	case "fashion":
		d.name = "Fashion-MNIST"
		d.train, d.test, err = dataset.FashionMNIST(o.dir)
	default:
		return nil, fmt.Errorf("-data %q is not known; choose mnist or fashion", o.data)
	}
	if err != nil {
		return nil, err
	}
	d.train, d.validation, err = d.train.Split(dataset.SplitConfig{Count: min(5000, d.train.Len()/10), Stratified: true})
	return d, err
}
