package main

import (
	"fmt"

	"github.com/plexaura/plexaura/training/dataset"
)

const classes = 10

// images is a data set, divided as the exercise wants it.
type images struct {
	name     string
	paired   *dataset.Set // what pairs are made of
	labelled *dataset.Set // what classes are learnt from
	test     *dataset.Set // of both tasks
}

func (d *images) String() string {
	return fmt.Sprintf("%s, %d pixels: pairs of %d images, %d with labels, %d test images", d.name, d.pixels(), d.paired.Len(), d.labelled.Len(), d.test.Len())
}

// pixels is the size of one image.
func (d *images) pixels() int { return d.test.X.Shape()[1] }

// load finds the data set that the flags name; without a name, MNIST, or else Fashion-MNIST, or else the embedded digits, which -short takes.
func load(o options) (*images, error) {
	names := []string{o.data}
	switch {
	case o.data != "":
	case o.dir != "":
		names = []string{"mnist", "fashion"}
	case o.short:
		names = []string{"digits"}
	default:
		names = []string{"mnist", "fashion", "digits"}
	}
	var failed error
	for _, name := range names {
		d, err := read(name, o.dir)
		if err == nil {
			return d, nil
		}
		failed = err
	}
	return nil, failed
}

func read(name, dir string) (*images, error) {
	d := &images{}
	var train *dataset.Set
	var err error
	switch name {
	case "mnist":
		d.name = "MNIST"
		train, d.test, err = dataset.MNIST(dir)
	case "fashion":
		d.name = "Fashion-MNIST"
		train, d.test, err = dataset.FashionMNIST(dir)
	case "digits":
		d.name = "optical digits"
		train, _, d.test, err = dataset.Digits()
	default:
		err = fmt.Errorf("-data %q is not known; choose mnist, fashion or digits", name)
	}
	if err != nil {
		return nil, err
	}
	// The book makes pairs of 55,000 of 60,000 and learns the classes of the others.
	d.paired, d.labelled, err = train.Split(dataset.SplitConfig{Count: min(5000, train.Len()/5), Stratified: true})
	return d, err
}
