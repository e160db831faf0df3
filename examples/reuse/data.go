package main

import (
	"fmt"
	"math/rand"
	"slices"

	"github.com/plexaura/plexaura/training/dataset"
)

// classes is how many classes a network tells: half of those of the data set.
const classes = 5

// images is a data set, divided into its classes 0 to 4 and 5 to 9.
type images struct {
	name         string
	lower, upper half
}

// half is five of the classes, numbered from 0.
type half struct{ train, validation, test *dataset.Set }

func (d *images) String() string {
	return fmt.Sprintf("%s, %d pixels: classes 0 to 4 %v; classes 5 to 9 %v", d.name, d.pixels(), d.lower, d.upper)
}

func (h half) String() string {
	return fmt.Sprintf("%d training, %d validation and %d test images", h.train.Len(), h.validation.Len(), h.test.Len())
}

// pixels is the size of one image.
func (d *images) pixels() int { return d.lower.train.X.Shape()[1] }

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
	var all half
	var err error
	title := ""
	switch name {
	case "mnist":
		title = "MNIST"
		all.train, all.test, err = dataset.MNIST(dir)
	case "fashion":
		title = "Fashion-MNIST"
		all.train, all.test, err = dataset.FashionMNIST(dir)
	case "digits":
		title = "optical digits"
		all.train, all.validation, all.test, err = dataset.Digits()
	default:
		err = fmt.Errorf("-data %q is not known; choose mnist, fashion or digits", name)
	}
	if err == nil && all.validation == nil {
		// The book keeps 5,000 of 60,000 for validation.
		all.train, all.validation, err = all.train.Split(dataset.SplitConfig{Count: min(5000, all.train.Len()/10), Stratified: true})
	}
	if err != nil {
		return nil, err
	}
	d := &images{name: title}
	if d.lower, err = all.only(0, 1, 2, 3, 4); err == nil {
		d.upper, err = all.only(5, 6, 7, 8, 9)
	}
	return d, err
}

// only takes some of the classes and numbers them anew.
func (h half) only(labels ...int) (some half, err error) {
	for to, from := range map[**dataset.Set]*dataset.Set{&some.train: h.train, &some.validation: h.validation, &some.test: h.test} {
		if *to, err = from.Only(labels...); err != nil {
			return half{}, err
		}
	}
	return some, nil
}

// few draws so many images of each class to train on, and 30 for validation, or as many as there are.
func (h half) few(perClass int, seed int64) (half, error) {
	draw := rand.New(rand.NewSource(seed))
	pick := func(set *dataset.Set, n int) (*dataset.Set, error) {
		counts, err := set.ClassCounts()
		if err != nil {
			return nil, err
		}
		if set, err = set.Subset(draw.Perm(set.Len())); err != nil {
			return nil, err
		}
		return set.PerClass(min(n, slices.Min(counts)))
	}
	train, err := pick(h.train, perClass)
	if err != nil {
		return half{}, err
	}
	validation, err := pick(h.validation, 30)
	return half{train, validation, h.test}, err
}
