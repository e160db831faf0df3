package main

import (
	"fmt"

	"github.com/plexaura/plexaura/training/dataset"
)

const classes = 10

// images is a data set in three parts.
type images struct {
	name                    string
	train, validation, test *dataset.Set
}

func (d *images) String() string {
	return fmt.Sprintf("%s: %d training, %d validation and %d test images", d.name, d.train.Len(), d.validation.Len(), d.test.Len())
}

// pixels is the size of one image.
func (d *images) pixels() int { return d.train.X.Shape()[1] }

// load finds the data set that the flags name; without a name, MNIST, or else
// Fashion-MNIST, or else the embedded digits. -short takes 2000 images.
func load(o options) (*images, error) {
	var failed error
	for _, name := range o.names() {
		d, err := read(name, o.dir)
		if err != nil {
			failed = err
			continue
		}
		if o.short {
			err = d.shorten(2000)
		}
		return d, err
	}
	return nil, failed
}

func (o options) names() []string {
	switch {
	case o.data != "":
		return []string{o.data}
	case o.dir != "":
		return []string{"mnist", "fashion"}
	}
	return []string{"mnist", "fashion", "digits"}
}

func read(name, dir string) (d *images, err error) {
	d = &images{}
	switch name {
	case "mnist":
		d.name = "MNIST"
		d.train, d.test, err = dataset.MNIST(dir)
	case "fashion":
		d.name = "Fashion-MNIST"
		d.train, d.test, err = dataset.FashionMNIST(dir)
	case "digits":
		d.name = "optical digits"
		d.train, d.validation, d.test, err = dataset.Digits()
		return d, err
	default:
		return nil, fmt.Errorf("-data %q is not known; choose mnist, fashion or digits", name)
	}
	if err != nil {
		return nil, err
	}
	// The book keeps the first 5,000 of 60,000 for validation.
	d.train, d.validation, err = d.train.Split(dataset.SplitConfig{Count: min(5000, d.train.Len()/10), Stratified: true})
	return d, err
}

func (d *images) shorten(n int) (err error) {
	for _, set := range []**dataset.Set{&d.train, &d.validation, &d.test} {
		if *set, err = (*set).Take(min((*set).Len(), n)); err != nil {
			return err
		}
	}
	return nil
}

// standard returns the images with pixels of mean 0 and deviation 1 over the
// training images.
func (d *images) standard() (*images, error) {
	z, err := dataset.NewStandardizer(d.train)
	if err != nil {
		return nil, err
	}
	out := &images{name: d.name}
	for to, from := range map[**dataset.Set]*dataset.Set{&out.train: d.train, &out.validation: d.validation, &out.test: d.test} {
		if *to, err = z.Apply(from); err != nil {
			return nil, err
		}
	}
	return out, nil
}
