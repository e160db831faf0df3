package main

import (
	"context"
	"fmt"
	"os"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/zoo/finetune"
)

// candidate is a setting to try.
type candidate struct {
	words string
	set   func(c *finetune.Config)
}

// candidates are what is tried for a way.
func candidates(network, way string) []candidate {
	var all []candidate
	add := func(set func(c *finetune.Config), format string, args ...interface{}) {
		all = append(all, candidate{fmt.Sprintf(format, args...), set})
	}
	switch way {
	case frozen:
		for _, l2 := range []float64{0, 0.1, 1} {
			for _, epochs := range []int{30, 60, 120} {
				add(func(c *finetune.Config) { c.L2, c.Head.Epochs = l2, epochs }, "L2 %v, %d epochs", l2, epochs)
			}
		}
	case tuned:
		ends := map[string][]string{mobileNet: {"conv_pw_12_relu", "conv_pw_11_relu", "conv_pw_5_relu"}, squeezeNet: {"fire8/concat", "fire7/concat", "pool5"}}[network]
		for _, end := range ends {
			for _, rate := range []float64{1e-5, 1e-4} {
				add(func(c *finetune.Config) { c.Frozen, c.Tune.Rate = end, rate }, "above %s, rate %v", end, rate)
			}
		}
	case scratch:
		for _, rate := range []float64{1e-4, 1e-3} {
			add(func(c *finetune.Config) { c.Tune.Rate = rate }, "rate %v", rate)
		}
	}
	return all
}

// chooseSettings prints for each candidate the accuracy and the loss of a cross-validation by five folds of the training pictures.
func (o options) chooseSettings(ctx context.Context, network string) error {
	const folds = 5
	whole := o.config(network, frozen)
	whole.Validation = "" // never looked at
	data, err := finetune.Folders(ctx, whole)
	if err != nil {
		return err
	}
	all, err := dataset.Concat(data.Train, data.Validation)
	if err != nil {
		return err
	}
	all = dataset.Cache(all)
	kept, err := os.MkdirTemp("", "finetune-") // candidates share the features of the frozen layers
	if err != nil {
		return err
	}
	defer os.RemoveAll(kept)
	for _, way := range o.ways(network) {
		fmt.Printf("%s, %s: cross-validation by %d folds of %d pictures\n", network, way, folds, all.Len())
		for _, c := range candidates(network, way) {
			cfg := o.config(network, way)
			cfg.Cache = kept
			c.set(&cfg)
			accuracy, loss := 0.0, 0.0
			for i := range folds {
				train, held, err := dataset.KFold(all, dataset.KFoldConfig{Folds: folds, Stratified: true}, i)
				if err != nil {
					return err
				}
				cfg.Data = &finetune.Data{Train: train, Validation: held, Classes: data.Classes}
				report, err := finetune.Run(ctx, cfg)
				if err != nil {
					return err
				}
				share := float64(held.Len()) / float64(all.Len())
				accuracy += share * report.Validation.Accuracy
				loss += share * report.Validation.Loss
			}
			fmt.Printf("  %-35s accuracy %.4f, loss %.4f\n", c.words, accuracy, loss)
		}
	}
	return nil
}
