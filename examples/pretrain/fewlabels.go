package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/plexaura/plexaura/training/plots"
)

// perClass is how many images of each class have labels.
var perClass = []int{10, 20, 50, 100}

// units are the widths of the hidden layers.
func (o options) units() []int {
	if o.short {
		return []int{60, 40}
	}
	return []int{500, 250}
}

// steps are those of each training on images with labels. Their number was fixed beforehand, since there are too few labels to measure on.
func (o options) steps() int {
	if o.short {
		return 1000
	}
	return 2000
}

// fewLabels does all methods with all numbers of labels and every seed.
func (o options) fewLabels(ctx context.Context, data *images, r *report) error {
	var curves []plots.Series
	r.head()
	for _, m := range methods {
		accuracies := make([][]float64, len(perClass)) // by seed
		seconds := 0.0
		for i := range o.seeds {
			seed := o.seed + int64(i)
			got, took, err := o.method(ctx, m, data, seed)
			if err != nil {
				return fmt.Errorf("%s, seed %d: %w", m.name, seed, err)
			}
			for k, accuracy := range got {
				accuracies[k] = append(accuracies[k], accuracy)
			}
			seconds += took / float64(o.seeds)
		}
		curves = append(curves, r.row(m, accuracies, seconds))
	}
	if o.out == "" {
		return nil
	}
	p, err := plots.LearningCurves(curves, plots.CurvesConfig{Title: data.name + ", few labels", XLabel: "labels a class", YLabel: "test accuracy"})
	if err != nil {
		return err
	}
	return r.keep(filepath.Join(o.out, "labels.svg"), p)
}

// method does a method with one seed, and returns the accuracies with each number of labels and the seconds that the images without labels took.
func (o options) method(ctx context.Context, m method, data *images, seed int64) (accuracies []float64, seconds float64, err error) {
	k, err := o.learn(ctx, m, data, seed)
	if err != nil {
		return nil, 0, err
	}
	defer k.sess.Close()
	if k.report != nil && o.verbose {
		fmt.Printf("%s, seed %d:\n%v", m.name, seed, k.report)
	}
	for _, n := range perClass {
		few, err := data.few(n, seed)
		if err != nil {
			return nil, 0, err
		}
		accuracy, err := k.labelled(ctx, o, few, data.test, seed)
		if err != nil {
			return nil, 0, err
		}
		accuracies = append(accuracies, accuracy)
	}
	return accuracies, k.took.Seconds(), nil
}
