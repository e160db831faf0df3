package main

import (
	"fmt"
	"math/rand"

	"github.com/plexaura/plexaura/training/dataset"
)

const classes = 10

// most is the larger number of labels of a class.
const most = 20

// images are what is drawn from and what is judged by.
type images struct {
	name   string
	pixels int          // of a side
	pool   *dataset.Set // one image of each class after the other
	test   *dataset.Set
}

// load reads Fashion-MNIST; in short 500 of its test images, or the embedded digits where it is not installed.
func load(o options) (*images, error) {
	d := &images{name: "Fashion-MNIST", pixels: 28}
	train, test, err := dataset.FashionMNIST(o.dir)
	if err != nil && o.short && o.dir == "" {
		fmt.Printf("%v\n-short runs on the embedded digits instead\n", err)
		d.name, d.pixels = "digits", 8
		train, _, test, err = dataset.Digits()
	}
	if err != nil {
		return nil, err
	}
	if o.validate {
		if train, test, err = train.Split(dataset.SplitConfig{Count: min(5000, train.Len()/5), Stratified: true}); err != nil {
			return nil, err
		}
	}
	if o.short {
		if test, err = test.Take(min(test.Len(), 500)); err != nil {
			return nil, err
		}
	}
	if d.test, err = test.Reshape(d.pixels, d.pixels, 1); err != nil {
		return nil, err
	}
	if d.pool, err = draw(train, o.draws, o.seed); err != nil {
		return nil, err
	}
	d.pool, err = d.pool.Reshape(d.pixels, d.pixels, 1)
	return d, err
}

// draw takes images for all draws at random, no image twice.
func draw(set *dataset.Set, draws int, seed int64) (*dataset.Set, error) {
	set, err := set.Subset(rand.New(rand.NewSource(seed)).Perm(set.Len()))
	if err != nil {
		return nil, err
	}
	if set, err = set.PerClass(most * draws); err != nil {
		return nil, err
	}
	taken, places := [classes]int{}, make([]int, set.Len())
	for i, label := range set.Labels() { // one of each class, and again one of each
		places[taken[label]*classes+int(label)] = i
		taken[label]++
	}
	return set.Subset(places)
}
