package main

import (
	"context"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// digits returns the images of the given classes, which are numbered anew: the
// embedded ones of 64 pixels, or MNIST's of 784.
func digits(pixels int, classes ...int) (train, test *dataset.Set, err error) {
	switch pixels {
	case 64:
		train, _, test, err = dataset.Digits()
	case 784:
		train, test, err = dataset.MNIST("")
	default:
		return nil, nil, fmt.Errorf("the network takes images of %d pixels; there are digits of 64 and of 784", pixels)
	}
	if err != nil {
		return nil, nil, err
	}
	if train, err = train.Only(classes...); err != nil {
		return nil, nil, err
	}
	test, err = test.Only(classes...)
	return train, test, err
}

// fit trains on all images, as often as cfg.Epochs says.
func fit(sess *graph.Session, cfg training.FitConfig, train *dataset.Set, seed int64) error {
	cfg.Data = dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, BatchSize: 10, Seed: seed})
	_, err := training.Fit(context.Background(), sess, cfg)
	return err
}

// evaluate returns the share of images whose greatest logit is that of their class.
func evaluate(sess *graph.Session, X, logits *gorgonia.Node, test *dataset.Set) (float64, error) {
	out, err := sess.Run(graph.Feeds{X: test.X}, logits)
	if err != nil {
		return 0, err
	}
	classes, err := tensor.Argmax(out.Tensor(0), 1)
	if err != nil {
		return 0, err
	}
	right := 0
	for i, label := range test.Labels() {
		if int64(classes.Data().([]int)[i]) == label {
			right++
		}
	}
	return float64(right) / float64(test.Len()), nil
}
