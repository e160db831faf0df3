package main

import (
	"fmt"
	"math"
	"math/rand"

	"github.com/plexaura/plexaura/training/dataset"
)

// classes is how many classes each of the data sets has.
const classes = 10

// images are a data set. The labels of train are known for a few images only, and those of validation not at all.
type images struct {
	name                    string
	train, validation, test *dataset.Set
}

func (d *images) String() string {
	return fmt.Sprintf("%s: %d training, %d validation and %d test images of %d pixels", d.name, d.train.Len(), d.validation.Len(), d.test.Len(), d.pixels())
}

// pixels is the size of one image.
func (d *images) pixels() int { return d.train.X.Shape()[1] }

// side is how many pixels high and wide an image is.
func (d *images) side() int { return int(math.Sqrt(float64(d.pixels()))) }

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
	var err error
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
	default:
		err = fmt.Errorf("-data %q is not known; choose mnist, fashion or digits", name)
	}
	if err == nil && d.validation == nil {
		// The book keeps 5,000 of 60,000 for validation.
		d.train, d.validation, err = d.train.Split(dataset.SplitConfig{Count: min(5000, d.train.Len()/10), Stratified: true})
	}
	return d, err
}

// few draws so many images of each class, whose labels are known. A larger draw with the same seed has those of a smaller one.
func (d *images) few(perClass int, seed int64) (*dataset.Set, error) {
	labels := d.train.Labels()
	var places []int
	var drawn [classes]int
	for _, place := range rand.New(rand.NewSource(seed)).Perm(d.train.Len()) {
		if class := labels[place]; drawn[class] < perClass {
			drawn[class]++
			places = append(places, place)
		}
	}
	if len(places) < classes*perClass {
		return nil, fmt.Errorf("%s has classes of fewer than %d images", d.name, perClass)
	}
	return d.train.Subset(places)
}
